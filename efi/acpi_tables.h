/* The ACPI tables as firmware publishes them, and the claims in its MADT. */
#ifndef EFI_ACPI_TABLES_H
#define EFI_ACPI_TABLES_H

#include "firmware.h"

#include <muster/acpi.h>

/* Finds MADT, FADT, SPCR, SRAT, PPTT and HPET through the configuration table: the ACPI 2.0 RSDP,
 * else the 1.0 one (UEFI 2.10, 4.6). `map` bounds what is read. What is missing or defective
 * becomes a note. */
void acpi_tables_find(const struct firmware *firmware, const struct memory_map *map,
                      struct acpi_tables *ret, struct notes *notes);

/* Reads the MADT into `ret`, where there is one. */
void acpi_tables_read_madt(const struct acpi_tables *tables, struct madt_claims *ret,
                           struct notes *notes);

/* Reads SRAT and PPTT where there are any. */
void acpi_tables_read_places(const struct acpi_tables *tables, struct claims *ret);
/* Where the HPET's registers are, or 0: it is not taken where memory is, which would be mapped as a
 * device then. */
uint64_t acpi_tables_read_hpet(const struct acpi_tables *tables, const struct memory_map *map,
                               struct notes *notes);

#endif
