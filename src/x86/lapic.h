/* The local APIC as it was handed over, and made quiet. */
#ifndef X86_LAPIC_H
#define X86_LAPIC_H

#include "apic.h"
#include <muster/lapic.h>

/* Records what the calling CPU's APIC holds. Not taken where it is off, or elsewhere than `apic`:
 * then nothing of it is mapped. Interrupts off. */
void lapic_take(const struct apic *apic, struct lapic_record *ret);

/* Masks every local interrupt source, AMD's extended ones and the one for corrected errors too, but
 * what leads to SMM: firmware may guard the temperature by it. Ends what is in service: nobody else
 * will. Interrupts off. */
void lapic_quiet(const struct apic *apic);

#endif
