/* fault.cp-ibt, df.gate-absent-cp: control-flow enforcement. With indirect-branch tracking on, an
 * indirect branch must lead to ENDBR64. It is on from the trigger's WRMSR to the handler's first
 * lines. */
#include "fault_case.h"
#include "offer.h"
#include "registers.h"

enum { S_CET_ENDBR_EN = 1 << 2, CP_ENDBRANCH = 3 /* the error code */ };

static const char *lacks_ibt(const struct cpu *cpu)
{
    (void)cpu;
    return offers_ibt() ? NULL : "the CPU does not offer CET's indirect-branch tracking";
}

static void cet_on(struct cpu *cpu)
{
    (void)cpu;
    msr_write(MSR_S_CET, 0); /* firmware may have left shadow stacks enabled there */
    cr4_write(cr4_read() | CR4_CET);
}

/* Off in the handler already (probe.c); here for a branch that went through. */
static void cet_off(struct cpu *cpu)
{
    (void)cpu;
    msr_write(MSR_S_CET, 0);
    cr4_write(cr4_read() & ~CR4_CET);
}

static void cet_on_gate_off(struct cpu *cpu)
{
    cet_on(cpu);
    if (!cpu->planted)
        gate_absent(cpu, VECTOR_CP);
}

static void cet_off_gate_on(struct cpu *cpu)
{
    cet_off(cpu);
    gate_present(cpu, VECTOR_CP);
}

/* #NP while delivering #CP, which is contributory (SDM vol. 3A, table 6-5). */
static void observe_gate_absent_cp(struct cpu *cpu, struct observation *ret)
{
    struct shot shot = {.fire = trigger_branch,
                        .argument = S_CET_ENDBR_EN,
                        .arrange = cet_on_gate_off,
                        .undo = cet_off_gate_on};

    shot_want_df(cpu, &ret->probe, trigger_branch_rip);
    ret->probe.skip = lacks_ibt(cpu);
    if (!ret->probe.skip)
        shot_take(cpu, &ret->probe, &shot);
}

#define CET "SDM vol. 1, 17.3; vol. 3A, 6.15 (#CP); APM vol. 2, 8.2.21 and 18"
static const struct check rows[] = {
    FAULT("cp-ibt",
          "with IBT on, a jump to no ENDBR64 is a fault: #CP, error code 3, at the target", CET,
          .vector = VECTOR_CP, .error = CP_ENDBRANCH, .class = CLASS_FAULT, .fire = trigger_branch,
          .rip = trigger_branch_rip, .argument = S_CET_ENDBR_EN, .arrange = cet_on, .undo = cet_off,
          .lacks = lacks_ibt),
    SHOT("df.gate-absent-cp", "#CP whose gate is absent (#NP while delivering #CP) double-faults",
         DF_TABLE, "a gate that is there", ROUNDS_ALSO_ALONE, observe_gate_absent_cp),
};

FAMILY(fault_cet_family, rows);
