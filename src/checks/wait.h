/* --then wait. */
#ifndef CHECKS_WAIT_H
#define CHECKS_WAIT_H

#include "run.h"

enum { WAIT_S = 600 };

/* Waits for a key on the serial line or a PS/2 keyboard, for WAIT_S seconds after the last one;
 * pages through the failures meanwhile. THEN_RESET or THEN_SHUTDOWN, as the key says. BSP, the
 * report has ended. */
enum then wait_for_person(struct run *run);

#endif
