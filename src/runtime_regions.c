#include <muster/bytes.h>
#include <muster/memory_map.h>
#include <muster/runtime_regions.h>

enum { TABLE_HEADER = 16, DESCRIPTOR_SIZE = 40 };

#define CACHEABILITY                                                                               \
    (MEMORY_ATTRIBUTE_UC | MEMORY_ATTRIBUTE_WC | MEMORY_ATTRIBUTE_WT | MEMORY_ATTRIBUTE_WB)

/* Layout of EFI_MEMORY_ATTRIBUTES_TABLE: Version at 0, NumberOfEntries at 4, DescriptorSize at 8,
 * the entries from 16. */
static bool table_is_sound(const uint8_t *table, uint64_t size)
{
    if (table == NULL || size < TABLE_HEADER) {
        return false;
    }
    const uint32_t version = bytes_u32(table);
    const uint64_t entries = bytes_u32(table + 4);
    const uint32_t stride = bytes_u32(table + 8);
    return (version == 1 || version == 2) && entries > 0 && stride >= DESCRIPTOR_SIZE &&
           entries <= (size - TABLE_HEADER) / stride;
}

static bool overlaps(const struct memory_region *a, const struct memory_region *b)
{
    return a->base < b->base + b->size && b->base < a->base + a->size;
}

/* The first of the first `count` regions that overlaps `with`, or NULL. */
static const struct memory_region *find_overlap(const struct memory_map *regions, uint32_t count,
                                                const struct memory_region *with)
{
    for (uint32_t i = 0; i < count; i++) {
        if (overlaps(&regions->regions[i], with)) {
            return &regions->regions[i];
        }
    }
    return NULL;
}

/* An entry that is not within one runtime range of the map would have other memory mapped. */
static void drop_strays(struct memory_map *regions, const struct memory_map *map)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < regions->count; i++) {
        const struct memory_region *entry = &regions->regions[i];
        const struct memory_region *within = memory_map_find(map, entry->base);
        if (within != NULL && within->attribute & MEMORY_ATTRIBUTE_RUNTIME &&
            entry->size <= within->base + within->size - entry->base) {
            regions->regions[kept++] = *entry;
        }
    }
    regions->count = kept;
}

/* The table tells RO and XP only; how the same memory may be cached stands in the memory map. */
static void add_cacheability(struct memory_map *regions, const struct memory_map *map)
{
    for (uint32_t i = 0; i < regions->count; i++) {
        const struct memory_region *described = find_overlap(map, map->count, &regions->regions[i]);
        if (described != NULL) {
            regions->regions[i].attribute |= described->attribute & CACHEABILITY;
        }
    }
}

static void add_from_map(struct memory_map *regions, const struct memory_map *map)
{
    const uint32_t from_table = regions->count;
    for (uint32_t i = 0; i < map->count; i++) {
        const struct memory_region *region = &map->regions[i];
        if (!(region->attribute & MEMORY_ATTRIBUTE_RUNTIME) ||
            find_overlap(regions, from_table, region) != NULL) {
            continue;
        }
        if (regions->count < MEMORY_REGION_MAX) {
            regions->regions[regions->count++] = *region;
        } else {
            regions->beyond++;
        }
    }
}

void runtime_regions_read(const void *table, uint64_t size, const struct memory_map *map,
                          struct runtime_claim *ret)
{
    struct memory_map *regions = &ret->regions;
    const uint8_t *bytes = table;
    ret->attributes_known = table_is_sound(bytes, size);
    regions->count = 0;
    regions->beyond = 0;
    regions->odd_count = 0;
    if (ret->attributes_known) {
        const uint32_t stride = bytes_u32(bytes + 8);
        memory_map_read(bytes + TABLE_HEADER, (uint64_t)bytes_u32(bytes + 4) * stride, stride,
                        regions);
        drop_strays(regions, map);
        add_cacheability(regions, map);
    }
    add_from_map(regions, map);
}
