/* state.lapic-…, state.lint and state.ioapic: what could still interrupt when the CPUs were handed
 * over. */
#ifndef MUSTER_OBSERVE_APIC_H
#define MUSTER_OBSERVE_APIC_H

#include <muster/lapic.h>

struct ioapic_record;

struct obs_lapic {
    struct lapic_record record;
};

struct obs_ioapic {
    const struct ioapic_record *records; /* by number in claims->madt.ioapics; CPU 0's alone */
};

#endif
