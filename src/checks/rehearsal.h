/* Rehearsals: a CPU that crashes or hangs in the middle of a check or of bring-up, to see the run
 * survive it. */
#ifndef CHECKS_REHEARSAL_H
#define CHECKS_REHEARSAL_H

#include "fleet.h"

/* In place of a check: the APs have been called, and nobody has been counted. */
#define REHEARSAL_CALLING "calling"

/* No check: on the CPU's way up, when it is called first. */
#define REHEARSAL_COMING ""

/* What --break `id` makes a CPU do in the middle of `check`, or NULL. */
work *rehearsal_in(const char *check, const char *id);

/* Does what --break `id` asks for at `where`, which is no check. */
#define REHEARSAL_END   "end"
#define REHEARSAL_RESET "reset"
void rehearse(struct cpu *cpu, const char *where, const char *id);

/* Whether there is a rehearsal called `id`. */
bool rehearsal_exists(const char *id);

/* Whether `id` concerns the BSP instead of the usual victim. */
bool rehearsal_on_bsp(const char *id);

#endif
