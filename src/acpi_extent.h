/* ACPI tables that are a list of entries, each with its type and length first: the checks of bounds
 * that SRAT and PPTT share. */
#ifndef MUSTER_ACPI_EXTENT_H
#define MUSTER_ACPI_EXTENT_H

#include <stdbool.h>

#include <muster/claims.h>

/* `size` bytes that may be read: a whole table, or one entry of it. */
struct acpi_extent {
    const uint8_t *bytes;
    uint32_t size;
};

struct acpi_kind {
    const char *signature;
    const char *check; /* that judges the notes */
    uint32_t fixed;    /* bytes before the first entry */
};

/* Cuts `table` to the length it states. False, with a note, where it is none of this kind; a wrong
 * checksum, or a length beyond what can be read, is a note only (ACPI 6.5, 5.2.6). */
bool acpi_extent_open(const struct acpi_kind *kind, struct acpi_extent *table, struct notes *notes);

/* Marks out the entry at `offset`, below table->size; false, with a note, where none can stand. */
bool acpi_extent_entry(const struct acpi_kind *kind, const struct acpi_extent *table,
                       uint32_t offset, struct notes *notes, struct acpi_extent *ret);

#endif
