#include "bsp_watch.h"
#include "registers.h"
#include "work.h"

enum { LOOK_US = 1000000 };

static bool at_work(const struct cpu *cpu, uint32_t job)
{
    return __atomic_load_n(&cpu->posted, __ATOMIC_ACQUIRE) == job &&
           __atomic_load_n(&cpu->done, __ATOMIC_ACQUIRE) != job;
}

/* Interrupts are off at work, so an NMI it must be. Until it has ended another that it handles, the
 * BSP takes none (SDM vol. 3A, 6.7.1): if it hangs there, nothing helps. */
bool bsp_watch(struct cpu *cpu)
{
    struct fleet *fleet = cpu->fleet;
    const struct cpu *bsp = fleet_cpu(fleet, 0);
    uint32_t job = bsp->posted;

    if (!at_work(bsp, job) ||
        __atomic_exchange_n(&fleet->bsp_watched, job, __ATOMIC_ACQ_REL) == job)
        return false;
    uint64_t begin = tsc_read(), quiet_since = begin, last = work_pulse(fleet, &fleet->at_work);
    while (at_work(bsp, job) && cpu->posted == cpu->done) {
        work_nap(fleet, LOOK_US);
        uint64_t now = tsc_read(), pulse = work_pulse(fleet, &fleet->at_work);
        if (pulse != last)
            quiet_since = now;
        last = pulse;
        if (clock_us(&fleet->clock, now - quiet_since) < STALL_US &&
            clock_us(&fleet->clock, now - begin) < TOTAL_US)
            continue;
        fleet->bsp_stalled = job;
        apic_send_nmi(&fleet->apic, bsp->apic_id);
    }
    return true;
}

bool bsp_stalled(const struct cpu *bsp)
{
    uint32_t job = bsp->fleet->bsp_stalled;

    return job && job == bsp->posted;
}

/* It may have come back just then: and a later job's NMIs are its own. */
bool bsp_watch_ends(const struct cpu *cpu)
{
    return cpu->index == 0 && bsp_stalled(cpu) && cpu->posted != cpu->done;
}
