/* One run of muster: everything it knows, from the door to the last line. */
#ifndef CHECKS_RUN_H
#define CHECKS_RUN_H

#include "check.h"
#include "fleet.h"
#include "recorder.h"
#include "sinks.h"
#include "spend.h"
#include "trampoline.h"
#include <muster/report.h>
#include <muster/self_test.h>

struct run {
    struct handoff *handoff;
    struct handoff *falsified; /* room for a copy with a planted defect; NULL without --break */
    struct fleet fleet;
    struct report report;
    struct report *into;        /* what verdicts go into: `report`, or, in the self-test, … */
    struct report trial;        /* … this: results and findings of one planting, and the lost */
    struct self_test self_test; /* report.self_test, where one is asked for */
    bool self_testing;          /* it goes on */
    uint64_t self_test_tsc;     /* when it began */
    uint32_t usual_victim;      /* fleet.victim of the checks before it */
    char stage_ids[STAGE_COUNT][OPTION_ID_MAX]; /* "up.gdt", as --break calls it */
    struct topology topology;
    struct sinks sinks;
    struct recorder recorder;
    struct slot *slots;
    bool planted;                /* the running check's defect */
    uint32_t planned[CHECK_MAX]; /* catalogue numbers, by result */
    struct cpuset examined;      /* CPUs that checks are put to, as --cpus says */
    uint64_t door_tsc;
    struct time_account time; /* what the BSP's time goes to, since the door */
    uint64_t told_ticks;      /* of it, what went to checks that have been told */
    bool arrivals_told;
    bool broken_off; /* the BSP itself met an unexpected exception */
    uint32_t ending; /* the next part of the report's end to tell */
    bool closed;     /* the last picture has been drawn */
    enum then end;   /* what --then or a person chose, once closed */
    uint32_t way;    /* the next way out to try */
};

/* Chooses the checks that --only, --skip and `needs` ask for, and those of every run; makes their
 * empty results. */
void plan_make(struct run *run);

/* Puts check after check to the CPUs, judges, and tells each result. BSP. */
void checks_run(struct run *run);

/* Puts check `result` once to `set`, whose CPUs are online, or judges what firmware said; its
 * verdict goes into run->into. */
void check_put(struct run *run, uint32_t result, const struct cpuset *set);

/* Lists what --self-test is to plant, where it is asked for. Phase: the plan is made. */
void self_test_prepare(struct run *run);
/* Plants the defect of each planned check in turn, where --self-test asks for it, and tells whether
 * the check saw it. Phase: the checks are over. */
void self_test_run(struct run *run);
/* Ends it after an unexpected exception on the BSP. */
void self_test_break_off(struct run *run);

/* Ends the checks after an unexpected exception on the BSP: the running one is an ERROR with the
 * last words, else the last; those not run yet are SKIP. */
void checks_break_off(struct run *run);

/* Each CPU of `lost` is lost for good, and fails check `result` in run->into. */
void lost_tell(struct run *run, uint32_t result, const struct cpuset *lost);

/* "RIP 0x…", and where in the program that is, if it is there: where the image lies is told nowhere
 * else. */
void last_words_place(const struct run *run, uint64_t rip, struct text *out);

/* The last words of `cpu` as a finding's words. */
void last_words_tell(const struct run *run, const struct cpu *cpu, struct words *ret);
/* What became of the BSP, which is not at work any more. */
void bsp_lost_tell(const struct run *run, const struct cpu *bsp, struct words *ret);
/* That `cpu` hung, and where if it could be asked. */
void hung_tell(const struct run *run, const struct cpu *cpu, struct words *ret);

/* What --then asks for; never returns. Phase: the report has ended. */
_Noreturn void leave(struct run *run);

#endif
