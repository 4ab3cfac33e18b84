/* What timer.* record. Included by observation.h. */
#ifndef MUSTER_OBSERVE_TIMER_H
#define MUSTER_OBSERVE_TIMER_H

#include <stdint.h>

#include <muster/observe_tsc.h>

/* timer.rate, timer.divide: counts a second of the APIC timer times its divider, by own TSC */
enum { TIMER_DIVIDERS = 8 };

struct timer_step {
    uint32_t want, seen; /* the divide register, as written and as read */
    struct rate rate;    /* 0: no window was short enough to tell */
};

struct obs_timer_steps {
    uint32_t percent;                        /* RATE_PERCENT… */
    struct timer_step steps[TIMER_DIVIDERS]; /* divide by 1, 2, 4 … 128 */
    uint64_t crystal_hz;                     /* CPUID 0x15; 0: not told */
};

/* timer.one-shot, timer.periodic, timer.masked, timer.deadline */
struct obs_timer {
    uint32_t unasked;       /* enum unasked */
    uint32_t wanted, came;  /* interrupts, until the timer was stopped */
    uint32_t after;         /* that came when it had been stopped, or could deliver none */
    uint32_t early;         /* of those that came: the first that came too early, from 1; 0: none */
    uint64_t due_ns, at_ns; /* when that one was due and when it came, since the timer was armed */
    uint64_t late_us;       /* how long past its time the latest came: a figure, no fault */
    uint64_t left;          /* current count when all was over */
};

#endif
