/* Work for CPUs: idle ones halt and are woken by IPI; the BSP waits, halting too, for a bounded
 * time. */
#ifndef SMP_WORK_H
#define SMP_WORK_H

#include "fleet.h"

/* CPUs still at work are given up when none of those called with them has shown a heartbeat for
 * this long: the host of an emulator serves hundreds of CPUs in turn. */
enum { STALL_US = 10000000 };
/* No job takes ten minutes, whatever its heartbeat says. */
enum { TOTAL_US = 600000000 };

/* An AP's last step of bring-up: STAGE_ONLINE, and the BSP is told when it was the last. */
void work_report_online(struct cpu *cpu);
/* An AP's life: halted with interrupts on, or at work. */
_Noreturn void work_idle(struct cpu *cpu);

/* Runs `job` on every CPU of `set` that is online, on the BSP itself too if it is in the set, at
 * once. CPUs that do not come back, or die, are added to `ret_lost` and leave fleet->online. BSP
 * only. */
void work_run(struct fleet *fleet, const struct cpuset *set, work *job, void *context,
              struct cpuset *ret_lost);

/* The sum of the heartbeats of `set`: while it moves, somebody is getting on. Any CPU. */
uint64_t work_pulse(const struct fleet *fleet, const struct cpuset *set);

/* Sleeps until `fleet->outstanding` is 0 or `us` microseconds have passed; true: it is 0. BSP only.
 */
bool work_wait(struct fleet *fleet, uint64_t us);

/* Halts until `us` microseconds have passed or an interrupt came, which is taken; without a working
 * timer, spins a little. Any CPU, interrupts off. */
void work_nap(struct fleet *fleet, uint64_t us);

/* Asks for VECTOR_TIMER on the calling CPU in `us` microseconds, or takes that back (0). */
void work_alarm(const struct fleet *fleet, uint64_t us);

/* The calling CPU has finished what fleet->outstanding counts; the last one wakes the BSP. */
void work_finished(struct fleet *fleet);

/* Asks for VECTOR_DEADLINE in `us` microseconds, or takes that back (0). BSP. */
void work_deadline(struct fleet *fleet, uint64_t us);

/* Learns whether the BSP's APIC timer interrupts. BSP, installed. */
void work_try_timer(struct fleet *fleet);

#endif
