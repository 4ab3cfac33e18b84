#include <muster/bytes.h>
#include <muster/memory_map.h>

enum {
    TYPE_UNUSABLE = 8,
    TYPE_IO_PORTS = 12,
    TYPE_UNACCEPTED = 15,
    DESCRIPTOR_SIZE = 40,
    PAGE = 4096,
    LEGACY_BIOS = 0xe0000,
    MIB = 0x100000,
};

/* UEFI 2.10, 7.2.1: 0x70000000 and up is for makers of firmware, then of operating systems. */
#define TYPE_OEM UINT32_C(0x70000000)

static const char *const type_names[] = {
    "Reserved",    "LoaderCode", "LoaderData", "BootCode",    "BootData", "RuntimeCode",
    "RuntimeData", "Free",       "Unusable",   "ACPIReclaim", "ACPINVS",  "MMIO",
    "IOPorts",     "PalCode",    "Persistent", "Unaccepted",
};

static const char *type_name(uint32_t type)
{
    return type < sizeof(type_names) / sizeof(type_names[0]) ? type_names[type] : "Other";
}

static uint64_t region_end(const struct memory_region *region)
{
    return region->base + region->size;
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static void add_odd(struct memory_map *map, const struct memory_odd *odd)
{
    if (map->odd_count < MEMORY_ODD_MAX) {
        map->odd[map->odd_count] = *odd;
    }
    map->odd_count++;
}

/* Layout of EFI_MEMORY_DESCRIPTOR: Type at 0, PhysicalStart at 8, NumberOfPages at 24, Attribute
 * at 32. */
static void add_descriptor(struct memory_map *map, uint32_t number, const uint8_t *descriptor)
{
    const struct memory_odd as_it_stands = {
        .number = number,
        .type = bytes_u32(descriptor),
        .base = bytes_u64(descriptor + 8),
        .pages = bytes_u64(descriptor + 24),
    };
    if (as_it_stands.pages == 0 || as_it_stands.pages > (UINT64_MAX - as_it_stands.base) / PAGE) {
        add_odd(map, &as_it_stands);
    } else if (map->count == MEMORY_REGION_MAX) {
        map->beyond++;
    } else {
        map->regions[map->count++] = (struct memory_region){
            .base = as_it_stands.base,
            .size = as_it_stands.pages * PAGE,
            .attribute = bytes_u64(descriptor + 32),
            .type = as_it_stands.type,
        };
    }
}

void memory_map_read(const void *descriptors, uint64_t size, uint64_t stride,
                     struct memory_map *ret)
{
    ret->count = 0;
    ret->beyond = 0;
    ret->odd_count = 0;
    if (stride < DESCRIPTOR_SIZE) {
        return;
    }
    const uint8_t *at = descriptors;
    uint32_t number = 0;
    for (uint64_t left = size; left >= DESCRIPTOR_SIZE; at += stride) {
        add_descriptor(ret, number++, at);
        left = left > stride ? left - stride : 0;
    }
}

static bool is_readable(uint32_t type)
{
    return type != TYPE_UNUSABLE && type != MEMORY_MAPPED_IO && type != TYPE_IO_PORTS &&
           type != TYPE_UNACCEPTED;
}

/* Where the readable range that holds `address` ends; `address` itself when there is none. */
static uint64_t readable_end(const struct memory_map *map, uint64_t address)
{
    if (address >= LEGACY_BIOS && address < MIB) {
        return MIB;
    }
    for (uint32_t i = 0; i < map->count; i++) {
        const struct memory_region *region = &map->regions[i];
        if (is_readable(region->type) && address >= region->base &&
            address - region->base < region->size) {
            return region_end(region);
        }
    }
    return address;
}

uint64_t memory_map_readable(const struct memory_map *map, uint64_t address, uint64_t size)
{
    uint64_t found = 0;
    while (found < size) {
        const uint64_t end = readable_end(map, address + found);
        if (end == address + found) {
            break;
        }
        found = end - address;
    }
    return lesser(found, size);
}

/* The largest free range below `limit`; size 0: there is none. */
static struct range largest_free(const struct memory_map *map, uint64_t limit)
{
    struct range largest = {0};
    for (uint32_t i = 0; i < map->count; i++) {
        const struct memory_region *region = &map->regions[i];
        if (region->type != MEMORY_CONVENTIONAL || region->base >= limit) {
            continue;
        }
        const uint64_t size = lesser(region->size, limit - region->base);
        if (size > largest.size) {
            largest = (struct range){.base = region->base, .size = size};
        }
    }
    return largest;
}

uint64_t memory_map_largest_free(const struct memory_map *map, uint64_t limit)
{
    return largest_free(map, limit).size;
}

uint64_t memory_map_middle_free(const struct memory_map *map, uint64_t limit)
{
    const struct range range = largest_free(map, limit);
    return (range.base + range.size / 2) & ~(uint64_t)(PAGE - 1);
}

static bool is_free_after_the_door(uint32_t type)
{
    return type == MEMORY_BOOT_CODE || type == MEMORY_BOOT_DATA || type == MEMORY_CONVENTIONAL;
}

/* The top `pages` pages, or all there are, of what `region` has between page 1 and 1 MiB. */
static struct low_memory low_part(const struct memory_region *region, uint32_t pages)
{
    const uint64_t base = region->base < PAGE ? PAGE : region->base;
    const uint64_t end = lesser(region_end(region), MIB);
    if (!is_free_after_the_door(region->type) || end <= base) {
        return (struct low_memory){0};
    }
    const uint64_t there = (end - base) / PAGE;
    const uint32_t count = (uint32_t)lesser(there, pages);
    return (struct low_memory){
        .base = end - (uint64_t)count * PAGE, .pages = count, .from_final_map = true};
}

bool memory_map_choose_low(const struct memory_map *map, uint32_t pages, struct low_memory *ret)
{
    struct low_memory best = {0};
    for (uint32_t i = 0; i < map->count; i++) {
        const struct low_memory part = low_part(&map->regions[i], pages);
        if (part.pages > best.pages || (part.pages == best.pages && part.base > best.base)) {
            best = part;
        }
    }
    if (best.pages == 0) {
        return false;
    }
    *ret = best;
    return true;
}

const struct memory_region *memory_map_find(const struct memory_map *map, uint64_t address)
{
    for (uint32_t i = 0; i < map->count; i++) {
        if (address >= map->regions[i].base &&
            address - map->regions[i].base < map->regions[i].size) {
            return &map->regions[i];
        }
    }
    return NULL;
}

bool memory_type_is_known(uint32_t type)
{
    return type < sizeof(type_names) / sizeof(type_names[0]) || type >= TYPE_OEM;
}

void memory_region_print(struct text *out, const struct memory_region *region)
{
    text_format(out, "0x%lx-0x%lx %s", (unsigned long)region->base,
                (unsigned long)(region_end(region) - 1), type_name(region->type));
}

void memory_map_print_low(struct text *out, const struct memory_map *map)
{
    const char *separator = "";
    for (uint32_t i = 0; i < map->count; i++) {
        const struct memory_region *region = &map->regions[i];
        if (region->base >= MIB) {
            continue;
        }
        text_add(out, separator);
        memory_region_print(out, region);
        separator = ", ";
    }
    if (*separator == '\0') {
        text_add(out, "nothing");
    }
}
