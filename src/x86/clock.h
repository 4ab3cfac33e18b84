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
    const char *measured_by; /* rate_name(), or "assumption" */
};

/* The TSC's rate by the first of enum rate_source that tells it, else CLOCK_ASSUMED_HZ; then the
 * APIC timer's, into `apic->timer_hz`, against the TSC: so that what was assumed makes its waits
 * longer, too. BSP, interrupts off, the HPET mapped. */
void clock_measure(struct clock *ret, struct apic *apic, const struct platform_claim *platform);

uint64_t clock_us(const struct clock *clock, uint64_t tsc_ticks);
uint64_t clock_ticks(const struct clock *clock, uint64_t us);
/* Spins. For delays of at most some milliseconds. */
void clock_delay(const struct clock *clock, uint64_t us);

#endif
