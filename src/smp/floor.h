/* The floor under any bring-up, for benchmarks: INIT and SIPI until every AP has run one
 * instruction. */
#ifndef SMP_FLOOR_H
#define SMP_FLOOR_H

#include "fleet.h"

/* Broadcasts INIT and SIPI once and waits until `fleet->count - 1` APs have run one real-mode
 * instruction; microseconds, or 0 when they did not within a second, or when low memory has no page
 * to spare. Leaves them halted; the next INIT takes them on. BSP, before launch_all(). */
uint32_t floor_measure(struct fleet *fleet);

#endif
