/* --dry-run: what firmware claims, and what muster would do with it. */
#ifndef EFI_DRY_RUN_H
#define EFI_DRY_RUN_H

#include "firmware.h"
#include "refusal.h"

/* Prints every claim and decision in the handoff. `refusal` is why a run would not leave boot
 * services; its message is empty where it would. */
void dry_run_print(struct firmware *firmware, const struct handoff *handoff,
                   const struct refusal *refusal);

#endif
