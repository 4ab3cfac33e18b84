/* While the BSP is at work, an idle AP looks whether it gets on: nobody else would know that it
 * hangs.
 */
#ifndef SMP_BSP_WATCH_H
#define SMP_BSP_WATCH_H

#include "fleet.h"

/* Looks until the BSP is done, or the caller has work. When no CPU at work has shown a heartbeat
 * for STALL_US, the BSP is sent an NMI. False, at once, where the BSP is not at work or another AP
 * looks already; else interrupts have been taken, and what woke the caller may have been meant for
 * its next work, or its next watch. An AP, idle, interrupts off. */
bool bsp_watch(struct cpu *cpu);

/* Whether the last job of the BSP has been ended so. */
bool bsp_stalled(const struct cpu *bsp);

/* Whether an NMI on `cpu` is to end what it hangs in. */
bool bsp_watch_ends(const struct cpu *cpu);

#endif
