#include "floor.h"
#include "registers.h"
#include "trampoline.h"
#include "work.h"
#include <muster/memory.h>

enum { LIMIT_US = 1000000, LOOK_US = 100, SECOND_SIPI_US = 2000, SETTLE_US = 50000 };

extern const uint8_t floor_code[], floor_code_end[];

/* The log's page serves: nothing is logged yet. */
static uint8_t *floor_page(const struct fleet *fleet)
{
    const struct low_memory *low = &fleet->handoff->low;

    return low->pages > 1 ? (uint8_t *)(uintptr_t)(low->base + TRAMPOLINE_PAGE) : NULL;
}

uint32_t floor_measure(struct fleet *fleet)
{
    uint8_t *page = floor_page(fleet);
    uint8_t vector = (uint8_t)((uintptr_t)page / TRAMPOLINE_PAGE);
    uint32_t passed = 0;

    /* Where firmware asks for its mailbox, INIT is not muster's to send. */
    if (!page || fleet->handoff->claims.madt.mailbox)
        return 0;
    memcpy(page, floor_code, (size_t)(floor_code_end - floor_code));
    volatile uint32_t *arrived = (volatile uint32_t *)(page + TRAMPOLINE_PAGE - 4);
    *arrived = 0;
    /* Never reached: work_wait() only sleeps here. */
    __atomic_store_n(&fleet->outstanding, 1, __ATOMIC_RELEASE);
    uint64_t begin = tsc_read();
    bool again = false;
    apic_broadcast_init(&fleet->apic);
    apic_broadcast_sipi(&fleet->apic, vector);
    while (*arrived < fleet->count - 1 && passed < LIMIT_US) {
        work_wait(fleet, LOOK_US);
        passed = (uint32_t)clock_us(&fleet->clock, tsc_read() - begin);
        /* As bring-up does: a running CPU does not listen, one that lost its SIPI takes this. */
        if (passed > SECOND_SIPI_US && !again)
            again = apic_broadcast_sipi(&fleet->apic, vector);
    }
    passed = (uint32_t)clock_us(&fleet->clock, tsc_read() - begin);
    /* A CPU may still have to look at the second SIPI: it must find code here until it has. */
    work_wait(fleet, SETTLE_US);
    memset(page, 0, TRAMPOLINE_PAGE);
    return passed < LIMIT_US ? passed : 0;
}
