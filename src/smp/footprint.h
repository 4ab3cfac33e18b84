/* Footprints: which of a CPU's stacks have been written, told by their paint. */
#ifndef SMP_FOOTPRINT_H
#define SMP_FOOTPRINT_H

#include "cpu.h"

/* The lowest words of the main stack that must never be reached. */
enum { FOOTPRINT_MAIN_BYTES = 512 };

/* Bits by enum stack_id: stacks written since they were last painted (of the main stack, only its
 * lowest FOOTPRINT_MAIN_BYTES count). `ret_depth[id]` is how far down from its top each was used.
 * The CPU itself, with nothing in progress on its IST stacks. */
uint32_t footprint_read(const struct cpu *cpu, uint32_t ret_depth[STACK_ID_COUNT]);

/* Takes note of the deepest ever, in cpu->high_water; the main stack's comes last of all. */
void footprint_keep(struct cpu *cpu, const uint32_t depth[STACK_ID_COUNT]);
/* Bytes ever used of the whole main stack. Any CPU, once nothing runs on it but the BSP's report.
 */
uint32_t footprint_main(const struct cpu *cpu);

/* Paints the used part of every stack but the main one again. The CPU itself. */
void footprint_clear(const struct cpu *cpu, const uint32_t depth[STACK_ID_COUNT]);

#endif
