/* The part of --dry-run that is about memory. */
#ifndef EFI_DRY_RUN_MEMORY_H
#define EFI_DRY_RUN_MEMORY_H

#include "firmware.h"

/* Prints what is below 1 MiB. */
void dry_run_print_memory(struct firmware *firmware, const struct handoff *handoff);

#endif
