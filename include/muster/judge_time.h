/* The judges of tsc.*, timer.* and smi.*. Pure. */
#ifndef MUSTER_JUDGE_TIME_H
#define MUSTER_JUDGE_TIME_H

#include <muster/crowd.h>
#include <muster/judge.h>

judge judge_monotonic, judge_rate;
judge judge_timer, judge_timer_steps;
judge judge_smi_count;
judge_of_crowd judge_tsc_adjust, judge_invariant, judge_warp, judge_offset, judge_timer_rates,
    judge_gaps;

/* Whether two rates are more than `percent` apart, whatever their errors. */
bool rates_disagree(const struct rate *a, const struct rate *b, uint32_t percent);

#endif
