/* The PPTT: nodes that call each other by their offsets in the table. Sections are those of ACPI
 * 6.5. */
#include <muster/bytes.h>
#include <muster/claims.h>

#include "acpi_extent.h"

#define PPTT_CHECK "roll.pptt" /* the check that judges the notes taken here */

enum {
    PPTT_FIXED = 36,
    REVISION_AT = 8,
    PROCESSOR = 0,
    CACHE = 1,
    PROCESSOR_SIZE = 20,
    CACHE_SIZE = 24
};

/* 5.2.30.1, table 5.143; private resources follow, 4 bytes each. */
static void read_processor(const struct acpi_extent *entry, uint32_t offset,
                           struct pptt_claims *ret, struct notes *notes)
{
    const uint8_t *bytes = entry->bytes;
    if (entry->size < PROCESSOR_SIZE) {
        note_add(notes, PPTT_CHECK,
                 "PPTT node at offset 0x%x: a processor node of %u bytes; it has at least %u",
                 offset, entry->size, PROCESSOR_SIZE);
        return;
    }
    const uint32_t resources = bytes_u32(bytes + 16);
    if (resources > (entry->size - PROCESSOR_SIZE) / 4) {
        note_add(notes, PPTT_CHECK,
                 "PPTT node at offset 0x%x: %u private resources, but room for %u in its %u bytes",
                 offset, resources, (entry->size - PROCESSOR_SIZE) / 4, entry->size);
    }
    if (ret->count == PPTT_NODE_MAX) {
        ret->beyond++;
        return;
    }
    ret->nodes[ret->count++] = (struct pptt_node){
        .offset = offset,
        .flags = bytes_u32(bytes + 4),
        .parent = bytes_u32(bytes + 8),
        .uid = bytes_u32(bytes + 12),
    };
}

static void read_entry(const struct acpi_extent *entry, uint32_t offset, struct pptt_claims *ret,
                       struct notes *notes)
{
    if (entry->bytes[0] == PROCESSOR) {
        read_processor(entry, offset, ret, notes);
    } else if (entry->bytes[0] == CACHE && entry->size < CACHE_SIZE) {
        note_add(notes, PPTT_CHECK,
                 "PPTT node at offset 0x%x: a cache of %u bytes; it has at least %u", offset,
                 entry->size, CACHE_SIZE);
    }
}

void pptt_read(const void *table, uint32_t size, struct pptt_claims *ret, struct notes *notes)
{
    const struct acpi_kind kind = {"PPTT", PPTT_CHECK, PPTT_FIXED};
    struct acpi_extent whole = {.bytes = table, .size = table ? size : 0}, entry;
    ret->present = false;
    ret->count = 0;
    ret->beyond = 0;
    if (!acpi_extent_open(&kind, &whole, notes)) {
        return;
    }
    ret->present = true;
    ret->revision = whole.bytes[REVISION_AT];
    for (uint32_t offset = PPTT_FIXED; offset < whole.size; offset += entry.size) {
        if (!acpi_extent_entry(&kind, &whole, offset, notes, &entry)) {
            return;
        }
        read_entry(&entry, offset, ret, notes);
    }
}

const struct pptt_node *pptt_find(const struct pptt_claims *pptt, uint32_t offset)
{
    uint32_t low = 0, high = pptt->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (pptt->nodes[middle].offset < offset) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < pptt->count && pptt->nodes[low].offset == offset ? &pptt->nodes[low] : NULL;
}
