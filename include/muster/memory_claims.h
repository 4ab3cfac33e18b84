/* What firmware says of memory besides the map: the Memory Attributes Table, and what must stay. */
#ifndef MUSTER_MEMORY_CLAIMS_H
#define MUSTER_MEMORY_CLAIMS_H

#include <stdint.h>

#include <muster/handoff.h>

/* Reads the Memory Attributes Table (UEFI 2.10, 4.6.4) of at most `size` readable bytes at `table`;
 * NULL: there is none. The entries are read when the header's numbers keep to `size`. Any phase. */
void attributes_read(const void *table, uint64_t size, struct attributes_claim *ret);

/* Remembers a place, unless it is at 0, empty or there is no room; place->what must outlive the
 * claim. */
void kept_add(struct kept_claim *kept, const struct kept_place *place);

/* Remembers each I/O APIC (type 1) of a MADT of `size` readable bytes (ACPI 6.5, 5.2.12.3). */
void kept_add_io_apics(struct kept_claim *kept, const void *madt, uint32_t size);

#endif
