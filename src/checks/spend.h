/* The time account of the run that goes on: the BSP's own, by its TSC. */
#ifndef CHECKS_SPEND_H
#define CHECKS_SPEND_H

#include "registers.h"
#include <muster/time_account.h>

struct run;

/* From here on time goes to `use`; returns what it went to before, to be handed back at the end. */
static inline enum time_use spend(struct time_account *time, enum time_use use)
{
    return time_account_turn(time, use, tsc_read());
}

/* Ends what was spent on calling the CPUs when the last of them came: those that did not come were
 * waited for since. Phase: nobody is waited for any longer. */
void spend_waiting(struct run *run);

/* What the checks have taken since the last one was told is check `result`'s. */
void spend_told(struct run *run, uint32_t result);

/* Puts the account into the report: all of it, from the door until now. */
void spend_end(struct run *run);

#endif
