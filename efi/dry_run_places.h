/* The part of --dry-run about where the CPUs sit, and what the claims alone let be judged. */
#ifndef EFI_DRY_RUN_PLACES_H
#define EFI_DRY_RUN_PLACES_H

#include "firmware.h"

/* SRAT, PPTT, SMBIOS: whether there are any, and how much they hold. */
void dry_run_print_places(struct firmware *firmware, const struct claims *claims);
/* The tree, by MP Services' word. */
void dry_run_print_tree(struct firmware *firmware, const struct handoff *handoff);
/* The verdict of every chosen check that needs no door. */
void dry_run_print_verdicts(struct firmware *firmware, const struct handoff *handoff);

#endif
