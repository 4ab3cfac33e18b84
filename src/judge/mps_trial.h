/* Runs of a procedure on APs: who ran it, when, and what FailedCpuList said. */
#ifndef JUDGE_MPS_TRIAL_H
#define JUDGE_MPS_TRIAL_H

#include <muster/judge_mps.h>
#include <muster/text.h>

/* Fills expected and seen of `ret` and returns true when trial `call`, which returned with a status
 * it may have, did not go as that call must. */
bool mps_trial_wrong(const struct mps_record *record, enum mps_call call, struct words *ret);

/* Appends `before` and " processor 3" or " processors 1-3,7". */
void mps_print_processors(struct text *out, const char *before, const struct cpuset *set);

/* Fills both sides, always true. */
bool mps_wrong(struct words *ret, const char *expected, const char *seen);

#endif
