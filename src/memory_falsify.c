/* The lies that --break tells of memory. */
#include <muster/falsify.h>

enum { MIB = 0x100000 };

void falsify_mem_low(struct handoff *handoff)
{
    struct memory_map *map = &handoff->memory;
    for (uint32_t i = 0; i < map->count; i++) {
        if (map->regions[i].base < MIB) {
            map->regions[i].type = MEMORY_RESERVED;
        }
    }
}

void falsify_mem_map(struct handoff *handoff)
{
    struct memory_map *map = &handoff->memory;
    if (map->count > 0 && map->count < MEMORY_REGION_MAX) {
        map->regions[map->count] = map->regions[map->count - 1];
        map->count++;
    }
}

void falsify_mem_kept(struct handoff *handoff)
{
    struct kept_claim *kept = &handoff->kept;
    if (kept->count == 0) {
        kept->places[kept->count++] = (struct kept_place){.what = "a table", .size = 4096};
    }
    kept->places[0].base = handoff->self.base;
}

void falsify_mem_own(struct handoff *handoff)
{
    const uint64_t address = handoff->self.base;
    for (uint32_t i = 0; i < handoff->memory.count; i++) {
        struct memory_region *region = &handoff->memory.regions[i];
        if (address >= region->base && address - region->base < region->size) {
            region->type = MEMORY_BOOT_DATA;
        }
    }
}

void falsify_mem_runtime(struct handoff *handoff)
{
    for (uint32_t i = 0; i < handoff->memory.count; i++) {
        struct memory_region *region = &handoff->memory.regions[i];
        if (region->type == MEMORY_CONVENTIONAL) {
            region->attribute |= MEMORY_ATTRIBUTE_RUNTIME;
            return;
        }
    }
}

void falsify_mem_attributes(struct handoff *handoff)
{
    struct memory_map *entries = &handoff->attributes.list;
    if (entries->count > 0) {
        entries->regions[entries->count - 1].base = handoff->self.base;
    }
}

void falsify_mem_wx(struct handoff *handoff)
{
    struct memory_map *entries = &handoff->attributes.list;
    if (entries->count > 0) {
        entries->regions[0].attribute &= ~(MEMORY_ATTRIBUTE_RO | MEMORY_ATTRIBUTE_XP);
    }
}
