/* What CPUID says of the CPU that asks; the instruction itself is the caller's. */
#ifndef MUSTER_CPUID_H
#define MUSTER_CPUID_H

#include <stdbool.h>
#include <stdint.h>

struct cpuid_result {
    uint32_t eax, ebx, ecx, edx;
};

typedef struct cpuid_result cpuid_reader(uint32_t leaf, uint32_t subleaf);
typedef uint64_t msr_reader(uint32_t msr);

/* The APIC ID of the CPU that `read` runs on: leaf 0x1F, else 0xB, else the 8 bits of leaf 1
 * (SDM vol. 2A, CPUID). Any phase. */
uint32_t cpuid_apic_id(cpuid_reader *read);

/* The name of the confidential-guest technology this CPU runs under, whose CPUs cannot be woken or
 * equipped by muster: "SEV-ES", "SEV-SNP" or "TDX"; else NULL. Reads MSR 0xC0010131 only where
 * CPUID says that the guest has it (APM vol. 2, 15.34.10; Intel TDX module, CPUID 0x21). */
const char *cpuid_confidential_guest(cpuid_reader *read, msr_reader *read_msr);

#endif
