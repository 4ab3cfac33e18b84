/* What a local APIC holds: its registers at one moment, and what of it would still interrupt (SDM
 * vol. 3A, 11). Pure. */
#ifndef MUSTER_LAPIC_H
#define MUSTER_LAPIC_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/text.h>

enum lapic_lvt {
    LVT_TIMER,
    LVT_THERMAL,
    LVT_PERFORMANCE,
    LVT_LINT0,
    LVT_LINT1,
    LVT_ERROR,
    LVT_COUNT, /* those that lie one after the other, 0x10 apart */
    LVT_CMCI = LVT_COUNT,
    LVT_EXTENDED, /* AMD's, up to four (APM vol. 2, 16.4.5) */
    LVT_ALL = LVT_EXTENDED + 4
};

enum {
    LVT_MASKED = 1 << 16,
    LVT_REMOTE_IRR = 1 << 14,
    LVT_PASSING = 1 << 12 | LVT_REMOTE_IRR, /* an interrupt on its way: no setting */
    LVT_TIMER_PERIODIC = 1,
    LVT_TIMER_DEADLINE = 2,
    DELIVER_FIXED = 0,
    DELIVER_LOWEST = 1,
    DELIVER_SMI = 2,
    DELIVER_NMI = 4,
    DELIVER_INIT = 5,
    DELIVER_EXTINT = 7,
    VECTOR_WORDS = 8,
};

struct lapic_record {
    bool taken;
    bool x2apic;
    uint32_t version, task_priority, logical, destination, spurious, error;
    uint32_t lvt[LVT_ALL]; /* LVT_MASKED: masked, or not there */
    uint32_t timer_initial, timer_current;
    uint64_t deadline; /* IA32_TSC_DEADLINE, where the timer is in that mode */
    uint32_t in_service[VECTOR_WORDS], requested[VECTOR_WORDS];
};

/* Bits 10:8 of an LVT or redirection entry. */
static inline uint32_t delivery_of(uint32_t entry)
{
    return entry >> 8 & 7;
}

/* "fixed", "NMI" */
const char *delivery_name(uint32_t delivery);
/* "timer", "LINT0", "extended 2" */
void lvt_print_name(struct text *out, enum lapic_lvt lvt);

/* Whether this entry can still interrupt by what the next owner of the CPU does not expect. Not:
 * what leads to SMM, which is firmware's own; ExtINT and NMI on LINT0 and LINT1, which is virtual
 * wire mode (MP specification 1.4, 3.6.2.2); a timer that does not run. */
bool lapic_live(const struct lapic_record *lapic, enum lapic_lvt lvt);

/* Whether the timer counts, or waits for its deadline, masked or not. */
bool lapic_timer_runs(const struct lapic_record *lapic);

/* "0x20, 0x51" of a bitmap by vector, at most `max` of them; returns how many there are. */
uint32_t vectors_print(struct text *out, const uint32_t bitmap[VECTOR_WORDS], uint32_t max);

#endif
