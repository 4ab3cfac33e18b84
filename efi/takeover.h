/* The door. */
#ifndef EFI_TAKEOVER_H
#define EFI_TAKEOVER_H

#include "pages.h"
#include "refusal.h"

/* Leaves boot services (UEFI 2.10, 7.4.6) and goes on in muster_main() on a stack of its own.
 * Returns only when that failed. Everything in the handoff is filled but the final memory map, the
 * runtime claim, and low memory that comes from that map. BSP. */
void takeover(struct firmware *firmware, struct handoff *handoff, struct map_buffer *map,
              struct refusal *ret_refusal);

#endif
