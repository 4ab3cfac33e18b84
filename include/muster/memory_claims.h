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

/* Falsifies what is known of memory so that the check `break_id` must fail; any other id changes
 * nothing. What is mapped after the door does not come from what is changed here.
 *
 * mem.low: all memory below 1 MiB is reserved.
 * mem.map: the last range is described twice.
 * mem.kept: the local APIC lies in muster's own memory.
 * mem.own: the range that holds the handoff is boot-services memory.
 * mem.runtime: the first free range is marked for runtime.
 * mem.attributes: the table's last entry lies where no runtime memory is.
 * mem.wx: the table's first entry is neither read-only nor no-execute. */
void memory_plant(const char *break_id, struct handoff *handoff);

#endif
