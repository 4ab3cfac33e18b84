/* What the files of timer.* share: the local APIC timer of the calling CPU, armed and measured. */
#ifndef CHECKS_TIMER_ARM_H
#define CHECKS_TIMER_ARM_H

#include "check.h"
#include "offer.h"
#include "reference.h"
#include "tsc.h"

enum { TIMER_VECTOR = 0x40 };

/* Modes of the LVT timer entry (SDM vol. 3A, figure 11-8). */
enum {
    TIMER_ONE_SHOT = 0,
    TIMER_MASKED = 1 << 16,
    TIMER_PERIODIC = 1 << 17,
    TIMER_DEADLINE = 2 << 17,
};

/* Divide by 2^n, n from 0 to 7. */
enum { TIMER_DIVIDE_16 = 4 };

/* Writes entry, divider 16 and, but for a deadline, the count: that starts it. */
void timer_arm(struct cpu *cpu, uint32_t mode, uint32_t counts);
/* Masks it and stops it; what is pending stays so. */
void timer_stop(struct cpu *cpu);

/* Counts a second, times the divider 2^n, by the CPU's own TSC. 0: no window was short enough. */
struct rate timer_measure(struct cpu *cpu, uint32_t n);

observe timer_observe_steps;
void timer_tally_rate(const struct observation *seen, struct report *to);

#define TIMER(name, text, where, what, how)                                                        \
    .info = {.id = name,                                                                           \
             .claim = text,                                                                        \
             .source = where,                                                                      \
             .needs = "idt.loaded,gs.base",                                                        \
             .defect = what,                                                                       \
             .scope = SCOPE_EACH_CPU,                                                              \
             .hazard = how}

#endif
