/* The way from the RSDP to the tables muster reads, every step within memory that can be read. */
#ifndef MUSTER_ACPI_H
#define MUSTER_ACPI_H

#include <stdint.h>

#include <muster/claims.h>

/* Physical memory as the caller sees it: how many of `size` bytes at `address` can be read, and in
 * `ret` where. */
struct acpi_memory {
    uint64_t (*readable)(void *context, uint64_t address, uint64_t size, const uint8_t **ret);
    void *context;
};

struct acpi_table {
    const uint8_t *at; /* NULL: there is none */
    uint32_t size;     /* readable bytes: the table's own length, or less where memory ends first */
    uint64_t address;
};

struct acpi_tables {
    uint32_t revision; /* of the RSDP: 0 for ACPI 1.0 */
    struct acpi_table madt, fadt, spcr, srat, pptt, hpet;
};

/* Follows the RSDP at physical address `rsdp` through the XSDT, or the RSDT where there is no sound
 * XSDT, to the first table of each signature (ACPI 6.5, 5.2.5 to 5.2.8). Defects on the way become
 * notes for roll.madt: without these tables nothing says which CPUs exist. A FADT, SPCR or
 * HPET with a bad checksum is noted and left out; the MADT, SRAT and PPTT are handed over as they
 * are, for their readers to judge. Before the door. */
void acpi_find(const struct acpi_memory *memory, uint64_t rsdp, struct acpi_tables *ret,
               struct notes *notes);

#endif
