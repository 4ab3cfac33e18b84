#include <muster/ioapic.h>
#include <muster/lapic.h>

enum { ALIGNMENT = 32 /* its registers, in one page */, MEMORY_PORTS = 12 };

/* What holds bytes of somebody's: everything but devices and what firmware reserves for them. */
static bool is_taken(const struct memory_region *region)
{
    return region->type != MEMORY_RESERVED && region->type != MEMORY_MAPPED_IO &&
           region->type != MEMORY_PORTS;
}

const char *ioapic_refusal(const struct ioapic_claim *claim, const struct memory_map *memory)
{
    const uint64_t page = claim->address & ~(uint64_t)(IOAPIC_PAGE - 1);
    if (claim->address == 0) {
        return "0";
    }
    if (claim->address % ALIGNMENT != 0) {
        return "not aligned";
    }
    for (uint32_t n = 0; n < memory->count; n++) {
        const struct memory_region *region = &memory->regions[n];
        if (is_taken(region) && region->base < page + IOAPIC_PAGE &&
            region->base + region->size > page) {
            return "in memory";
        }
    }
    return NULL;
}

bool ioapic_entry_live(uint64_t entry)
{
    const uint32_t delivery = delivery_of((uint32_t)entry);
    return !(entry & LVT_MASKED) && delivery != DELIVER_SMI && delivery != DELIVER_EXTINT;
}
