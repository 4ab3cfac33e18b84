/* SRAT and PPTT (ACPI 6.5, 5.2.16 and 5.2.30). The SRAT is firmware's own, changed; a PPTT is made
 * for the CPUs of the MADT. */
#include "spoil.h"
#include "tables.h"

#include <muster/memory.h>

enum {
    SECOND = 1,   /* APIC ID */
    PHANTOM = 99, /* an APIC ID and a UID that no machine of the tests has */
    APIC_AFFINITY = 0,
    SRAT_FIXED = 48,
    PPTT_REVISION = 3,
};

/* 5.2.16.1 */
struct srat_apic {
    uint8_t type, length, domain_low, apic_id;
    uint32_t flags;
    uint8_t eid, domain_high[3];
    uint32_t clock_domain;
};

_Static_assert(sizeof(struct srat_apic) == 16, "ACPI 6.5, 5.2.16.1");

/* 5.2.30.1 */
struct pptt_node {
    uint8_t type, length;
    uint16_t reserved;
    uint32_t flags, parent, uid, resources;
};

_Static_assert(sizeof(struct pptt_node) == 20, "ACPI 6.5, 5.2.30.1");

enum { PACKAGE = 1, UID_VALID = 2, LEAF = 8 };

/* --- SRAT --- */

static struct srat_apic *affinity_of(struct acpi_header *srat, uint8_t apic_id)
{
    uint8_t *const end = (uint8_t *)srat + srat->length;
    for (uint8_t *at = (uint8_t *)srat + SRAT_FIXED; at + 2 <= end && at[1] >= 2; at += at[1]) {
        struct srat_apic *entry = (struct srat_apic *)at;
        if (entry->type == APIC_AFFINITY && entry->apic_id == apic_id) {
            return entry;
        }
    }
    return NULL;
}

static EFI_STATUS publish(EFI_SYSTEM_TABLE *system, struct acpi_header *table)
{
    acpi_seal(table);
    return acpi_publish(system, table);
}

EFI_STATUS spoil_srat_missing(EFI_SYSTEM_TABLE *system)
{
    struct acpi_header *srat = acpi_copy(system, "SRAT", 0);
    struct srat_apic *entry = srat != NULL ? affinity_of(srat, SECOND) : NULL;
    if (entry == NULL) {
        return EFI_NOT_FOUND;
    }
    entry->flags = 0;
    return publish(system, srat);
}

static EFI_STATUS publish_with(EFI_SYSTEM_TABLE *system, uint8_t apic_id, uint32_t size)
{
    const struct srat_apic entry = {.type = APIC_AFFINITY,
                                    .length = sizeof(entry),
                                    .domain_low = 1,
                                    .apic_id = apic_id,
                                    .flags = 1};
    struct acpi_header *srat = acpi_copy(system, "SRAT", sizeof(entry));
    if (srat == NULL) {
        return EFI_NOT_FOUND;
    }
    memcpy((uint8_t *)srat + srat->length, &entry, size);
    srat->length += size;
    return publish(system, srat);
}

EFI_STATUS spoil_srat_phantom(EFI_SYSTEM_TABLE *system)
{
    return publish_with(system, PHANTOM, sizeof(struct srat_apic));
}

EFI_STATUS spoil_srat_twice(EFI_SYSTEM_TABLE *system)
{
    return publish_with(system, SECOND, sizeof(struct srat_apic));
}

EFI_STATUS spoil_srat_cut(EFI_SYSTEM_TABLE *system)
{
    return publish_with(system, PHANTOM, sizeof(struct srat_apic) / 2);
}

/* --- PPTT --- */

static struct pptt_node *node_add(struct acpi_header *pptt, uint32_t flags, uint32_t parent,
                                  uint32_t uid)
{
    struct pptt_node *node = (void *)((uint8_t *)pptt + pptt->length);
    *node =
        (struct pptt_node){.length = sizeof(*node), .flags = flags, .parent = parent, .uid = uid};
    pptt->length += sizeof(*node);
    return node;
}

static struct pptt_node *node_at(struct acpi_header *pptt, uint32_t number)
{
    return (struct pptt_node *)(pptt + 1) + number;
}

/* Node 0 is the package, the others are its leaves; NULL where there is no MADT. */
static struct acpi_header *pptt_make(EFI_SYSTEM_TABLE *system)
{
    struct madt *madt = madt_copy(system, 0);
    struct acpi_header *pptt =
        madt != NULL ? acpi_pages(system, madt->header.length * sizeof(struct pptt_node)) : NULL;
    if (pptt == NULL) {
        return NULL;
    }
    *pptt = madt->header;
    memcpy(pptt->signature, "PPTT", 4);
    pptt->revision = PPTT_REVISION;
    pptt->length = sizeof(*pptt);
    node_add(pptt, PACKAGE, 0, 0);
    for (const struct madt_apic *cpu = madt_find(madt, MADT_APIC, NULL); cpu != NULL;
         cpu = madt_find(madt, MADT_APIC, cpu + 1)) {
        node_add(pptt, LEAF | UID_VALID, sizeof(*pptt), cpu->uid);
    }
    return pptt;
}

EFI_STATUS spoil_pptt_good(EFI_SYSTEM_TABLE *system)
{
    struct acpi_header *pptt = pptt_make(system);
    return pptt != NULL ? publish(system, pptt) : EFI_NOT_FOUND;
}

/* A second package, behind all leaves, for the second half of them. */
EFI_STATUS spoil_pptt_halves(EFI_SYSTEM_TABLE *system)
{
    struct acpi_header *pptt = pptt_make(system);
    if (pptt == NULL) {
        return EFI_NOT_FOUND;
    }
    const uint32_t second = pptt->length,
                   nodes = (second - sizeof(*pptt)) / sizeof(struct pptt_node);
    node_add(pptt, PACKAGE, 0, 0);
    for (uint32_t n = 1 + nodes / 2; n < nodes; n++) {
        node_at(pptt, n)->parent = second;
    }
    return publish(system, pptt);
}

EFI_STATUS spoil_pptt_circle(EFI_SYSTEM_TABLE *system)
{
    struct acpi_header *pptt = pptt_make(system);
    if (pptt == NULL) {
        return EFI_NOT_FOUND;
    }
    node_at(pptt, 0)->parent = sizeof(*pptt) + sizeof(struct pptt_node);
    return publish(system, pptt);
}

EFI_STATUS spoil_pptt_range(EFI_SYSTEM_TABLE *system)
{
    struct acpi_header *pptt = pptt_make(system);
    if (pptt == NULL) {
        return EFI_NOT_FOUND;
    }
    node_at(pptt, 2)->parent = pptt->length + PHANTOM;
    return publish(system, pptt);
}

EFI_STATUS spoil_pptt_cut(EFI_SYSTEM_TABLE *system)
{
    struct acpi_header *pptt = pptt_make(system);
    if (pptt == NULL) {
        return EFI_NOT_FOUND;
    }
    pptt->length -= sizeof(struct pptt_node) / 2;
    return publish(system, pptt);
}

EFI_STATUS spoil_pptt_uid(EFI_SYSTEM_TABLE *system)
{
    struct acpi_header *pptt = pptt_make(system);
    if (pptt == NULL) {
        return EFI_NOT_FOUND;
    }
    node_at(pptt, 2)->uid = PHANTOM;
    return publish(system, pptt);
}

EFI_STATUS spoil_pptt_package(EFI_SYSTEM_TABLE *system)
{
    struct acpi_header *pptt = pptt_make(system);
    if (pptt == NULL) {
        return EFI_NOT_FOUND;
    }
    node_at(pptt, 0)->flags = 0;
    return publish(system, pptt);
}
