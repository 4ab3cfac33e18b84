#include "shot.h"
#include "footprint.h"
#include "probe.h"
#include "registers.h"

uint64_t shot_stack_edge(const struct cpu *cpu)
{
    return stack_base(cpu->index, STACK_MAIN);
}

uint64_t shot_stack_middle(const struct cpu *cpu)
{
    return shot_stack_edge(cpu) + stack_size(STACK_MAIN) / 4;
}

void shot_want_df(const struct cpu *cpu, struct obs_probe *probe, const char *rip)
{
    *probe = (struct obs_probe){
        .wanted = 1,
        .fields = FAULT_ALL,
        .want = {.vector = VECTOR_DF,
                 .rip = (uintptr_t)rip,
                 .cs = SELECTOR_KERNEL_CODE,
                 .ss = SELECTOR_KERNEL_DATA,
                 .rflags = PROBE_RFLAGS,
                 .cr2 = CR2_UNTOUCHED,
                 .frame = stack_top(cpu->index, STACK_DF) - FRAME_WITH_ERROR,
                 .cpu = cpu->index},
        .dirty_wanted = 1u << STACK_DF,
    };
}

void shot_want_guard_cr2(const struct cpu *cpu, struct obs_probe *probe)
{
    probe->want.cr2 = shot_stack_edge(cpu) - 8;
    probe->want.cr2_slack = FRAME_WITH_ERROR;
}

void shot_take(struct cpu *cpu, struct obs_probe *probe, const struct shot *shot)
{
    struct cpu_state before, after;

    cpu_state_read(&before);
    cr2_write(CR2_UNTOUCHED);
    if (shot->arrange)
        shot->arrange(cpu);
    cpu->probe.inside = shot->inside;
    cpu->probe.inside_context = shot->inside_context;
    if (shot->ring3)
        ring3_run(cpu, shot->ring3, probe);
    else
        probe_run(cpu, shot->fire, shot->argument, shot->count, shot->after_rip, probe);
    cpu->probe.inside = NULL;
    if (shot->undo)
        shot->undo(cpu);
    cpu_state_read(&after);
    probe->changed |= cpu_state_compare(&before, &after);
    if (shot->ring3)
        ring3_heal(cpu);
}

void shot_settle_probe(struct cpu *cpu, struct obs_probe *probe)
{
    uint32_t depth[STACK_ID_COUNT];

    probe->dirty = footprint_read(cpu, depth);
    for (enum stack_id id = STACK_DF; id < STACK_ID_COUNT; id++) {
        if (probe->dirty_wanted >> id & 1 && depth[id] > probe->dirty_depth)
            probe->dirty_depth = depth[id];
    }
    footprint_keep(cpu, depth);
    footprint_clear(cpu, depth);
}

void shot_settle(struct cpu *cpu, struct observation *ret)
{
    shot_settle_probe(cpu, &ret->probe);
}

void gate_absent(struct cpu *cpu, uint32_t vector)
{
    cpu->idt[vector].type = GATE_ABSENT;
}

void gate_present(struct cpu *cpu, uint32_t vector)
{
    cpu->idt[vector].type = GATE_INTERRUPT;
}
