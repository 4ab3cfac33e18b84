/* What tsc.*, timer.* and smi.* measured, as numbers: told in the report, verdict or not. */
#ifndef MUSTER_TIME_FIGURES_H
#define MUSTER_TIME_FIGURES_H

#include <muster/observe_smi.h>
#include <muster/observe_timer.h>
#include <muster/observe_tsc.h>

/* All 0 where the check was not put. */
struct time_figures {
    struct rate rates[RATE_SOURCES]; /* tsc.rate */
    bool invariant;                  /* tsc.invariant: some CPU offers it */

    uint32_t offset_halves;  /* tsc.offset: pairs measured, times 2 */
    uint32_t offset_late;    /* … and given up, times 2 */
    struct obs_offset wide;  /* the CPU with the widest bounds in a pair, … */
    struct obs_offset apart; /* … and one that is apart from its partner; .apart is 0: none is */

    struct rate timer_slowest, timer_fastest; /* timer.rate */
    uint64_t timer_late_us;                   /* timer.*: the latest interrupt */

    struct obs_gaps gaps;              /* smi.gaps: of the CPU with the longest gap */
    bool smi_offered;                  /* smi.count: some CPU has a count */
    uint64_t smi_count, smi_rose_most; /* … the highest, and the most that one rose */
};

#endif
