/* I/O APICs (82093AA datasheet, 3.0): recorded as they were handed over, and made quiet. */
#ifndef X86_IOAPIC_H
#define X86_IOAPIC_H

#include <muster/ioapic.h>

/* Records the I/O APIC that `claim` names, and masks what it finds unmasked, but for
 * what leads to SMM. Its page is mapped,
 * uncached. `ret->asked` is set; nothing happens where it was taken before. BSP. */
void ioapic_quiet(const struct ioapic_claim *claim, struct ioapic_record *ret);

#endif
