/* A meeting: the CPUs at work wait for each other, halting, for a bounded time. */
#ifndef SMP_MEETING_H
#define SMP_MEETING_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;

struct meeting {
    volatile uint32_t came;
    volatile uint32_t held; /* meetings that all came to */
    volatile bool missed;   /* somebody did not come: no more meetings in this job */
    volatile uint32_t done; /* CPUs whose part is over, where a check lets others go on till then */
};

/* Returns when all CPUs that were sent to the running job have called this as often. False when
 * somebody did not within 5 s; then, and from then on, at once. The calling CPU at work; interrupts
 * are taken while it halts, and off on return. */
bool meet(struct cpu *cpu);
/* The same for the first `count` CPUs of these alone, who may have met all before and meet all
 * after. */
bool meet_first(struct cpu *cpu, uint32_t count);

#endif
