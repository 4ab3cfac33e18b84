#include "lapic.h"
#include "offer.h"
#include "registers.h"
#include <muster/mca.h>

enum {
    VERSION_LAST_LVT = 16, /* bits 23:16: LVT entries less one (SDM vol. 3A, figure 11-7) */
    LAST_WITH_PERFORMANCE = 4,
    LAST_WITH_THERMAL = 5,
    LAST_WITH_CMCI = 6,
    EXTENDED_COUNT = 16, /* bits 23:16 (APM vol. 2, 16.3.4) */
    VECTORS = 256,
};

/* CMCI comes with MCG_CAP[10] (SDM vol. 3A, 11.5.1). Reading a register that is not there is #GP in
 * x2APIC mode. */
static bool has_cmci(uint32_t last)
{
    return last >= LAST_WITH_CMCI && offers_machine_check() && msr_read(MSR_MCG_CAP) & MCG_CAP_CMCI;
}

static uint32_t extended_count(const struct apic *apic)
{
    uint32_t most = LVT_ALL - LVT_EXTENDED;

    if (!offers_extended_apic())
        return 0;
    uint32_t count = apic_read(apic, APIC_EXTENDED) >> EXTENDED_COUNT & 0xff;
    return count < most ? count : most;
}

/* The offset of an LVT entry, or 0 where this APIC has none. */
static uint32_t offset_of(const struct apic *apic, uint32_t lvt)
{
    uint32_t last = apic_read(apic, APIC_VERSION) >> VERSION_LAST_LVT & 0xff;

    if (lvt == LVT_CMCI)
        return has_cmci(last) ? APIC_LVT_CMCI : 0;
    if (lvt >= LVT_EXTENDED)
        return lvt - LVT_EXTENDED < extended_count(apic)
                   ? APIC_LVT_EXTENDED + 0x10 * (lvt - LVT_EXTENDED)
                   : 0;
    if ((lvt == LVT_THERMAL && last < LAST_WITH_THERMAL) ||
        (lvt == LVT_PERFORMANCE && last < LAST_WITH_PERFORMANCE))
        return 0;
    return APIC_LVT_TIMER + 0x10 * lvt;
}

static void take_lvts(const struct apic *apic, struct lapic_record *ret)
{
    for (uint32_t lvt = 0; lvt < LVT_ALL; lvt++) {
        uint32_t offset = offset_of(apic, lvt);
        ret->lvt[lvt] = offset ? apic_read(apic, offset) : LVT_MASKED;
    }
    if ((ret->lvt[LVT_TIMER] >> 17 & 3) == LVT_TIMER_DEADLINE && offers_tsc_deadline())
        ret->deadline = msr_read(MSR_TSC_DEADLINE);
}

void lapic_take(const struct apic *apic, struct lapic_record *ret)
{
    struct apic own;

    *ret = (struct lapic_record){.taken = false};
    if (!apic_find(&own) || (!own.x2apic && own.base != apic->base))
        return;
    ret->taken = true;
    ret->x2apic = own.x2apic;
    ret->version = apic_read(&own, APIC_VERSION);
    ret->task_priority = apic_read(&own, APIC_TPR);
    ret->logical = apic_read(&own, APIC_LOGICAL);
    ret->destination = own.x2apic ? 0 : apic_read(&own, APIC_DESTINATION);
    ret->spurious = apic_read(&own, APIC_SPURIOUS);
    /* A read tells what had come before the last write (SDM vol. 3A, 11.5.3). */
    apic_write(&own, APIC_ERROR, 0);
    ret->error = apic_read(&own, APIC_ERROR);
    take_lvts(&own, ret);
    ret->timer_initial = apic_read(&own, APIC_TIMER_INITIAL);
    ret->timer_current = apic_read(&own, APIC_TIMER_CURRENT);
    for (uint32_t n = 0; n < VECTOR_WORDS; n++) {
        ret->in_service[n] = apic_read(&own, APIC_ISR + 0x10 * n);
        ret->requested[n] = apic_read(&own, APIC_IRR + 0x10 * n);
    }
}

static void mask(const struct apic *apic, uint32_t lvt)
{
    uint32_t offset = offset_of(apic, lvt);
    uint32_t entry = offset ? apic_read(apic, offset) : LVT_MASKED;

    if (!(entry & LVT_MASKED) && (lvt == LVT_TIMER || delivery_of(entry) != DELIVER_SMI))
        apic_write(apic, offset, entry | LVT_MASKED);
}

static bool any_in_service(const struct apic *apic)
{
    for (uint32_t n = 0; n < VECTOR_WORDS; n++) {
        if (apic_read(apic, APIC_ISR + 0x10 * n))
            return true;
    }
    return false;
}

void lapic_quiet(const struct apic *apic)
{
    for (uint32_t lvt = 0; lvt < LVT_ALL; lvt++)
        mask(apic, lvt);
    for (uint32_t n = 0; n < VECTORS && any_in_service(apic); n++)
        apic_end_of_interrupt(apic);
}
