/* While the BSP is at work, an idle AP looks whether it gets on: nobody else would know that it
 * hangs.
 */
#ifndef SMP_BSP_WATCH_H
#define SMP_BSP_WATCH_H

#include "fleet.h"

/* Returns at once where the BSP is not at work or another AP looks already, else when the BSP is
 * done, or the caller has work. A BSP that shows no heartbeat for STALL_US is sent an NMI. An AP,
 * idle, interrupts off. */
void bsp_watch(struct cpu *cpu);

/* Whether an NMI on `cpu` is to end what it hangs in. */
bool bsp_watch_ends(const struct cpu *cpu);

#endif
