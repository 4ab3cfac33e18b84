/* The pages below 1 MiB: does what was written there stay? */
#ifndef SMP_LOW_WATCH_H
#define SMP_LOW_WATCH_H

#include "fleet.h"
#include <muster/observe_mem.h>

/* Remembers the trampoline's page as it is now. BSP, after trampoline_lay(). */
void low_watch_begin(struct fleet *fleet);

/* Compares all pages with what must stand there; what the trampoline itself writes, and the log of
 * arrivals, may change. BSP. */
void low_watch_look(const struct fleet *fleet, struct low_change *ret);

#endif
