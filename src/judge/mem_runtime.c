/* mem.runtime, mem.attributes, mem.wx: the memory that stays firmware's after the door. */
#include <muster/judge_mem.h>
#include <muster/memory_map.h>

#include "flaws.h"

enum { PAGE = 4096, TABLE_HEADER = 16, DESCRIPTOR_SIZE = 40, NEWEST_VERSION = 2 };

static uint64_t end_of(const struct memory_region *region)
{
    return region->base + region->size;
}

static bool is_runtime(uint32_t type)
{
    return type == MEMORY_RUNTIME_CODE || type == MEMORY_RUNTIME_DATA;
}

static bool is_marked(const struct memory_region *region)
{
    return region->attribute & MEMORY_ATTRIBUTE_RUNTIME;
}

static bool is_given_away(uint32_t type)
{
    return (type >= MEMORY_LOADER_CODE && type <= MEMORY_BOOT_DATA) || type == MEMORY_CONVENTIONAL;
}

static void tell_service(const struct handoff *handoff, const char *name, uintptr_t address,
                         struct flaws *flaws)
{
    const struct memory_region *region = memory_map_find(&handoff->memory, address);
    if (address == 0 || (region != NULL ? is_marked(region) : handoff->memory.beyond > 0) ||
        !flaws_add(flaws)) {
        return;
    }
    text_format(&flaws->seen, "%s at 0x%lx is in ", name, (unsigned long)address);
    if (region != NULL) {
        memory_region_print(&flaws->seen, region);
        text_add(&flaws->seen, " without EFI_MEMORY_RUNTIME");
    } else {
        text_add(&flaws->seen, "no descriptor");
    }
}

enum verdict judge_mem_runtime(const struct handoff *handoff, struct words *ret)
{
    struct flaws flaws;
    flaws_begin(&flaws, ret);
    for (uint32_t i = 0; i < handoff->memory.count; i++) {
        const struct memory_region *region = &handoff->memory.regions[i];
        const bool wrong =
            is_marked(region) ? is_given_away(region->type) : is_runtime(region->type);
        if (wrong && flaws_add(&flaws)) {
            memory_region_print(&flaws.seen, region);
            text_format(&flaws.seen, " %s EFI_MEMORY_RUNTIME", is_marked(region) ? "has" : "lacks");
        }
    }
    tell_service(handoff, "SetVariable", (uintptr_t)handoff->runtime.set_variable, &flaws);
    tell_service(handoff, "ResetSystem", (uintptr_t)handoff->runtime.reset_system, &flaws);
    return flaws_end_in(
        &handoff->memory, &flaws, ret,
        "EFI_MEMORY_RUNTIME on runtime code and data, not on free memory",
        "an OS maps for runtime services what is so marked and nothing else: a call "
        "faults in firmware, or firmware writes to memory that was given away");
}

static bool header_is_bad(const struct attributes_claim *table, struct flaws *flaws)
{
    const uint64_t wanted = TABLE_HEADER + (uint64_t)table->entries * table->stride;
    if ((table->version == 0 || table->version > NEWEST_VERSION) && flaws_add(flaws)) {
        text_format(&flaws->seen, "version %u", table->version);
    }
    if (table->stride < DESCRIPTOR_SIZE && flaws_add(flaws)) {
        text_format(&flaws->seen, "descriptors of %u bytes", table->stride);
    }
    if (wanted > table->readable && flaws_add(flaws)) {
        text_format(&flaws->seen, "%u entries of %u bytes, of which memory holds 0x%lx bytes",
                    table->entries, table->stride, (unsigned long)table->readable);
    }
    return flaws->count > 0;
}

/* "may not cross boundaries between entries reported by GetMemoryMap()": the range it belongs to.
 */
static const struct memory_region *range_of(const struct memory_map *map,
                                            const struct memory_region *entry)
{
    const struct memory_region *range = memory_map_find(map, entry->base);
    return range != NULL && is_marked(range) && end_of(entry) <= end_of(range) ? range : NULL;
}

static void tell_entry(const struct handoff *handoff, uint32_t number, struct flaws *flaws)
{
    const struct memory_map *list = &handoff->attributes.list;
    const struct memory_region *entry = &list->regions[number];
    if (entry->base % PAGE != 0 && flaws_add(flaws)) {
        memory_region_print(&flaws->seen, entry);
        text_add(&flaws->seen, " does not begin at a page");
    }
    if (range_of(&handoff->memory, entry) == NULL && flaws_add(flaws)) {
        memory_region_print(&flaws->seen, entry);
        text_add(&flaws->seen, " is within no one runtime range of the memory map");
    }
    for (uint32_t i = 0; i < number; i++) {
        const struct memory_region *other = &list->regions[i];
        if (is_runtime(other->type) && other->base < end_of(entry) && entry->base < end_of(other) &&
            flaws_add(flaws)) {
            memory_region_print(&flaws->seen, other);
            text_add(&flaws->seen, " overlaps ");
            memory_region_print(&flaws->seen, entry);
        }
    }
}

/* "the sub-regions must total to completely describe the larger region": the bytes of it that
 * entries within it describe; overlaps are told by themselves. */
static void tell_coverage(const struct handoff *handoff, const struct memory_region *range,
                          struct flaws *flaws)
{
    const struct memory_map *list = &handoff->attributes.list;
    uint64_t described = 0;
    for (uint32_t i = 0; i < list->count && is_marked(range); i++) {
        const struct memory_region *entry = &list->regions[i];
        if (is_runtime(entry->type) && entry->base >= range->base &&
            end_of(entry) <= end_of(range)) {
            described += entry->size;
        }
    }
    if (described > 0 && described < range->size && flaws_add(flaws)) {
        text_format(&flaws->seen, "entries describe 0x%lx of 0x%lx bytes of ",
                    (unsigned long)described, (unsigned long)range->size);
        memory_region_print(&flaws->seen, range);
    }
}

static void tell_entries(const struct handoff *handoff, struct flaws *flaws)
{
    const struct memory_map *list = &handoff->attributes.list;
    for (uint32_t i = 0; i < list->odd_count; i++) {
        if (flaws_add(flaws) && i < MEMORY_ODD_MAX) {
            text_format(&flaws->seen, "entry %u at 0x%lx has 0x%lx pages", list->odd[i].number,
                        (unsigned long)list->odd[i].base, (unsigned long)list->odd[i].pages);
        }
    }
    for (uint32_t i = 0; i < list->count; i++) {
        if (is_runtime(list->regions[i].type)) {
            tell_entry(handoff, i, flaws);
        }
    }
    for (uint32_t i = 0; i < handoff->memory.count; i++) {
        tell_coverage(handoff, &handoff->memory.regions[i], flaws);
    }
}

static enum verdict unanswered(struct words *ret, enum verdict verdict, const char *why)
{
    *ret = (struct words){0};
    string_copy(ret->seen, sizeof(ret->seen), why);
    return verdict;
}

static const char none[] = "firmware publishes no Memory Attributes Table";

enum verdict judge_mem_attributes(const struct handoff *handoff, struct words *ret)
{
    const struct attributes_claim *table = &handoff->attributes;
    struct flaws flaws;
    if (!table->present) {
        return unanswered(ret, VERDICT_SKIP, none);
    }
    flaws_begin(&flaws, ret);
    if (!header_is_bad(table, &flaws)) {
        if (table->list.beyond > 0 || handoff->memory.beyond > 0) {
            return unanswered(ret, VERDICT_ERROR,
                              "the table or the memory map has more entries than muster holds");
        }
        tell_entries(handoff, &flaws);
    }
    return flaws_end(&flaws, ret,
                     "entries that split runtime ranges of the memory map without a rest",
                     "an OS leaves the entry, or the whole table, aside: runtime code stays "
                     "writable; or it protects memory that firmware must write");
}

enum verdict judge_mem_wx(const struct handoff *handoff, struct words *ret)
{
    const struct attributes_claim *table = &handoff->attributes;
    struct flaws flaws;
    flaws_begin(&flaws, ret);
    if (!table->present) {
        return unanswered(ret, VERDICT_SKIP,
                          "no Memory Attributes Table: an OS must take runtime code for writable");
    }
    if (header_is_bad(table, &flaws) || table->entries == 0) {
        return unanswered(ret, VERDICT_SKIP, "the Memory Attributes Table has no readable entries");
    }
    for (uint32_t i = 0; i < table->list.count; i++) {
        const struct memory_region *entry = &table->list.regions[i];
        if (is_runtime(entry->type) &&
            !(entry->attribute & (MEMORY_ATTRIBUTE_RO | MEMORY_ATTRIBUTE_XP)) &&
            flaws_add(&flaws)) {
            memory_region_print(&flaws.seen, entry);
            text_add(&flaws.seen, " has neither EFI_MEMORY_RO nor EFI_MEMORY_XP");
        }
    }
    return flaws_end_in(
        &table->list, &flaws, ret, "EFI_MEMORY_RO, EFI_MEMORY_XP or both on every entry",
        "\"no memory access protection is possible\" there (UEFI 2.10, table 4.1): an "
        "OS maps it writable and executable, for an attacker to write code to");
}
