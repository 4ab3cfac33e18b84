/* The judges of memory types and machine-check banks at hand-off. Pure. */
#ifndef MUSTER_JUDGE_MSR_H
#define MUSTER_JUDGE_MSR_H

#include <muster/crowd.h>
#include <muster/judge.h>

/* Every address has the same memory type on all CPUs, whichever registers give it. */
judge_of_crowd judge_mtrr_same;
/* The registers describe ranges that the manual defines. */
judge judge_mtrr_sound;
/* What the memory map calls memory is cached, what it calls a device is not: by CPU 0's registers.
 */
judge_of_crowd judge_mtrr_memory;

/* The MSRs of observation->msr_set hold the same on all CPUs of one core type. */
judge_of_crowd judge_msr_same;

/* As many banks, with the same abilities, on all CPUs of one core type. */
judge_of_crowd judge_mca_banks;
/* No machine check is in progress. */
judge judge_mca_status;
/* No bank holds an error that was not corrected. */
judge judge_mca_leftover;

#endif
