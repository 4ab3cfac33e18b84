/* The memory that runtime services need after the door, and how each part may be mapped. */
#ifndef MUSTER_RUNTIME_REGIONS_H
#define MUSTER_RUNTIME_REGIONS_H

#include <stdint.h>

#include <muster/handoff.h>

/* Fills `ret->regions` and `ret->attributes_known` from the Memory Attributes Table (UEFI 2.10,
 * 4.6.4) of at most `size` readable bytes at `table`, and from `map` for what that table leaves
 * out: cacheability, device memory, and runtime memory it does not mention. With `table` NULL or
 * unsound, from `map` alone. Any phase. */
void runtime_regions_read(const void *table, uint64_t size, const struct memory_map *map,
                          struct runtime_claim *ret);

#endif
