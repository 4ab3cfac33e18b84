#include <muster/memory_claims.h>
#include <muster/memory_map.h>
#include <muster/text.h>

enum { MIB = 0x100000 };

static void reserve_low(struct memory_map *map)
{
    for (uint32_t i = 0; i < map->count; i++) {
        if (map->regions[i].base < MIB) {
            map->regions[i].type = MEMORY_RESERVED;
        }
    }
}

static void describe_twice(struct memory_map *map)
{
    if (map->count > 0 && map->count < MEMORY_REGION_MAX) {
        map->regions[map->count] = map->regions[map->count - 1];
        map->count++;
    }
}

static void claim_for_firmware(struct memory_map *map, uint64_t address)
{
    for (uint32_t i = 0; i < map->count; i++) {
        struct memory_region *region = &map->regions[i];
        if (address >= region->base && address - region->base < region->size) {
            region->type = MEMORY_BOOT_DATA;
        }
    }
}

static void mark_for_runtime(struct memory_map *map)
{
    for (uint32_t i = 0; i < map->count; i++) {
        if (map->regions[i].type == MEMORY_CONVENTIONAL) {
            map->regions[i].attribute |= MEMORY_ATTRIBUTE_RUNTIME;
            return;
        }
    }
}

void memory_plant(const char *break_id, struct handoff *handoff)
{
    struct memory_map *entries = &handoff->attributes.list;
    if (string_equal(break_id, "mem.low")) {
        reserve_low(&handoff->memory);
    } else if (string_equal(break_id, "mem.map")) {
        describe_twice(&handoff->memory);
    } else if (string_equal(break_id, "mem.kept") && handoff->kept.count > 0) {
        handoff->kept.places[0].base = handoff->self.base;
    } else if (string_equal(break_id, "mem.own")) {
        claim_for_firmware(&handoff->memory, handoff->self.base);
    } else if (string_equal(break_id, "mem.runtime")) {
        mark_for_runtime(&handoff->memory);
    } else if (string_equal(break_id, "mem.attributes") && entries->count > 0) {
        entries->regions[entries->count - 1].base = handoff->self.base;
    } else if (string_equal(break_id, "mem.wx") && entries->count > 0) {
        entries->regions[0].attribute &= ~(MEMORY_ATTRIBUTE_RO | MEMORY_ATTRIBUTE_XP);
    }
}
