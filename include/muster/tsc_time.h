/* Ticks of a TSC as nanoseconds. Pure; any phase, any CPU. */
#ifndef MUSTER_TSC_TIME_H
#define MUSTER_TSC_TIME_H

#include <stdint.h>

/* 0 where the rate is below 1 kHz, which is none. Overflows for no number of ticks below 2^63. */
static inline uint64_t tsc_nanoseconds(uint64_t ticks, uint64_t tsc_hz)
{
    uint64_t khz = tsc_hz / 1000;

    return khz ? ticks / khz * 1000000 + ticks % khz * 1000000 / khz : 0;
}

#endif
