#include "fault_mix.h"
#include "registers.h"

enum { TURNS = 2000 };

static void want_plain(const struct cpu *cpu, struct obs_probe *probe, uint32_t vector,
                       const char *rip)
{
    shot_want_df(cpu, probe, rip);
    probe->want.vector = vector;
    probe->want.frame = 0;
    probe->dirty_wanted = 0;
}

static struct shot shoot_ud(const struct cpu *cpu, struct obs_probe *probe)
{
    want_plain(cpu, probe, VECTOR_UD, trigger_undefined_rip);
    probe->want.soft = true;
    return (struct shot){.fire = trigger_undefined};
}

static struct shot shoot_de(const struct cpu *cpu, struct obs_probe *probe)
{
    want_plain(cpu, probe, VECTOR_DE, trigger_divide_rip);
    probe->want.soft = true;
    probe->want.rsp = shot_stack_middle(cpu);
    return (struct shot){.fire = trigger_divide, .argument = shot_stack_middle(cpu)};
}

static struct shot shoot_gp(const struct cpu *cpu, struct obs_probe *probe)
{
    want_plain(cpu, probe, VECTOR_GP, trigger_load_rip);
    return (struct shot){.fire = trigger_load, .argument = NONCANONICAL};
}

/* Error code 0: a read, in ring 0, of a page that is not there. */
static struct shot shoot_pf(const struct cpu *cpu, struct obs_probe *probe)
{
    uint64_t unmapped = shot_stack_edge(cpu) - STACK_PAGE / 2;

    want_plain(cpu, probe, VECTOR_PF, trigger_load_rip);
    probe->want.cr2 = unmapped;
    return (struct shot){.fire = trigger_load, .argument = unmapped};
}

static struct shot shoot_df(const struct cpu *cpu, struct obs_probe *probe)
{
    shot_want_df(cpu, probe, trigger_push_rip);
    probe->want.rsp = shot_stack_edge(cpu);
    shot_want_guard_cr2(cpu, probe);
    return (struct shot){.fire = trigger_push, .argument = shot_stack_edge(cpu)};
}

static const struct ring3 into_wait = {
    .code = user_wait, .count = TURNS, .rflags = PROBE_RFLAGS | RFLAGS_IF};

static struct shot shoot_ring3(const struct cpu *cpu, struct obs_probe *probe)
{
    ring3_want(cpu, &into_wait, VECTOR_RING3, user_address(cpu, user_wait_rip), probe);
    return (struct shot){.ring3 = &into_wait};
}

/* The first interrupt of ring 3 that was not as it should be stands for the whole. */
static void take_interrupted(struct cpu *cpu, const struct shot *shot, struct obs_probe *probe)
{
    struct obs_probe interrupt;

    ring3_want_interrupt(cpu, &into_wait, MIX_INTERRUPT, &interrupt);
    shot_take(cpu, probe, shot);
    cpu->desk.interrupted = NULL;
    if (interrupt.differs || interrupt.changed) {
        interrupt.wanted = interrupt.came;
        *probe = interrupt;
    }
}

bool fault_mix_take(struct cpu *cpu, enum storm_kind kind, struct obs_probe *probe,
                    void (*arrange)(struct cpu *cpu), void (*undo)(struct cpu *cpu))
{
    struct shot shot;

    switch (kind) {
    case STORM_UD:
        shot = shoot_ud(cpu, probe);
        break;
    case STORM_DE:
        shot = shoot_de(cpu, probe);
        break;
    case STORM_GP:
        shot = shoot_gp(cpu, probe);
        break;
    case STORM_PF:
        shot = shoot_pf(cpu, probe);
        break;
    case STORM_DF:
        shot = shoot_df(cpu, probe);
        break;
    default:
        shot = shoot_ring3(cpu, probe);
    }
    shot.arrange = arrange;
    shot.undo = undo;
    if (shot.ring3)
        take_interrupted(cpu, &shot, probe);
    else
        shot_take(cpu, probe, &shot);
    return probe->came == probe->wanted && !probe->differs && !probe->changed;
}
