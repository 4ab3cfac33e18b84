/* The time-stamp counter in order with memory, and the MSRs that go with time. */
#ifndef X86_TSC_H
#define X86_TSC_H

#include "registers.h"

enum {
    TSC_MSR_SMI_COUNT = 0x34, /* Intel: SMIs since reset (SDM vol. 4, table 2-2 on) */
    TSC_MSR_DEADLINE = 0x6e0,
};

/* Read after everything that was loaded before, and before everything that is stored later. SDM
 * vol. 2B, RDTSC: "LFENCE immediately before"; MFENCE is for AMD CPUs whose LFENCE does not
 * serialize. */
static inline uint64_t tsc_read_ordered(void)
{
    __asm__ volatile("mfence; lfence" : : : "memory");
    uint64_t tsc = tsc_read();
    __asm__ volatile("" : : : "memory");
    return tsc;
}

#endif
