#include <muster/bytes.h>
#include <muster/memory_claims.h>
#include <muster/memory_map.h>

enum {
    TABLE_HEADER = 16,
    DESCRIPTOR_SIZE = 40,
    MADT_HEADER = 44,
    MADT_IO_APIC = 1,
    MADT_IO_APIC_SIZE = 12,
    PAGE = 4096,
};

/* Layout: Version at 0, NumberOfEntries at 4, DescriptorSize at 8, the entries from 16. */
void attributes_read(const void *table, uint64_t size, struct attributes_claim *ret)
{
    const uint8_t *bytes = table;
    ret->present = table != NULL;
    ret->readable = size;
    ret->version = ret->entries = ret->stride = 0;
    ret->list.count = ret->list.beyond = ret->list.odd_count = 0;
    if (table == NULL || size < TABLE_HEADER) {
        return;
    }
    ret->version = bytes_u32(bytes);
    ret->entries = bytes_u32(bytes + 4);
    ret->stride = bytes_u32(bytes + 8);
    if (ret->stride >= DESCRIPTOR_SIZE && ret->entries <= (size - TABLE_HEADER) / ret->stride) {
        memory_map_read(bytes + TABLE_HEADER, (uint64_t)ret->entries * ret->stride, ret->stride,
                        &ret->list);
    }
}

void kept_add(struct kept_claim *kept, const struct kept_place *place)
{
    if (place->base != 0 && place->size != 0 && kept->count < KEPT_MAX) {
        kept->places[kept->count++] = *place;
    }
}

void kept_add_io_apics(struct kept_claim *kept, const void *madt, uint32_t size)
{
    const uint8_t *bytes = madt;
    uint32_t at = MADT_HEADER;
    while (at + 2 <= size && bytes[at + 1] >= 2 && bytes[at + 1] <= size - at) {
        if (bytes[at] == MADT_IO_APIC && bytes[at + 1] >= MADT_IO_APIC_SIZE) {
            const struct kept_place place = {
                .what = "an I/O APIC", .base = bytes_u32(bytes + at + 4), .size = PAGE};
            kept_add(kept, &place);
        }
        at += bytes[at + 1];
    }
}
