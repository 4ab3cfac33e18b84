/* The part of --dry-run that is about CPUs. */
#ifndef EFI_DRY_RUN_ROLL_H
#define EFI_DRY_RUN_ROLL_H

#include "firmware.h"

/* Prints a row for each CPU with what each source claims of it, a row for each claim that no CPU of
 * the inventory stands for, and what each source says of itself. */
void dry_run_print_roll(struct firmware *firmware, const struct handoff *handoff);

#endif
