#include "turn.h"
#include "fleet.h"
#include "offer.h"
#include "registers.h"
#include "work.h"

enum { TURN_US = 5000000, SPIN_US = 30, NAP_US = 10000 };

void turn_begin(struct cpu *cpu, uint32_t most)
{
    struct fleet *fleet = cpu->fleet;
    struct turns *turns = &fleet->turns;
    uint32_t ticket = __atomic_fetch_add(&turns->taken, 1, __ATOMIC_ACQ_REL);
    uint64_t begin = tsc_read(), passed = 0;

    if (!under_tcg())
        return;
    while (__atomic_load_n(&turns->over, __ATOMIC_ACQUIRE) + most <= ticket && passed < TURN_US) {
        cpu->heartbeat++;
        if (passed < SPIN_US)
            spin_hint();
        else
            work_nap(fleet, NAP_US);
        passed = clock_us(&fleet->clock, tsc_read() - begin);
    }
}

void turn_end(struct cpu *cpu)
{
    __atomic_add_fetch(&cpu->fleet->turns.over, 1, __ATOMIC_ACQ_REL);
}
