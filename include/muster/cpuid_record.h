/* All of CPUID as one CPU answers it: taken once, compared with the others'. */
#ifndef MUSTER_CPUID_RECORD_H
#define MUSTER_CPUID_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/cpuid.h>

enum cpuid_register { CPUID_EAX, CPUID_EBX, CPUID_ECX, CPUID_EDX, CPUID_REGISTERS };

struct cpuid_row {
    uint32_t leaf, subleaf;
    uint32_t value[CPUID_REGISTERS];
};

enum { CPUID_ROWS_MAX = 96 };

/* In rising order of leaf and subleaf; what answers nothing but zeros is left out. */
struct cpuid_record {
    uint32_t count;
    uint32_t beyond; /* rows that did not fit */
    struct cpuid_row rows[CPUID_ROWS_MAX];
};

/* Asks `read` for every leaf and subleaf there is, hypervisor leaves apart. Any CPU. */
void cpuid_record_take(struct cpuid_record *ret, cpuid_reader *read);

/* What this CPU answered; zeros where it answered none. */
struct cpuid_row cpuid_record_find(const struct cpuid_record *record, uint32_t leaf,
                                   uint32_t subleaf);

/* The bits that should be the same on all CPUs of one core type: not those that tell who the CPU
 * is, or what has been switched on; on a hybrid machine, no caches. */
uint32_t cpuid_compared_bits(uint32_t leaf, uint32_t subleaf, enum cpuid_register which,
                             bool hybrid);

/* "EAX" */
const char *cpuid_register_name(enum cpuid_register which);

#endif
