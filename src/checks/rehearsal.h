/* Rehearsals: a CPU that crashes or hangs in the middle of a check or of bring-up, to see the run
 * survive it. */
#ifndef CHECKS_REHEARSAL_H
#define CHECKS_REHEARSAL_H

#include "fleet.h"

/* Places that are no check: */
#define REHEARSAL_COMING  ""        /* an AP on its way up, when it is called first */
#define REHEARSAL_CALLING "calling" /* the APs have been called, and nobody has been counted */
#define REHEARSAL_END     "end"     /* the checks are over */
#define REHEARSAL_RESET   "reset"   /* before each way of resetting but the last */

/* What --break `id` makes a CPU do in the middle of a check, or at one of these places; or NULL. */
work *rehearsal_in(const char *where, const char *id);

/* Does it. */
void rehearse(struct cpu *cpu, const char *where, const char *id);

/* Whether there is a rehearsal called `id`. */
bool rehearsal_exists(const char *id);

/* The check it happens in, or one of the places above; `id` itself where there is none. */
const char *rehearsal_where(const char *id);

/* Whether `id` concerns the BSP instead of the usual victim. */
bool rehearsal_on_bsp(const char *id);

#endif
