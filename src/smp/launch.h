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

/* What became of a call to CPUs that had come before. */
struct recall {
    struct cpuset late; /* came at the second call, or not at all */
    struct cpuset lost; /* did not come: given up, with the stage they reached */
    uint64_t us;        /* from the first INIT until nobody was waited for */
};

/* Takes `aps`, which are online and idle, out of their idle loop by INIT and SIPI, once more by the
 * same way as at first; `singly`: each by its APIC ID, though one broadcast would reach them.
 * Arrivals stay those of launch_all(). Not where the mailbox woke them: it takes each CPU once
 * (ACPI 6.5, 5.2.12.19). BSP. */
void launch_again(struct fleet *fleet, const struct cpuset *aps, const char *break_id, bool singly,
                  struct recall *ret);

#endif
