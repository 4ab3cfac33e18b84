/* The BSP's own state before and after a call, and what is known of EDK II. */
#ifndef JUDGE_MPS_STATE_H
#define JUDGE_MPS_STATE_H

#include <muster/judge_mps.h>

/* Each fills expected and seen of `ret` and returns true when something is wrong. */
bool mps_state_wrong(const struct mps_record *record, struct words *ret);
bool mps_switch_state_wrong(const struct mps_record *record, struct words *ret);

/* Whether what `check` found is exactly what EDK II is known to do, by its source; then ret->means
 * says so. */
bool mps_known_of_edk2(const struct mps_record *record, enum mps_check check, struct words *ret);

#endif
