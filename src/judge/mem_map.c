/* mem.low, mem.map, mem.kept, mem.own: the memory map by itself and around muster. */
#include <muster/judge_mem.h>
#include <muster/memory_map.h>

#include "flaws.h"

enum { PAGE = 4096, MIB = 0x100000 };

static uint64_t end_of(const struct memory_region *region)
{
    return region->base + region->size;
}

/* What an operating system may give out once boot services have ended (UEFI 2.10, 7.2.1). */
static bool is_given_away(uint32_t type)
{
    return (type >= MEMORY_LOADER_CODE && type <= MEMORY_BOOT_DATA) || type == MEMORY_CONVENTIONAL;
}

static bool reaches(const struct memory_region *region, uint64_t base, uint64_t size)
{
    return region->base < base + size && base < end_of(region);
}

enum verdict judge_mem_low(const struct handoff *handoff, struct words *ret)
{
    const struct low_memory *low = &handoff->low;
    struct flaws flaws;
    bool has_page = false;
    flaws_begin(&flaws, ret);
    for (uint32_t i = 0; i < handoff->memory.count; i++) {
        const struct memory_region *region = &handoff->memory.regions[i];
        if (is_given_away(region->type)) {
            has_page |= region->base < MIB && end_of(region) >= 2 * PAGE;
        } else if (low->pages > 0 && reaches(region, low->base, (uint64_t)low->pages * PAGE) &&
                   flaws_add(&flaws)) {
            text_add(&flaws.seen, "the page that firmware gave muster there is in ");
            memory_region_print(&flaws.seen, region);
        }
    }
    if (!has_page && handoff->memory.beyond == 0) {
        flaws_begin(&flaws, ret);
        flaws_add(&flaws);
        text_add(&flaws.seen, "there: ");
        memory_map_print_low(&flaws.seen, &handoff->memory);
    }
    return flaws_end_in(
        &handoff->memory, &flaws, ret, "a page below 1 MiB, other than page 0, that an OS may use",
        "other CPUs start in real mode, below 1 MiB: an OS that finds no page there "
        "for its start-up code runs on one CPU, or stops");
}

static void tell_odd(const struct memory_map *map, struct flaws *flaws)
{
    for (uint32_t i = 0; i < map->odd_count; i++) {
        if (!flaws_add(flaws) || i >= MEMORY_ODD_MAX) {
            continue;
        }
        const struct memory_odd *odd = &map->odd[i];
        text_format(&flaws->seen, "descriptor %u, type %u at 0x%lx, ", odd->number, odd->type,
                    (unsigned long)odd->base);
        if (odd->pages == 0) {
            text_add(&flaws->seen, "has 0 pages");
        } else {
            text_format(&flaws->seen, "has 0x%lx pages: past the end of the address space",
                        (unsigned long)odd->pages);
        }
    }
}

static void tell_region(const struct memory_region *region, struct flaws *flaws)
{
    if (region->base % PAGE != 0 && flaws_add(flaws)) {
        memory_region_print(&flaws->seen, region);
        text_add(&flaws->seen, " does not begin at a page");
    }
    if (!memory_type_is_known(region->type) && flaws_add(flaws)) {
        memory_region_print(&flaws->seen, region);
        text_format(&flaws->seen, " has type 0x%x, which means nothing", region->type);
    }
}

static void tell_overlaps(const struct memory_map *map, uint32_t number, struct flaws *flaws)
{
    const struct memory_region *region = &map->regions[number];
    for (uint32_t i = 0; i < number; i++) {
        if (reaches(&map->regions[i], region->base, region->size) && flaws_add(flaws)) {
            memory_region_print(&flaws->seen, &map->regions[i]);
            text_add(&flaws->seen, " overlaps ");
            memory_region_print(&flaws->seen, region);
        }
    }
}

enum verdict judge_mem_map(const struct handoff *handoff, struct words *ret)
{
    const struct memory_map *map = &handoff->memory;
    struct flaws flaws;
    flaws_begin(&flaws, ret);
    if (map->count == 0 && flaws_add(&flaws)) {
        text_add(&flaws.seen, "no descriptor with anything in it");
    }
    tell_odd(map, &flaws);
    for (uint32_t i = 0; i < map->count; i++) {
        tell_region(&map->regions[i], &flaws);
        tell_overlaps(map, i, &flaws);
    }
    return flaws_end_in(
        map, &flaws, ret,
        "whole pages, each in one descriptor, of a type that UEFI 2.10, 7.2.1 knows",
        "an OS gives one page to two owners, or loses what the bad entry describes: "
        "Linux drops such entries, and trusts the first of two");
}

static void tell_given_away(const struct memory_map *map, const struct kept_place *place,
                            struct flaws *flaws)
{
    for (uint32_t i = 0; i < map->count; i++) {
        const struct memory_region *region = &map->regions[i];
        const bool boot = region->type == MEMORY_BOOT_CODE || region->type == MEMORY_BOOT_DATA;
        if (is_given_away(region->type) && !(place->table && boot) &&
            reaches(region, place->base, place->size) && flaws_add(flaws)) {
            text_format(&flaws->seen, "%s at 0x%lx is in ", place->what,
                        (unsigned long)place->base);
            memory_region_print(&flaws->seen, region);
        }
    }
}

enum verdict judge_mem_kept(const struct handoff *handoff, struct words *ret)
{
    const struct framebuffer_claim *screen = &handoff->framebuffer;
    struct flaws flaws;
    flaws_begin(&flaws, ret);
    for (uint32_t i = 0; i < handoff->kept.count; i++) {
        tell_given_away(&handoff->memory, &handoff->kept.places[i], &flaws);
    }
    if (screen->order != PIXEL_NONE && screen->size > 0) {
        const struct kept_place place = {
            .what = "the framebuffer", .base = screen->base, .size = screen->size};
        tell_given_away(&handoff->memory, &place, &flaws);
    }
    return flaws_end_in(
        &handoff->memory, &flaws, ret,
        "no register, mailbox or ACPI table in memory that is given away",
        "an OS gives that memory to whoever asks first: what they write goes to the "
        "device, or over the table, and the CPUs are lost at some later time");
}

/* Whether all of it is described, in ranges that AllocatePages or the image loader makes, as far as
 * the map was kept. */
static const char *find_gap(const struct memory_map *map, const struct range *range,
                            uint64_t *ret_at)
{
    uint64_t at = range->base;
    while (at < range->base + range->size) {
        const struct memory_region *region = memory_map_find(map, at);
        *ret_at = at;
        if (region == NULL) {
            return map->beyond == 0 ? "not in the map" : NULL;
        }
        if (region->type != MEMORY_LOADER_CODE && region->type != MEMORY_LOADER_DATA) {
            return "";
        }
        at = end_of(region);
    }
    return NULL;
}

enum verdict judge_mem_own(const struct handoff *handoff, struct words *ret)
{
    const struct image_layout *image = &handoff->image;
    const struct {
        const char *name;
        struct range range;
    } own[] = {
        {"image", {image->base, image->data.base + image->data.size - image->base}},
        {"handoff", handoff->self},
        {"arena", {handoff->arena.base, handoff->arena.size}},
    };
    struct flaws flaws;
    flaws_begin(&flaws, ret);
    for (uint32_t n = 0; n < sizeof(own) / sizeof(own[0]); n++) {
        uint64_t at = 0;
        const char *gap = find_gap(&handoff->memory, &own[n].range, &at);
        if (gap == NULL || !flaws_add(&flaws)) {
            continue;
        }
        text_format(&flaws.seen, "muster's %s at 0x%lx: ", own[n].name, (unsigned long)at);
        if (*gap != '\0') {
            text_add(&flaws.seen, gap);
        } else {
            memory_region_print(&flaws.seen, memory_map_find(&handoff->memory, at));
        }
    }
    return flaws_end_in(
        &handoff->memory, &flaws, ret, "the loaded program and what it allocated as loader memory",
        "the map does not say what was allocated: an OS's loader loses its own image "
        "or tables the same way, and its CPUs run into memory given to others");
}
