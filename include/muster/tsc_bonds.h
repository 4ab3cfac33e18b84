/* Which CPUs keep the same time: what pairs of them showed, put together. Pure. */
#ifndef MUSTER_TSC_BONDS_H
#define MUSTER_TSC_BONDS_H

#include <muster/observe_tsc.h>

/* Where the record of CPU 0 lies; the others' lie `stride` bytes apart. */
struct tsc_bonds {
    void *first;
    uint32_t stride;
};

/* Makes the record of `cpu` an empty one. */
void tsc_bond_clear(struct obs_offset *ret, uint32_t cpu);

/* The TSC of `b` was found to be from `low` to `high` ticks ahead of that of `a`. */
void tsc_bond(const struct tsc_bonds *bonds, uint32_t a, uint32_t b, int64_t low, int64_t high);

/* The pair could not be measured. */
void tsc_bond_late(const struct tsc_bonds *bonds, uint32_t a, uint32_t b);

/* The one CPU that stands for all that keep the same time as `cpu`. */
uint32_t tsc_bond_root(const struct tsc_bonds *bonds, uint32_t cpu);

#endif
