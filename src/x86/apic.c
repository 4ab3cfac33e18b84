#include "apic.h"
#include "registers.h"
#include <muster/lapic.h>

enum {
    ICR_BUSY = 1 << 12,
    SPURIOUS_ENABLE = 1 << 8,
    DIVIDE_BY_16 = 3,
    XAPIC_BROADCAST = 0xff,
};

#define APIC_BASE_X2APIC  (UINT64_C(1) << 10)
#define APIC_BASE_ENABLE  (UINT64_C(1) << 11)
#define APIC_BASE_ADDRESS UINT64_C(0x000ffffffffff000)

uint32_t apic_read(const struct apic *apic, uint32_t offset)
{
    if (apic->x2apic)
        return (uint32_t)msr_read(MSR_X2APIC + offset / 16);
    return *(volatile uint32_t *)(uintptr_t)(apic->base + offset);
}

void apic_write(const struct apic *apic, uint32_t offset, uint32_t value)
{
    if (apic->x2apic)
        msr_write(MSR_X2APIC + offset / 16, value);
    else
        *(volatile uint32_t *)(uintptr_t)(apic->base + offset) = value;
}

bool apic_find(struct apic *ret)
{
    uint64_t base = msr_read(MSR_APIC_BASE);

    *ret = (struct apic){
        .x2apic = base & APIC_BASE_X2APIC,
        .base = base & APIC_BASE_ADDRESS,
    };
    return base & APIC_BASE_ENABLE;
}

void apic_use_x2apic(struct apic *apic)
{
    uint64_t base = msr_read(MSR_APIC_BASE);

    msr_write(MSR_APIC_BASE, base | APIC_BASE_ENABLE | APIC_BASE_X2APIC);
    apic->x2apic = true;
}

bool apic_reaches(const struct apic *apic, uint32_t apic_id)
{
    return apic->x2apic || apic_id < XAPIC_BROADCAST;
}

bool apic_enable(const struct apic *apic, uint8_t spurious)
{
    uint64_t base = msr_read(MSR_APIC_BASE);
    uint64_t want = base | APIC_BASE_ENABLE;

    if (!apic->x2apic && base & APIC_BASE_X2APIC)
        return false;

    if (apic->x2apic)
        want |= APIC_BASE_X2APIC;
    /* From disabled to x2APIC leads through xAPIC (SDM vol. 3A, figure 11-27). */
    if (want != base) {
        msr_write(MSR_APIC_BASE, base | APIC_BASE_ENABLE);
        msr_write(MSR_APIC_BASE, want);
    }
    apic_write(apic, APIC_TPR, 0);
    apic_write(apic, APIC_SPURIOUS, SPURIOUS_ENABLE | spurious);
    return true;
}

uint32_t apic_id_register(const struct apic *apic)
{
    uint32_t id = apic_read(apic, APIC_ID);

    return apic->x2apic ? id : id >> 24;
}

void apic_end_of_interrupt(const struct apic *apic)
{
    apic_write(apic, APIC_EOI, 0);
}

bool apic_bit(const struct apic *apic, uint32_t bitmap, uint8_t vector)
{
    return apic_read(apic, bitmap + 0x10 * (vector / 32u)) >> (vector % 32u) & 1;
}

bool apic_in_service(const struct apic *apic, uint8_t vector)
{
    return apic_bit(apic, APIC_ISR, vector);
}

/* The delivery status is gone in x2APIC mode (SDM vol. 3A, 11.12.9). */
static bool icr_free(const struct apic *apic)
{
    if (apic->x2apic)
        return true;
    for (uint32_t tries = 0; tries < 10000; tries++) {
        if (!(apic_read(apic, APIC_ICR_LOW) & ICR_BUSY))
            return true;
        spin_hint();
    }
    return false;
}

bool apic_command(const struct apic *apic, uint32_t destination, uint32_t command)
{
    if (!icr_free(apic))
        return false;
    if (apic->x2apic) {
        /* WRMSR to the ICR does not wait for earlier stores (SDM vol. 3A, 11.12.3). */
        __asm__ volatile("mfence; lfence" : : : "memory");
        msr_write(MSR_X2APIC + APIC_ICR_LOW / 16, (uint64_t)destination << 32 | command);
        return true;
    }
    apic_write(apic, APIC_ICR_HIGH, destination << 24);
    apic_write(apic, APIC_ICR_LOW, command);
    return true;
}

/* To one CPU by its APIC ID: cut to 8 bits, an ID out of reach would be another's. */
static bool aim(const struct apic *apic, uint32_t apic_id, uint32_t command)
{
    return apic_reaches(apic, apic_id) && apic_command(apic, apic_id, command);
}

bool apic_send_init(const struct apic *apic, uint32_t apic_id)
{
    return aim(apic, apic_id, ICR_INIT | ICR_ASSERT);
}

bool apic_send_sipi(const struct apic *apic, uint32_t apic_id, uint8_t page)
{
    return aim(apic, apic_id, ICR_STARTUP | ICR_ASSERT | page);
}

bool apic_send_nmi(const struct apic *apic, uint32_t apic_id)
{
    return aim(apic, apic_id, APIC_SEND_NMI);
}

uint64_t apic_aim_nmi(const struct apic *apic, uint32_t apic_id)
{
    if (apic->x2apic)
        return 0;
    icr_free(apic);
    apic_write(apic, APIC_ICR_HIGH, apic_id << 24);
    return apic->base + APIC_ICR_LOW;
}

bool apic_send_fixed(const struct apic *apic, uint32_t apic_id, uint8_t vector)
{
    return aim(apic, apic_id, ICR_FIXED | ICR_ASSERT | vector);
}

bool apic_broadcast_init(const struct apic *apic)
{
    return apic_command(apic, 0, ICR_INIT | ICR_ASSERT | ICR_ALL_BUT_SELF);
}

bool apic_broadcast_sipi(const struct apic *apic, uint8_t page)
{
    return apic_command(apic, 0, ICR_STARTUP | ICR_ASSERT | ICR_ALL_BUT_SELF | page);
}

void apic_timer_start(const struct apic *apic, uint32_t lvt, uint32_t counts)
{
    apic_write(apic, APIC_TIMER_DIVIDE, DIVIDE_BY_16);
    apic_write(apic, APIC_LVT_TIMER, counts ? lvt : LVT_MASKED);
    apic_write(apic, APIC_TIMER_INITIAL, counts);
}

uint32_t apic_timer_left(const struct apic *apic)
{
    return apic_read(apic, APIC_TIMER_CURRENT);
}
