/* Time in microseconds, from the TSC. */
#ifndef X86_CLOCK_H
#define X86_CLOCK_H

#include <stdint.h>

#include "apic.h"
#include <muster/handoff.h>

/* Until it has been measured, and where it cannot be: fast, so that waits get longer, never
 * shorter. */
#define CLOCK_ASSUMED_HZ UINT64_C(5000000000)

struct clock {
    uint64_t tsc_hz;
    const char *measured_by; /* "PM timer", "PIT", "CPUID 0x15", "assumed 5 GHz" */
};

/* Measures the TSC (and the APIC timer into `apic->timer_hz`) against the ACPI PM timer, else the
 * PIT: the median of five windows of 2 ms. Every wait is bounded in reads. BSP, interrupts off. */
void clock_measure(struct clock *ret, struct apic *apic, const struct platform_claim *platform);

uint64_t clock_us(const struct clock *clock, uint64_t tsc_ticks);
uint64_t clock_ticks(const struct clock *clock, uint64_t us);
/* Spins. For delays of at most some milliseconds. */
void clock_delay(const struct clock *clock, uint64_t us);

#endif
