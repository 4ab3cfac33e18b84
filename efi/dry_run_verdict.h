/* A check's verdict in words, as --dry-run tells it. */
#ifndef EFI_DRY_RUN_VERDICT_H
#define EFI_DRY_RUN_VERDICT_H

#include "firmware.h"

#include <muster/verdict.h>

/* Prints one check in the way of TAP, `remark` behind a PASS; nothing for VERDICT_NONE. */
void dry_run_print_verdict(struct firmware *firmware, const char *id, enum verdict verdict,
                           const char *remark, const struct words *words);

#endif
