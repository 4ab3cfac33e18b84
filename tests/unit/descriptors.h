/* EFI_MEMORY_DESCRIPTORs to build a map of, at any stride. */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include <stdint.h>
#include <string.h>

#include <muster/memory_map.h>

static inline void put64(uint8_t *at, uint64_t value)
{
    memcpy(at, &value, 8);
}

static inline void put_descriptor(uint8_t *at, uint32_t type, uint64_t base, uint64_t pages,
                                  uint64_t attribute)
{
    memset(at, 0, 40);
    memcpy(at, &type, 4);
    put64(at + 8, base);
    put64(at + 24, pages);
    put64(at + 32, attribute);
}

static inline void map_add(struct memory_map *map, uint32_t type, uint64_t base, uint64_t size,
                           uint64_t attribute)
{
    map->regions[map->count++] =
        (struct memory_region){.base = base, .size = size, .attribute = attribute, .type = type};
}

#endif
