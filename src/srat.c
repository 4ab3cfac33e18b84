/* The SRAT: like the MADT, a list of entries with type and length first. Sections are those of ACPI
 * 6.5. */
#include <muster/bytes.h>
#include <muster/claims.h>

#include "acpi_extent.h"

#define SRAT_CHECK "roll.srat" /* the check that judges the notes taken here */

enum {
    SRAT_FIXED = 48, /* 5.2.16, table 5.55: header, and 12 reserved bytes */
    APIC_AFFINITY = 0,
    X2APIC_AFFINITY = 2,
    FLAG_ENABLED = 1,
};

static void add_cpu(struct srat_claims *ret, struct srat_claim claim)
{
    if (ret->count == CPU_MAX) {
        ret->beyond++;
        return;
    }
    ret->cpus[ret->count++] = claim;
}

/* 5.2.16.1: the domain's upper 24 bits stand apart from its lower 8. */
static void read_apic(const uint8_t *entry, struct srat_claims *ret)
{
    add_cpu(ret, (struct srat_claim){
                     .apic_id = entry[3],
                     .domain =
                         entry[2] | (uint32_t)entry[9] << 8 | (uint32_t)bytes_u16(entry + 10) << 16,
                     .type = APIC_AFFINITY,
                     .enabled = (bytes_u32(entry + 4) & FLAG_ENABLED) != 0,
                 });
}

/* 5.2.16.3 */
static void read_x2apic(const uint8_t *entry, struct srat_claims *ret)
{
    add_cpu(ret, (struct srat_claim){
                     .apic_id = bytes_u32(entry + 8),
                     .domain = bytes_u32(entry + 4),
                     .type = X2APIC_AFFINITY,
                     .enabled = (bytes_u32(entry + 12) & FLAG_ENABLED) != 0,
                 });
}

/* Of the types a PC may have, those about CPUs; others are passed over. */
static void read_entry(const struct acpi_extent *entry, uint32_t offset, struct srat_claims *ret,
                       struct notes *notes)
{
    static const uint8_t lengths[] = {[APIC_AFFINITY] = 16, [X2APIC_AFFINITY] = 24};
    const uint8_t type = entry->bytes[0];
    if (type != APIC_AFFINITY && type != X2APIC_AFFINITY) {
        return;
    }
    if (entry->size < lengths[type]) {
        note_add(notes, SRAT_CHECK,
                 "SRAT entry at offset 0x%x: affinity of a CPU (type 0x%x) of %u bytes; it has %u",
                 offset, type, entry->size, lengths[type]);
    } else if (type == APIC_AFFINITY) {
        read_apic(entry->bytes, ret);
    } else {
        read_x2apic(entry->bytes, ret);
    }
}

void srat_read(const void *table, uint32_t size, struct srat_claims *ret, struct notes *notes)
{
    const struct acpi_kind kind = {"SRAT", SRAT_CHECK, SRAT_FIXED};
    struct acpi_extent whole = {.bytes = table, .size = table ? size : 0}, entry;
    ret->present = false;
    ret->count = 0;
    ret->beyond = 0;
    if (!acpi_extent_open(&kind, &whole, notes)) {
        return;
    }
    ret->present = true;
    for (uint32_t offset = SRAT_FIXED; offset < whole.size; offset += entry.size) {
        if (!acpi_extent_entry(&kind, &whole, offset, notes, &entry)) {
            return;
        }
        read_entry(&entry, offset, ret, notes);
    }
}
