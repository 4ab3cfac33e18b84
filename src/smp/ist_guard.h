/* IST stacks in use: the CPU starts every delivery at the top of the stack that the IST entry
 * names, so a second exception on the same stack would overwrite the first one's frame (SDM vol.
 * 3A, 6.14.5). While a handler runs, its entry therefore points half a stack further down, and a
 * bit says so: a second entry is noticed, and finds the first frame whole. */
#ifndef SMP_IST_GUARD_H
#define SMP_IST_GUARD_H

#include "cpu.h"

/* How much further down a second exception on the same stack is delivered. */
enum { IST_GUARD_STEP = STACK_IST_PAGES * STACK_PAGE / 2 };

/* An exception has been delivered and its frame lies at `frame`. Returns the bit of the IST stack
 * that is in use from now on; 0 when it lies on no IST stack of this CPU, or on one that was in use
 * already, which cpu->stacks_reentered then tells. */
uint32_t ist_enter(struct cpu *cpu, uint64_t frame);
/* The handlers on these stacks (bits) have ended. */
void ist_leave(struct cpu *cpu, uint32_t stacks);

#endif
