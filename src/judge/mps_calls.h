/* What each call of the protocol must return, by PI 1.8 vol. 2, 13.4. */
#ifndef JUDGE_MPS_CALLS_H
#define JUDGE_MPS_CALLS_H

#include <muster/judge_mps.h>
#include <muster/text.h>

/* Fills `ret` and returns FAIL for the first call of `check` that did not come back, or came back
 * with a status that it must not have; PASS when all that were made are as wanted; SKIP when none
 * was made. */
enum verdict mps_judge_statuses(const struct mps_record *record, enum mps_check check,
                                struct words *ret);

bool mps_status_allowed(enum mps_call call, uint8_t status);

/* "EFI_NOT_READY" */
const char *mps_status_name(uint8_t status);

#endif
