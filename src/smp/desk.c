#include "desk.h"
#include "fleet.h"
#include "registers.h"
#include "work.h"

enum { SPIN_US = 30, NAP_US = 20000 };

void desk_open(void)
{
    interrupts_take();
    spin_hint();
}

bool desk_wait(struct cpu *cpu, const volatile uint32_t *count, uint32_t want)
{
    uint64_t begin = tsc_read(), progress = begin;
    uint32_t last = *count;

    while (*count < want) {
        uint64_t now = tsc_read();
        if (*count != last) {
            last = *count;
            progress = now;
        }
        if (clock_us(&cpu->fleet->clock, now - progress) >= cpu->fleet->patience_us)
            return false;
        cpu->heartbeat++;
        if (clock_us(&cpu->fleet->clock, now - begin) < SPIN_US)
            desk_open();
        else
            work_nap(cpu->fleet, NAP_US);
    }
    return true;
}

void desk_linger(struct cpu *cpu, uint64_t us)
{
    uint64_t begin = tsc_read();

    do
        desk_open();
    while (clock_us(&cpu->fleet->clock, tsc_read() - begin) < us);
}

bool desk_slot_take(uint32_t *slot, uint32_t sender)
{
    uint32_t nobody = 0;

    return __atomic_compare_exchange_n(slot, &nobody, sender + 1, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}

uint32_t desk_slot_free(uint32_t *slot)
{
    return __atomic_exchange_n(slot, 0, __ATOMIC_ACQ_REL) - 1;
}

void desk_note(struct cpu *cpu, uint8_t event)
{
    struct desk *desk = &cpu->desk;

    if (desk->event_count < DESK_EVENTS)
        desk->events[desk->event_count] = event;
    desk->event_count++;
}
