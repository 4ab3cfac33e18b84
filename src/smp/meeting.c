#include "meeting.h"
#include "fleet.h"
#include "registers.h"
#include "work.h"

enum { MEETING_US = 5000000, SPIN_US = 30, NAP_US = 50000 };

/* Who naps longer than it takes to come wakes by this. */
static void wake_the_others(const struct cpu *cpu, uint32_t count)
{
    const struct fleet *fleet = cpu->fleet;

    cpuset_for_each(index, &fleet->at_work)
    {
        if (!count--)
            break;
        if (index != cpu->index)
            apic_send_fixed(&fleet->apic, fleet_cpu(fleet, index)->apic_id, VECTOR_WAKE);
    }
}

static bool wait_for_others(struct cpu *cpu, struct meeting *meeting, uint32_t held)
{
    struct fleet *fleet = cpu->fleet;
    uint64_t begin = tsc_read();

    while (__atomic_load_n(&meeting->held, __ATOMIC_ACQUIRE) == held) {
        uint64_t passed = clock_us(&fleet->clock, tsc_read() - begin);
        if (meeting->missed || passed >= MEETING_US) {
            meeting->missed = true;
            return false;
        }
        cpu->heartbeat++;
        if (passed < SPIN_US)
            spin_hint();
        else
            work_nap(fleet, NAP_US);
    }
    return true;
}

static bool meet_at(struct cpu *cpu, struct meeting *meeting, uint32_t count)
{
    uint32_t held = meeting->held;

    if (meeting->missed)
        return false;
    if (__atomic_add_fetch(&meeting->came, 1, __ATOMIC_ACQ_REL) < count)
        return wait_for_others(cpu, meeting, held);
    meeting->came = 0;
    __atomic_store_n(&meeting->held, held + 1, __ATOMIC_RELEASE);
    wake_the_others(cpu, count);
    return true;
}

bool meet(struct cpu *cpu)
{
    return meet_at(cpu, &cpu->fleet->meeting, cpu->fleet->at_work_count);
}

bool meet_first(struct cpu *cpu, uint32_t count)
{
    return meet_at(cpu, &cpu->fleet->meeting_of_first, count);
}
