#include "ring3.h"
#include "install.h"
#include "registers.h"

static uint64_t or_else(uint64_t value, uint64_t otherwise)
{
    return value ? value : otherwise;
}

static struct ring3_entry entry_of(const struct cpu *cpu, const struct ring3 *way)
{
    return (struct ring3_entry){
        .rip = or_else(way->rip, user_address(cpu, way->code)),
        .cs = (way->compat ? SELECTOR_USER_CODE32 : SELECTOR_USER_CODE64) | SELECTOR_RPL,
        .rflags = or_else(way->rflags, PROBE_RFLAGS),
        .rsp = or_else(way->rsp, user_stack_top(cpu)),
        .ss = SELECTOR_USER_DATA | SELECTOR_RPL,
        .argument = way->argument,
        .count = way->count,
        .data = or_else(way->data, SELECTOR_USER_DATA | SELECTOR_RPL),
    };
}

void ring3_run(struct cpu *cpu, const struct ring3 *way, struct obs_probe *record)
{
    cpu->ring3 = entry_of(cpu, way);
    probe_run(cpu, trigger_ring3, (uintptr_t)&cpu->ring3, 0, 0, record);
    data_segments_write(SELECTOR_KERNEL_DATA);
}

void ring3_want(const struct cpu *cpu, const struct ring3 *way, uint32_t vector, uint64_t rip,
                struct obs_probe *record)
{
    struct ring3_entry entry = entry_of(cpu, way);
    bool soft = vector == VECTOR_RING3 || !vector_has_error_code(vector);

    *record = (struct obs_probe){
        .wanted = 1,
        .fields = FAULT_ALL,
        .want = {.vector = vector,
                 .soft = soft,
                 .rip = rip,
                 .cs = entry.cs,
                 .ss = entry.ss,
                 .rsp = entry.rsp,
                 .rflags = entry.rflags,
                 .cr2 = CR2_UNTOUCHED,
                 /* RSP is aligned to 16 before the CPU pushes (SDM vol. 3A, 6.14.2). */
                 .frame = (cpu->tss->tss.rsp[0] & ~UINT64_C(15)) - (soft ? 5 : 6) * 8,
                 .cpu = cpu->index},
        .dirty_wanted = 1u << STACK_RSP0,
    };
}

void ring3_want_interrupt(struct cpu *cpu, const struct ring3 *way, uint32_t vector,
                          struct obs_probe *record)
{
    ring3_want(cpu, way, vector, user_address(cpu, user_wait), record);
    record->want.rip_slack = (uint64_t)(user_wait_rip - user_wait);
    cpu->desk.interrupted = record;
}

void ring3_note(struct cpu *cpu, const struct exception_frame *frame)
{
    if (!cpu->desk.interrupted || !(frame->cs & SELECTOR_RPL))
        return;
    cpu->desk.in_ring3++;
    probe_note(cpu, frame, cpu->desk.interrupted);
}

void ring3_heal(const struct cpu *cpu)
{
    data_segments_write(SELECTOR_KERNEL_DATA);
    msr_write(MSR_GS_BASE, (uintptr_t)cpu);
    msr_write(MSR_KERNEL_GS_BASE, kernel_gs_of(cpu));
}
