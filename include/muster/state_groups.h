/* What the CPUs were handed over with, as a list of values and of the CPUs that have each. */
#ifndef MUSTER_STATE_GROUPS_H
#define MUSTER_STATE_GROUPS_H

#include <muster/cpuset.h>
#include <muster/state.h>

enum { STATE_GROUPS_MAX = 512 };

struct state_group {
    uint32_t slot; /* enum state_slot */
    uint64_t value;
    struct cpuset cpus;
};

struct state_groups {
    uint32_t count;
    struct state_group list[STATE_GROUPS_MAX];
};

/* Takes the CPUs with the value of the first of `rest` that has one in `slot` out of `rest` into
 * `ret`; false where none has. `records` by CPU index. Pure. */
bool state_group_take(const struct state_record *records, uint32_t slot, struct cpuset *rest,
                      struct state_group *ret);

#endif
