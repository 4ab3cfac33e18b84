#include <muster/lapic.h>

const char *delivery_name(uint32_t delivery)
{
    static const char *const names[] = {
        "fixed", "lowest priority", "SMI", "reserved", "NMI", "INIT", "SIPI", "ExtINT"};
    return names[delivery & 7];
}

void lvt_print_name(struct text *out, enum lapic_lvt lvt)
{
    static const char *const names[] = {"timer", "thermal", "performance", "LINT0",
                                        "LINT1", "error",   "CMCI"};
    if (lvt < LVT_EXTENDED) {
        text_add(out, names[lvt]);
    } else {
        text_format(out, "extended %u", lvt - LVT_EXTENDED);
    }
}

bool lapic_timer_runs(const struct lapic_record *lapic)
{
    switch (lapic->lvt[LVT_TIMER] >> 17 & 3) {
    case LVT_TIMER_DEADLINE:
        return lapic->deadline != 0;
    case LVT_TIMER_PERIODIC:
        return lapic->timer_initial != 0;
    default:
        return lapic->timer_current != 0;
    }
}

bool lapic_live(const struct lapic_record *lapic, enum lapic_lvt lvt)
{
    const uint32_t entry = lapic->lvt[lvt];
    const uint32_t delivery = delivery_of(entry);
    if (entry & LVT_MASKED) {
        return false;
    }
    if (lvt == LVT_TIMER) {
        return lapic_timer_runs(lapic);
    }
    if (lvt == LVT_LINT0 || lvt == LVT_LINT1) {
        return delivery != DELIVER_EXTINT && delivery != DELIVER_NMI && delivery != DELIVER_SMI;
    }
    return delivery != DELIVER_SMI;
}

uint32_t vectors_print(struct text *out, const uint32_t bitmap[VECTOR_WORDS], uint32_t max)
{
    uint32_t count = 0;
    for (uint32_t vector = 0; vector < VECTOR_WORDS * 32; vector++) {
        if (!(bitmap[vector / 32] >> (vector % 32) & 1)) {
            continue;
        }
        if (count < max) {
            text_format(out, "%s0x%x", count ? ", " : "", vector);
        }
        count++;
    }
    if (count > max) {
        text_format(out, " and %u more", count - max);
    }
    return count;
}
