/* ist.df-in-nmi, ist.nmi-in-df, ist.db-in-df: one exception in the handler of another, each on its
 * own stack; the second returns into the first, and the first to where it came from. */
#include "fault_triggers.h"
#include "registers.h"
#include "shot.h"

/* How an exception is raised, and what must come. */
struct raised {
    uint32_t vector, ist;
    void (*prepare)(struct cpu *cpu, struct shot *shot, struct obs_probe *probe);
};

static void df_prepare(struct cpu *cpu, struct shot *shot, struct obs_probe *probe)
{
    (void)probe;
    shot->fire = trigger_load;
    shot->argument = NONCANONICAL;
    gate_absent(cpu, VECTOR_GP);
}

static void nmi_prepare(struct cpu *cpu, struct shot *shot, struct obs_probe *probe)
{
    shot->fire = trigger_nmi;
    shot->argument = cpu->apic_id;
    shot->count = apic_aim_nmi(&cpu->fleet->apic, cpu->apic_id);
    probe->want.rip = (uintptr_t)trigger_nmi_rip;
    probe->want.rip_slack = (uint64_t)(trigger_nmi_end - trigger_nmi_rip);
}

static void db_prepare(struct cpu *cpu, struct shot *shot, struct obs_probe *probe)
{
    (void)cpu;
    shot->fire = trigger_step;
    probe->want.rip = (uintptr_t)trigger_step_rip;
    probe->want.rflags |= RFLAGS_TF;
}

static const struct raised df = {VECTOR_DF, IST_DF, df_prepare};
static const struct raised nmi = {VECTOR_NMI, IST_NMI, nmi_prepare};
static const struct raised db = {VECTOR_DB, IST_DB, db_prepare};

/* What a row of this file is about. */
struct nesting {
    const struct raised *outer, *inner;
};

static void prepare(struct cpu *cpu, const struct raised *raised, struct shot *shot,
                    struct obs_probe *probe)
{
    bool has_error = vector_has_error_code(raised->vector);

    shot_want_df(cpu, probe, trigger_load_rip);
    probe->want.vector = raised->vector;
    probe->want.soft = !has_error;
    probe->want.frame = stack_top(cpu->index, (enum stack_id)raised->ist) -
                        (has_error ? FRAME_WITH_ERROR : FRAME_WITHOUT_ERROR);
    raised->prepare(cpu, shot, probe);
}

static void undo(struct cpu *cpu)
{
    gate_present(cpu, VECTOR_GP);
    dr6_write(DR6_CLEAR);
}

/* In the outer one's handler. Delivery through IST may leave SS null or as it was: in between it is
 * what the inner one's frame is to hold. */
static void take_inner(struct cpu *cpu, void *context)
{
    const struct nesting *nesting = cpu->subject;
    struct obs_probe *probe = context;
    struct shot shot = {.undo = undo};

    ss_write(SELECTOR_KERNEL_DATA);
    prepare(cpu, nesting->inner, &shot, probe);
    shot_take(cpu, probe, &shot);
}

/* --break: both on one stack. */
static void observe_nested(struct cpu *cpu, struct observation *ret)
{
    const struct nesting *nesting = cpu->subject;
    struct obs_nested *seen = &ret->nested;
    struct gate *inner = &cpu->idt[nesting->inner->vector];
    struct shot shot = {.inside = take_inner, .inside_context = &seen->inner, .undo = undo};

    prepare(cpu, nesting->outer, &shot, &seen->outer);
    seen->outer.dirty_wanted = 1u << nesting->outer->ist | 1u << nesting->inner->ist;
    if (cpu->planted)
        inner->ist = (uint8_t)nesting->outer->ist;
    shot_take(cpu, &seen->outer, &shot);
    inner->ist = (uint8_t)nesting->inner->ist;
}

static void settle_nested(struct cpu *cpu, struct observation *ret)
{
    shot_settle_probe(cpu, &ret->nested.outer);
}

#define NESTED(name, text, out, in)                                                                \
    {                                                                                              \
        .info = {.id = "ist." name,                                                                \
                 .claim = text,                                                                    \
                 .source = "SDM vol. 3A, 6.7.1, 6.14.5 and 6.15; APM vol. 2, 8.9.4",               \
                 .needs = SHOT_NEEDS,                                                              \
                 .defect = "one IST stack for both",                                               \
                 .scope = SCOPE_EACH_CPU,                                                          \
                 .hazard = HAZARD_TAKES_FAULT},                                                    \
        .rounds = ROUNDS_ALSO_ALONE, .subject = &(const struct nesting){&(out), &(in)},            \
        .planting = PLANTED_INSIDE, .observe = observe_nested, .settle = settle_nested,            \
        .judge = judge_nested                                                                      \
    }

static const struct check rows[] = {
    NESTED("df-in-nmi", "a double fault in the NMI handler comes on its own stack and returns", nmi,
           df),
    NESTED("nmi-in-df", "an NMI in the double-fault handler comes on its own stack and returns", df,
           nmi),
    NESTED("db-in-df", "a single step in the double-fault handler comes on its own stack", df, db),
};

FAMILY(ist_nested_family, rows);
