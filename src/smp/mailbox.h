/* The Multiprocessor Wakeup mailbox (ACPI 6.5, 5.2.12.19): how APs are called where INIT and SIPI
 * are not to be used. */
#ifndef SMP_MAILBOX_H
#define SMP_MAILBOX_H

#include "fleet.h"

/* Calls the CPUs of `aps` one after the other through the mailbox, then waits for all to report. A
 * CPU that does not acknowledge in time stays at STAGE_INIT_SENT, one that does not come at
 * STAGE_SIPI_SENT. BSP. */
void mailbox_call(struct fleet *fleet, const struct cpuset *aps, const char *break_id);

#endif
