/* Numbers that look random and are the same in every run: a finding can be made again. */
#ifndef MUSTER_RANDOM_H
#define MUSTER_RANDOM_H

#include <stdint.h>

/* Any seed but 0 (xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift
 * generators, scrambled"). */
static inline uint64_t random_next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

/* Below `limit`, which is not 0. */
static inline uint32_t random_below(uint64_t *state, uint32_t limit)
{
    return (uint32_t)((random_next(state) >> 32) % limit);
}

#endif
