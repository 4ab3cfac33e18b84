/* fault.rf: RFLAGS.RF in the frame of every exception that fault.* takes, one after the other.
 * Aborts (#DF, #MC) are not among them: SDM vol. 3B, 18.3.1.1 speaks of faults, traps and
 * interrupts alone, and APM vol. 2, 3.1.6 of what is normal. */
#include "fault_case.h"
#include "offer.h"
#include <muster/text.h>

static const struct check_family *const families[] = {&fault_family, &fault_segment_family,
                                                      &fault_page_family, &fault_user_family};

enum { FAMILIES = sizeof families / sizeof families[0] };

/* A trap in the place of the first fault: RF is clear, and the vector another. */
static const struct fault_case trap = {
    .vector = VECTOR_BP, .class = CLASS_TRAP, .fire = trigger_int3, .rip = trigger_int3_rip};

static void take_one(struct cpu *cpu, const struct fault_case *fault, struct obs_rf *ret)
{
    const struct fault_case *fire = cpu->planted && !ret->count ? &trap : fault;
    struct obs_probe probe;

    fault_case_take(cpu, fire, &probe);
    /* What comes otherwise, or not at all, is told by its own check. */
    if (probe.skip || probe_deviates(&probe) || ret->count == RF_CASES_MAX)
        return;
    /* "When an exception occurs the processor normally sets RF" (APM vol. 2, 3.1.6): traps are left
     * open. */
    if (fault->class == CLASS_TRAP && follows_apm())
        return;
    ret->cases[ret->count++] = (struct rf_case){
        .want_vector = (uint8_t)fault->vector,
        .seen_vector = probe.came ? (uint8_t)probe.seen.vector : RF_NOTHING_CAME,
        .want_rf = fault->class == CLASS_FAULT,
        .seen_rf = probe.seen.rf,
    };
}

static void observe_rf(struct cpu *cpu, struct observation *ret)
{
    for (uint32_t family = 0; family < FAMILIES; family++) {
        for (uint32_t n = 0; n < families[family]->count; n++)
            take_one(cpu, families[family]->checks[n].subject, &ret->rf);
    }
    ret->rf.tcg = under_tcg();
}

static void remark_rf(const struct fleet *fleet, const struct cpuset *examined, struct text *out)
{
    (void)fleet;
    (void)examined;
    if (follows_apm())
        text_add(out, "traps are left open (APM vol. 2, 3.1.6)");
}

/* Nothing is said of stacks here; their paint is renewed all the same. */
static void settle_rf(struct cpu *cpu, struct observation *ret)
{
    struct obs_probe unused = {0};

    (void)ret;
    shot_settle_probe(cpu, &unused);
}

static const struct check rows[] = {
    {.info = {.id = "fault.rf",
              .claim = "RFLAGS.RF is set in the frame of every fault, and clear in that of a trap, "
                       "an interrupt and an instruction breakpoint",
              .source = "SDM vol. 3B, 18.3.1.1; APM vol. 2, 3.1.6",
              .needs = SHOT_NEEDS,
              .defect = "a trap in the place of the first fault",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_TAKES_FAULT},
     .planting = PLANTED_INSIDE,
     .observe = observe_rf,
     .settle = settle_rf,
     .judge = judge_rf,
     .remark = remark_rf},
};

FAMILY(fault_rf_family, rows);
