/* All memory muster will ever have, taken before the door. */
#ifndef EFI_MEMORY_H
#define EFI_MEMORY_H

#include "firmware.h"
#include "refusal.h"

enum { DOOR_STACK_SIZE = 65536 }; /* the stack muster_main() starts on, part of the arena */

/* The handoff in pages of its own, zeroed, with its own place and the program's sections filled in.
 * NULL when there is no memory. */
struct handoff *memory_take_handoff(struct firmware *firmware, struct refusal *ret_refusal);

/* Bytes of arena for what the handoff holds: its CPUs, its framebuffer, and the stack at the door.
 */
uint64_t memory_arena_size(const struct handoff *handoff);

/* The arena, below 4 GiB. The refusal names the size wanted and the largest there is in
 * `handoff->memory`. */
bool memory_take_arena(struct firmware *firmware, struct handoff *handoff,
                       struct refusal *ret_refusal);

/* Pages below 1 MiB for the trampoline and its log of arrivals: as many as `handoff->inventory`
 * wants, or fewer. None to be had leaves `low.pages` 0, for memory_settle_low(). */
void memory_take_low(struct firmware *firmware, struct handoff *handoff);

/* Makes sure of low memory before boot services are left, since afterwards it is too late to
 * refuse: where none could be taken, chooses from `handoff->memory`, the newest map. */
bool memory_settle_low(struct handoff *handoff, struct refusal *ret_refusal);

#endif
