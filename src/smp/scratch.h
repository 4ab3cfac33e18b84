/* Scratch pages: addresses whose mapping a check may change. Each CPU has one, and all share one.
 */
#ifndef SMP_SCRATCH_H
#define SMP_SCRATCH_H

#include <stdint.h>

#include "fleet.h"

/* Apart from the stack windows; page n is CPU n's own, the one behind the last CPU's is shared. */
#define SCRATCH_WINDOW UINT64_C(0xffffb00000000000)

/* Each may lead to one of two pages of memory, filled with one of these words. */
enum { SCRATCH_A, SCRATCH_B, SCRATCH_PAGES };

/* Bytes of arena, and pages of page tables, for `cpus` CPUs. */
uint64_t scratch_size(void);
uint64_t scratch_tables(uint32_t cpus);
/* Maps every address to SCRATCH_A, read-only. False: the arena or the pool is exhausted. BSP, in
 * fleet_prepare(). */
bool scratch_prepare(struct fleet *fleet);

uint64_t scratch_address(uint32_t page);
/* The word that memory page `which` is filled with. */
uint64_t scratch_word(uint32_t which);
/* Makes `page` lead to memory page `which`, with `flags` added to its entry. Only the tables are
 * changed: what the CPUs have cached is the caller's business. */
void scratch_point(struct fleet *fleet, uint32_t page, uint32_t which, uint64_t flags);
/* Reads through the mapping, as the CPU has it. */
uint64_t scratch_read(uint32_t page);

#endif
