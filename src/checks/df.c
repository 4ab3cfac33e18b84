/*
 * df.*: double faults, by every way that needs no ring change (SDM vol. 3A, table 6-5).
 *
 * Each check arranges the CPU so that delivering a first exception raises a second, fires, records
 * what was delivered, and puts everything back. IF is off throughout: an interrupt on a ruined
 * stack would be a double fault of its own.
 */
#include "registers.h"
#include "shot.h"

enum { STORM = 10000 };

/* --- df.guard-page: #PF while delivering #PF ------------------------------------------------- */

static void df_stack_taken_away(struct cpu *cpu)
{
    cpu->tss->tss.ist[IST_DF - 1] = stack_top(cpu->index, STACK_PROBE);
}

static void df_stack_given_back(struct cpu *cpu)
{
    cpu->tss->tss.ist[IST_DF - 1] = stack_top(cpu->index, STACK_DF);
}

static void observe_guard_page(struct cpu *cpu, struct observation *ret)
{
    struct shot shot = {.fire = trigger_push, .argument = shot_stack_edge(cpu)};

    shot_want_df(cpu, &ret->probe, trigger_push_rip);
    ret->probe.want.rsp = shot_stack_edge(cpu);
    shot_want_guard_cr2(cpu, &ret->probe);
    if (cpu->planted) {
        shot.arrange = df_stack_taken_away;
        shot.undo = df_stack_given_back;
    }
    shot_take(cpu, &ret->probe, &shot);
}

/* --- df.stack-noncanonical: #SS while delivering #SS ------------------------------------------ */

/* #GP as well: QEMU raises it, where the manual has #SS, for a push to a non-canonical address.
 * Both are contributory, so the double fault that is looked for is the same. */
static void ss_ist(struct cpu *cpu, uint8_t ist)
{
    cpu->idt[VECTOR_SS].ist = ist;
    cpu->idt[VECTOR_GP].ist = ist;
}

static void ss_on_own_stack(struct cpu *cpu)
{
    ss_ist(cpu, IST_PROBE);
}

static void ss_on_running_stack(struct cpu *cpu)
{
    ss_ist(cpu, IST_NONE);
}

static void observe_stack_noncanonical(struct cpu *cpu, struct observation *ret)
{
    struct shot shot = {.fire = trigger_push, .argument = NONCANONICAL};

    shot_want_df(cpu, &ret->probe, trigger_push_rip);
    ret->probe.want.rsp = NONCANONICAL;
    if (cpu->planted) {
        shot.arrange = ss_on_own_stack;
        shot.undo = ss_on_running_stack;
    }
    shot_take(cpu, &ret->probe, &shot);
}

/* --- df.gate-absent-*: #NP while delivering #GP, #DE, #PF ------------------------------------- */

static void gp_absent(struct cpu *cpu)
{
    gate_absent(cpu, VECTOR_GP);
}

static void gp_present(struct cpu *cpu)
{
    gate_present(cpu, VECTOR_GP);
}

static void observe_gate_absent_gp(struct cpu *cpu, struct observation *ret)
{
    struct shot shot = {.fire = trigger_load, .argument = NONCANONICAL, .undo = gp_present};

    shot_want_df(cpu, &ret->probe, trigger_load_rip);
    if (!cpu->planted)
        shot.arrange = gp_absent;
    shot_take(cpu, &ret->probe, &shot);
}

static void de_absent(struct cpu *cpu)
{
    gate_absent(cpu, VECTOR_DE);
}

static void de_present(struct cpu *cpu)
{
    gate_present(cpu, VECTOR_DE);
}

static void observe_gate_absent_de(struct cpu *cpu, struct observation *ret)
{
    struct shot shot = {
        .fire = trigger_divide, .argument = shot_stack_middle(cpu), .undo = de_present};

    shot_want_df(cpu, &ret->probe, trigger_divide_rip);
    ret->probe.want.rsp = shot_stack_middle(cpu);
    if (!cpu->planted)
        shot.arrange = de_absent;
    shot_take(cpu, &ret->probe, &shot);
}

static void pf_absent(struct cpu *cpu)
{
    gate_absent(cpu, VECTOR_PF);
}

static void pf_present(struct cpu *cpu)
{
    gate_present(cpu, VECTOR_PF);
}

static void observe_gate_absent_pf(struct cpu *cpu, struct observation *ret)
{
    uint64_t unmapped = shot_stack_edge(cpu) - STACK_PAGE / 2;
    struct shot shot = {.fire = trigger_load,
                        .argument = cpu->planted ? unmapped + 8 : unmapped,
                        .arrange = pf_absent,
                        .undo = pf_present};

    shot_want_df(cpu, &ret->probe, trigger_load_rip);
    ret->probe.want.cr2 = unmapped;
    shot_take(cpu, &ret->probe, &shot);
}

/* --- df.ist-noncanonical: #SS while delivering #GP onto a bad IST ------------------------------
 */

static void gp_ist_bad(struct cpu *cpu)
{
    cpu->idt[VECTOR_GP].ist = IST_PROBE;
    if (!cpu->planted)
        cpu->tss->tss.ist[IST_PROBE - 1] = NONCANONICAL;
}

static void gp_ist_good(struct cpu *cpu)
{
    cpu->idt[VECTOR_GP].ist = IST_NONE;
    cpu->tss->tss.ist[IST_PROBE - 1] = stack_top(cpu->index, STACK_PROBE);
}

static void observe_ist_noncanonical(struct cpu *cpu, struct observation *ret)
{
    struct shot shot = {
        .fire = trigger_load, .argument = NONCANONICAL, .arrange = gp_ist_bad, .undo = gp_ist_good};

    shot_want_df(cpu, &ret->probe, trigger_load_rip);
    shot_take(cpu, &ret->probe, &shot);
}

/* --- df.idt-limit: #GP while delivering #GP beyond the IDT's limit -----------------------------
 */

static void idt_limit(struct cpu *cpu, uint32_t gates)
{
    struct table_register idtr = {.limit = (uint16_t)(gates * sizeof(struct gate) - 1),
                                  .base = (uintptr_t)cpu->idt};

    idtr_write(&idtr);
}

static void idt_ends_before_gp(struct cpu *cpu)
{
    idt_limit(cpu, VECTOR_GP);
}

static void idt_whole(struct cpu *cpu)
{
    idt_limit(cpu, IDT_GATES);
}

static void observe_idt_limit(struct cpu *cpu, struct observation *ret)
{
    struct shot shot = {.fire = trigger_load, .argument = NONCANONICAL, .undo = idt_whole};

    shot_want_df(cpu, &ret->probe, trigger_load_rip);
    if (!cpu->planted)
        shot.arrange = idt_ends_before_gp;
    shot_take(cpu, &ret->probe, &shot);
}

/* --- df.storm ----------------------------------------------------------------------------------
 */

static void observe_storm(struct cpu *cpu, struct observation *ret)
{
    struct shot shot = {.fire = trigger_storm,
                        .argument = shot_stack_edge(cpu),
                        .count = cpu->planted ? STORM - 1 : STORM,
                        .after_rip = (uintptr_t)trigger_storm_next};

    shot_want_df(cpu, &ret->probe, trigger_storm_rip);
    ret->probe.wanted = STORM;
    ret->probe.want.rsp = shot_stack_edge(cpu);
    shot_want_guard_cr2(cpu, &ret->probe);
    shot_take(cpu, &ret->probe, &shot);
}

static const struct check rows[] = {
    SHOT("df.guard-page",
         "a push onto the guard page (#PF while delivering #PF) double-faults onto this CPU's own "
         "#DF "
         "stack",
         DF_TABLE, "the probe stack in IST1", ROUNDS_ALSO_ALONE, observe_guard_page),
    SHOT("df.stack-noncanonical",
         "a push with a non-canonical RSP (#SS while delivering #SS) double-faults", DF_TABLE,
         "a stack of its own for #SS and #GP", ROUNDS_ALSO_ALONE, observe_stack_noncanonical),
    SHOT("df.gate-absent-gp", "#GP whose gate is absent (#NP while delivering #GP) double-faults",
         DF_TABLE, "a gate that is there", ROUNDS_ALSO_ALONE, observe_gate_absent_gp),
    SHOT("df.gate-absent-de", "#DE whose gate is absent (#NP while delivering #DE) double-faults",
         DF_TABLE, "a gate that is there", ROUNDS_ALSO_ALONE, observe_gate_absent_de),
    SHOT("df.gate-absent-pf",
         "#PF whose gate is absent (#NP while delivering #PF) double-faults, CR2 kept", DF_TABLE,
         "a fault at another address", ROUNDS_ALSO_ALONE, observe_gate_absent_pf),
    SHOT("df.ist-noncanonical", "#GP onto a non-canonical IST entry double-faults",
         DF_TABLE "; SDM vol. 3A, 6.14.5", "an IST entry that is good", ROUNDS_ALSO_ALONE,
         observe_ist_noncanonical),
    SHOT("df.idt-limit", "#GP beyond the IDT's limit double-faults through the gate within it",
         DF_TABLE "; SDM vol. 3A, 6.10", "a limit that is not lowered", ROUNDS_ALSO_ALONE,
         observe_idt_limit),
    SHOT("df.storm", "10,000 double faults on each CPU, all CPUs at once, each delivered exactly",
         DF_TABLE, "one double fault too few", ROUNDS_TOGETHER, observe_storm),
};

FAMILY(df_family, rows);
