/* One defect planted on purpose: does its check see it, and is the check itself again afterwards?
 */
#ifndef CHECKS_PLANTING_H
#define CHECKS_PLANTING_H

#include "run.h"

/* One defect and the check that is to see it. */
struct trial {
    struct run *run;
    uint32_t n; /* the number of the planting, and of the check in the report */
    const struct check *check;
    const struct check_result *before; /* what the check found by itself */
    struct planting *planting;
};

struct trial trial_of(struct run *run, uint32_t n);

/* CPUs that the check can still be put to: those that answered for it, or, where it could ask none,
 * all; none where it asks no CPU. */
struct cpuset trial_cpus(const struct trial *trial);

/* Plants the defect on `victim`, or, where it is CPU_NONE, among what firmware said; puts the
 * check, heals, puts it again; notes what came of it. BSP, in the self-test. */
void trial_plant(const struct trial *trial, uint32_t victim);

/* Notes CPUs that the defect is not planted on; none: nothing. BSP, in the self-test. */
void trial_leave_out(const struct trial *trial, enum untested why, uint32_t cpus);

#endif
