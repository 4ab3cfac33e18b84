/* The High Precision Event Timer that firmware names in ACPI's HPET table. */
#ifndef MUSTER_HPET_H
#define MUSTER_HPET_H

#include <stdint.h>

enum { HPET_BLOCK_SIZE = 1024 };

/* The physical address of the timer's registers, by an HPET table of `size` readable bytes; 0:
 * none that can be used. All chipsets have them below 4 GiB (IA-PC HPET 1.0a, 3.2.4). Any phase. */
uint64_t hpet_read(const void *table, uint32_t size);

/* Ticks a second, by the general capabilities register; 0: that is no HPET's (IA-PC HPET 1.0a,
 * 2.3.4: a period of at most 100000000 fs, and a revision that is not 0; none counts more than once
 * a nanosecond). */
uint64_t hpet_hz(uint64_t capabilities);

#endif
