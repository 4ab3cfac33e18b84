/* Waking every AP: INIT and SIPI to all at once, a deadline for each, one retry. */
#ifndef SMP_LAUNCH_H
#define SMP_LAUNCH_H

#include "fleet.h"
#include "trampoline.h"

/* A CPU that has not come this long after its INIT is tried again; after the same time again, it is
 * lost. */
enum { LAUNCH_DEADLINE_US = 3000000 };

/* Sends INIT to the APs of fleet->called, which takes them out of firmware's parking loop: where
 * that loop is MWAIT, an emulator's APs spin in it, and take the host's time from everything up to
 * launch_all(). BSP, as soon as fleet->handoff, ->count, ->called and ->apic are known. */
void launch_hold(struct fleet *fleet);

/* Lays the trampoline and makes its page executable and read-only. Low memory may be firmware's
 * until muster's page tables, GDT and IDT are loaded, so: not before. `break_id` is the planted
 * defect or "". BSP. */
void launch_prepare(struct fleet *fleet, struct slot *slots, const char *break_id);

/* Wakes the APs of fleet->called. Fills fleet->online, ->arrivals and ->strangers. The BSP,
 * installed, on its own stack. */
void launch_all(struct fleet *fleet, const char *break_id);

/* Counts the log anew: fleet->entries and ->strangers. A CPU that nobody claimed is waited for by
 * nobody, so its entry may come later than the others. BSP. */
void launch_read_log(struct fleet *fleet);

#endif
