/* What the UEFI memory map says of an address, a range, and the memory below 1 MiB. */
#ifndef MUSTER_MEMORY_MAP_H
#define MUSTER_MEMORY_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/handoff.h>
#include <muster/text.h>

/* Everything here is pure: any phase, any CPU. */

/* Converts `size` bytes of EFI_MEMORY_DESCRIPTORs, one every `stride` bytes (UEFI 2.10, 7.2.3). A
 * stride shorter than a descriptor gives an empty map; an empty range, or one that runs past the
 * end of the address space, is left out of the regions and counted as odd. */
void memory_map_read(const void *descriptors, uint64_t size, uint64_t stride,
                     struct memory_map *ret);

/* How many of `size` bytes at `address` are described, without a gap, as memory that can be read.
 * The legacy BIOS area (0xE0000 to 1 MiB) always can; what did not fit into the map cannot. */
uint64_t memory_map_readable(const struct memory_map *map, uint64_t address, uint64_t size);

/* The size in bytes of the largest free range below `limit`. */
uint64_t memory_map_largest_free(const struct memory_map *map, uint64_t limit);

/* The page in the middle of that range, or 0 where none is free. */
uint64_t memory_map_middle_free(const struct memory_map *map, uint64_t limit);

/* Chooses up to `pages` pages below 1 MiB, and not page 0, out of what is free after the door:
 * boot-services code and data, and free memory. The range with the most of them wins, the higher
 * one where two are equal. False when there is not one page. */
bool memory_map_choose_low(const struct memory_map *map, uint32_t pages, struct low_memory *ret);

/* Appends what lies below 1 MiB: "0x0-0x9ffff BootData, 0xa0000-0xfffff Reserved", or "nothing". */
void memory_map_print_low(struct text *out, const struct memory_map *map);

/* The first region that holds `address`, or NULL. */
const struct memory_region *memory_map_find(const struct memory_map *map, uint64_t address);

/* Whether UEFI 2.10, 7.2.1 gives the type a meaning, or leaves it to makers of firmware. */
bool memory_type_is_known(uint32_t type);

/* Appends "0x0-0x9ffff BootData". */
void memory_region_print(struct text *out, const struct memory_region *region);

#endif
