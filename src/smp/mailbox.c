#include "mailbox.h"
#include "attempt.h"
#include "launch.h"
#include "registers.h"
#include "work.h"
#include <muster/text.h>

enum {
    COMMAND_NOOP = 0,
    COMMAND_WAKEUP = 1,
    ACKNOWLEDGE_US = 1000000,
    /* So many that did not answer, one after the other, speak against the mailbox: until somebody
     * answers, the others get less time each, since all wait in the same loop of firmware's. */
    SILENT_MAX = 3,
    ACKNOWLEDGE_LESS_US = 10000,
};

/* ACPI 6.5, table 5.44. */
struct mailbox {
    uint16_t command;
    uint16_t reserved;
    uint32_t apic_id;
    uint64_t wakeup_vector;
};

_Static_assert(sizeof(struct mailbox) == 16, "ACPI 6.5, table 5.44");

/* The AP clears the command when it has taken it. One that nobody took is withdrawn: the next may
 * only be sent where none is pending. */
static bool acknowledged(struct fleet *fleet, volatile struct mailbox *mailbox, uint64_t us)
{
    uint64_t begin = tsc_read();

    while (__atomic_load_n(&mailbox->command, __ATOMIC_ACQUIRE) != COMMAND_NOOP) {
        if (clock_us(&fleet->clock, tsc_read() - begin) > us) {
            __atomic_store_n(&mailbox->command, COMMAND_NOOP, __ATOMIC_RELEASE);
            return false;
        }
        spin_hint();
    }
    return true;
}

/* --break up.answer: nothing is done; up.init-sent: the command is withheld. */
static bool planted(const struct fleet *fleet, uint32_t index, const char *break_id, const char *at)
{
    return index == fleet->victim && string_equal(break_id, at);
}

static bool call_one(struct fleet *fleet, volatile struct mailbox *mailbox, struct cpu *cpu,
                     uint64_t us)
{
    mailbox->apic_id = cpu->apic_id;
    mailbox->wakeup_vector = trampoline_header(fleet)->mailbox_entry;
    __atomic_store_n(&mailbox->command, COMMAND_WAKEUP, __ATOMIC_RELEASE);
    return acknowledged(fleet, mailbox, us);
}

void mailbox_call(struct fleet *fleet, const struct cpuset *aps, const char *break_id)
{
    volatile struct mailbox *mailbox = (void *)(uintptr_t)fleet->handoff->claims.madt.mailbox;
    uint32_t silent = 0;

    cpuset_for_each(index, aps)
    {
        struct cpu *cpu = fleet_cpu(fleet, index);
        if (planted(fleet, index, break_id, "up.answer"))
            continue;
        attempt_init_sent(cpu, tsc_read());
        if (planted(fleet, index, break_id, "up.init-sent"))
            continue;
        /* Taken: from here on the AP's own stages tell how far it comes. */
        if (call_one(fleet, mailbox, cpu,
                     silent < SILENT_MAX ? ACKNOWLEDGE_US : ACKNOWLEDGE_LESS_US)) {
            attempt_sipi_sent(cpu, tsc_read());
            silent = 0;
        } else {
            silent++;
        }
    }
    work_wait(fleet, LAUNCH_DEADLINE_US);
}
