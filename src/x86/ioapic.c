#include "ioapic.h"
#include <muster/lapic.h>

enum {
    SELECT = 0x00,
    WINDOW = 0x10,
    REGISTER_VERSION = 1,
    REGISTER_ENTRY = 0x10, /* two each: low, high */
    PINS_MAX = 240,
};

static volatile uint32_t *at(const struct ioapic_claim *claim, uint32_t offset)
{
    return (volatile uint32_t *)(uintptr_t)(claim->address + offset);
}

static uint32_t read(const struct ioapic_claim *claim, uint32_t number)
{
    *at(claim, SELECT) = number;
    return *at(claim, WINDOW);
}

static void write(const struct ioapic_claim *claim, uint32_t number, uint32_t value)
{
    *at(claim, SELECT) = number;
    *at(claim, WINDOW) = value;
}

static void look(const struct ioapic_claim *claim, uint32_t pin, struct ioapic_record *ret)
{
    uint32_t low = read(claim, REGISTER_ENTRY + 2 * pin);
    uint64_t entry = (uint64_t)read(claim, REGISTER_ENTRY + 2 * pin + 1) << 32 | low;

    if (!(low & LVT_MASKED) && delivery_of(low) != DELIVER_SMI)
        write(claim, REGISTER_ENTRY + 2 * pin, low | LVT_MASKED);
    if (!ioapic_entry_live(entry))
        return;
    if (ret->live < IOAPIC_LIVE_KEPT)
        ret->kept[ret->live] = (struct ioapic_live){.gsi = claim->gsi_base + pin, .entry = entry};
    ret->live++;
}

void ioapic_quiet(const struct ioapic_claim *claim, struct ioapic_record *ret)
{
    ret->asked = true;
    ret->version = read(claim, REGISTER_VERSION);
    ret->answers = ret->version != 0 && ret->version != UINT32_MAX;
    uint32_t pins = (ret->version >> 16 & 0xff) + 1;
    for (uint32_t pin = 0; ret->answers && pin < pins && pin < PINS_MAX; pin++)
        look(claim, pin, ret);
}
