/* Firmware's ACPI tables, to be replaced by others. Sections are those of ACPI 6.5. */
#ifndef FAULTS_TABLES_H
#define FAULTS_TABLES_H

#include <efi.h>

#include <stddef.h>
#include <stdint.h>

/* 5.2.6 */
struct acpi_header {
    char signature[4];
    uint32_t length;
    uint8_t revision, checksum;
    char oem_id[6], oem_table_id[8];
    uint32_t oem_revision, creator_id, creator_revision;
};

_Static_assert(sizeof(struct acpi_header) == 36, "ACPI 6.5, 5.2.6");

/* 5.2.12: entries follow, each with its type and length first. */
struct madt {
    struct acpi_header header;
    uint32_t local_apic, flags;
    uint8_t entries[];
};

_Static_assert(offsetof(struct madt, entries) == 44, "ACPI 6.5, 5.2.12");

/* 5.2.12.2: Processor Local APIC */
struct madt_apic {
    uint8_t type, length, uid, apic_id;
    uint32_t flags;
};

_Static_assert(sizeof(struct madt_apic) == 8, "ACPI 6.5, 5.2.12.2");

/* 5.2.12.12: Processor Local x2APIC */
struct madt_x2apic {
    uint8_t type, length;
    uint16_t reserved;
    uint32_t apic_id, flags, uid;
};

_Static_assert(sizeof(struct madt_x2apic) == 16, "ACPI 6.5, 5.2.12.12");

/* 5.2.12.19: Multiprocessor Wakeup */
struct madt_wakeup {
    uint8_t type, length;
    uint16_t version;
    uint32_t reserved;
    uint64_t mailbox;
};

_Static_assert(sizeof(struct madt_wakeup) == 16, "ACPI 6.5, 5.2.12.19");

enum { MADT_APIC = 0, MADT_X2APIC = 9, MADT_WAKEUP = 0x10, MADT_ENABLED = 1 };

/* Memory for a table of `size` bytes, or NULL. */
void *acpi_pages(EFI_SYSTEM_TABLE *system, uint32_t size);

/* A copy of firmware's table with room for `room` more bytes, or NULL. Nobody knows it yet. */
void *acpi_copy(EFI_SYSTEM_TABLE *system, const char *signature, uint32_t room);

/* Sets the table's checksum. */
void acpi_seal(struct acpi_header *header);

/* Makes XSDT and RSDT point at `table` where they pointed at one of its signature; where neither
 * did, a longer XSDT points at it. */
EFI_STATUS acpi_publish(EFI_SYSTEM_TABLE *system, const struct acpi_header *table);

/* A copy of firmware's MADT with room for `room` more bytes, or NULL. Nobody knows it yet. */
struct madt *madt_copy(EFI_SYSTEM_TABLE *system, uint32_t room);

/* Adds an entry at the end; there must be room. */
void madt_append(struct madt *madt, const void *entry, uint32_t size);

/* Sets the table's checksum. */
void madt_seal(struct madt *madt);

/* Makes XSDT and RSDT point at `madt` where they pointed at firmware's. */
EFI_STATUS madt_publish(EFI_SYSTEM_TABLE *system, const struct madt *madt);

/* Entry of type `type`, the first at or behind `after` (NULL: the first of all), or NULL. */
void *madt_find(struct madt *madt, uint8_t type, const void *after);

#endif
