/* Which two CPUs are put together, and when: each CPU has at most one partner in a round. Pure. */
#ifndef MUSTER_PAIR_PLAN_H
#define MUSTER_PAIR_PLAN_H

#include <stdint.h>

enum { PAIRS_ALL_MAX = 64, PAIRS_SAMPLE = 8, PAIR_NONE = 0xffffffff };
#define PAIRS_SEED UINT64_C(0x7061697273)

/*
 * Up to PAIRS_ALL_MAX CPUs: all pairs, by the circle method. One rank stands still, the others walk
 * round it, and who stands opposite is the partner.
 *
 * Beyond, a tree and a sample. In tree round k the partner is the rank with bit k the other way
 * round; clearing its bits leads every rank to rank 0. The sample is PAIRS_SAMPLE rounds of the
 * circle, drawn with PAIRS_SEED.
 */
struct pair_plan {
    uint32_t ranks, rounds;
    uint32_t tree_rounds; /* come first; 0: all pairs */
    uint32_t sample[PAIRS_SAMPLE];
};

/* `ranks`: how many CPUs take part, at least 1. */
void pair_plan_make(struct pair_plan *ret, uint32_t ranks);
/* The partner of `rank` in `round`, or PAIR_NONE. */
uint32_t pair_plan_partner(const struct pair_plan *plan, uint32_t round, uint32_t rank);
/* How many pairs there are in all rounds. */
uint32_t pair_plan_count(const struct pair_plan *plan);

#endif
