/* Turns: where QEMU's software emulation would starve CPUs that all do something at once, a few do
 * it while the others wait, halting, for a bounded time. On a machine nobody waits. */
#ifndef SMP_TURN_H
#define SMP_TURN_H

#include <stdint.h>

struct cpu;

struct turns {
    volatile uint32_t taken; /* tickets given out in the running job, … */
    volatile uint32_t over;  /* … and turns that have ended */
};

/* Returns when fewer than `most` of those who came earlier are still at it, or after 5 s: somebody
 * may hang; elsewhere than under that emulation at once. The calling CPU at work; interrupts are
 * taken while it halts, and off on return. */
void turn_begin(struct cpu *cpu, uint32_t most);
/* Once for each turn_begin(). */
void turn_end(struct cpu *cpu);

#endif
