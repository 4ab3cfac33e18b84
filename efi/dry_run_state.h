/* The dry run's words for the state in which firmware started the program. */
#ifndef EFI_DRY_RUN_STATE_H
#define EFI_DRY_RUN_STATE_H

#include "firmware.h"

/* The BSP's registers and MSRs at entry; zeros are left out. */
void dry_run_print_state(struct firmware *firmware, const struct state_record *entry);

#endif
