/* The platform's timer, which makes firmware's timer events come (PI 1.8 vol. 2, 12.11). */
#ifndef EFI_TIMER_H
#define EFI_TIMER_H

#include "firmware.h"

/* Stops the ticks, and takes the one that may be under way. At TPL_NOTIFY. No timer event comes
 * from here on. */
void boot_timer_stop(struct firmware *firmware);

/* Lets them go on where they were stopped. */
void timer_start(struct firmware *firmware);

#endif
