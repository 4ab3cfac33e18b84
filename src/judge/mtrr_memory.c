/* state.mtrr-memory: memory types against the final memory map. */
#include <muster/ioapic.h>
#include <muster/judge_msr.h>

enum { APIC_PAGE = 4096, IOAPIC_BYTES = 32 };
#define FLASH_BASE UINT64_C(0xff000000)

/* What was found so far: the first place, and how much there is of it in all. */
struct misfit {
    struct mtrr_range first;
    const char *what;
    uint64_t bytes, looked_at;
};

/* UEFI 2.10, table 7.10: memory that the operating system takes for its own. */
static bool is_memory(const struct memory_region *region)
{
    const uint32_t types =
        1u << 1 | 1u << 2 | 1u << 3 | 1u << 4 | 1u << MEMORY_CONVENTIONAL | 1u << 9;

    return region->type < 32 && types >> region->type & 1 &&
           region->attribute & MEMORY_ATTRIBUTE_WB;
}

/* Flash may be cached; what supports nothing but UC may not. */
static bool is_device(const struct memory_region *region)
{
    return region->type == MEMORY_MAPPED_IO &&
           !(region->attribute & (MEMORY_ATTRIBUTE_WB | MEMORY_ATTRIBUTE_WT));
}

/* Without where AMD sends it. */
static uint32_t plain(uint32_t type)
{
    return type == MEMORY_TYPE_UNDEFINED ? type : type & MEMORY_TYPE_MASK;
}

static bool cached(uint32_t type)
{
    return type == MEMORY_TYPE_WB || type == MEMORY_TYPE_WT || type == MEMORY_TYPE_WP;
}

static void note(struct misfit *misfit, const char *what, const struct mtrr_range *range)
{
    if (!misfit->bytes) {
        misfit->first = *range;
        misfit->what = what;
    }
    misfit->bytes += range->last - range->base + 1;
}

/* The flash below 4 GiB is often left write-protected after POST, to run from: reads come from the
 * cache, writes reach the bus, and no register is there. */
static bool is_flash(uint64_t base, uint64_t last)
{
    return base >= FLASH_BASE && last <= UINT32_MAX;
}

static bool wrongly_cached(const struct mtrr_range *range)
{
    uint32_t type = plain(range->type);

    return cached(type) && !(type == MEMORY_TYPE_WP && is_flash(range->base, range->last));
}

/* Looks at [base, last] for what does not fit: memory that is not WB, or a device that is cached.
 */
static void look(const struct mtrr_registers *mtrr, uint64_t base, uint64_t size, bool memory,
                 const char *what, struct misfit *ret)
{
    uint64_t last = base + size - 1;
    const uint64_t reach = mtrr_address_last(mtrr);

    if (memory && size && last > reach) {
        struct mtrr_range beyond = {
            .base = base > reach ? base : reach + 1, .last = last, .type = MEMORY_TYPE_UNDEFINED};
        ret->looked_at += beyond.last - beyond.base + 1;
        note(ret, "memory beyond the CPU's address bits", &beyond);
    }
    if (last > reach)
        last = reach;
    while (size && base <= last) {
        struct mtrr_range range = mtrr_range_at(mtrr, base);
        range.last = range.last < last ? range.last : last;
        ret->looked_at += range.last - range.base + 1;
        range.base = base;
        if (memory ? plain(range.type) != MEMORY_TYPE_WB : wrongly_cached(&range))
            note(ret, what, &range);
        base = range.last + 1;
    }
}

static void look_at_memory(const struct handoff *handoff, const struct mtrr_registers *mtrr,
                           struct misfit *ret)
{
    for (uint32_t n = 0; n < handoff->memory.count; n++) {
        const struct memory_region *region = &handoff->memory.regions[n];
        if (is_memory(region))
            look(mtrr, region->base, region->size, true, "memory", ret);
    }
}

static void look_at_devices(const struct handoff *handoff, const struct obs_mtrr *seen,
                            struct misfit *ret)
{
    const struct framebuffer_claim *screen = &handoff->framebuffer;
    const struct madt_claims *madt = &handoff->claims.madt;

    look(&seen->mtrr, seen->apic_base, APIC_PAGE, false, "the local APIC", ret);
    for (uint32_t n = 0; n < madt->ioapic_count; n++) {
        if (!ioapic_refusal(&madt->ioapics[n], &handoff->memory))
            look(&seen->mtrr, madt->ioapics[n].address, IOAPIC_BYTES, false, "an I/O APIC", ret);
    }
    if (screen->order != PIXEL_NONE)
        look(&seen->mtrr, screen->base, (uint64_t)screen->stride * screen->height * 4, false,
             "the framebuffer", ret);
    for (uint32_t n = 0; n < handoff->memory.count; n++) {
        const struct memory_region *region = &handoff->memory.regions[n];
        if (is_device(region))
            look(&seen->mtrr, region->base, region->size, false, "memory-mapped I/O", ret);
    }
}

static void tell(struct teller *teller, const struct cpuset *cpus, const struct misfit *misfit,
                 const char *wanted, const char *means)
{
    struct words words = {0};
    struct text seen;

    if (!misfit->bytes)
        return;
    text_init(&seen, words.seen, sizeof words.seen);
    text_format(&seen, "%s at ", misfit->what);
    mtrr_range_print(&seen, &misfit->first);
    if (misfit->bytes > misfit->first.last - misfit->first.base + 1)
        text_format(&seen, "; %lu KiB in all", (unsigned long)(misfit->bytes / 1024));
    string_copy(words.expected, sizeof words.expected, wanted);
    string_copy(words.means, sizeof words.means, means);
    teller->tell(teller, cpus, VERDICT_FAIL, &words);
}

/* Firmware made for virtual machines may leave it at that: U-Boot does. */
static void tell_nothing_cached(const struct obs_mtrr *seen, const struct cpuset *cpus,
                                struct teller *teller)
{
    struct words words = {.seen = "no memory is WB, which costs nothing in a virtual machine",
                          .expected = "memory that the map offers for use is WB",
                          .means = "all memory is uncached: everything runs a hundred times slower "
                                   "until an operating system sets the MTRRs, and few do"};

    if (!seen->virtual)
        string_copy(words.seen, sizeof words.seen,
                    seen->mtrr.def_type & MTRR_E ? "no memory is WB" : "MTRRs are off");
    teller->tell(teller, cpus, seen->virtual ? VERDICT_SKIP : VERDICT_FAIL, &words);
}

void judge_mtrr_memory(const struct crowd *crowd, struct teller *teller)
{
    struct misfit memory = {.what = ""}, device = {.what = ""};
    uint32_t first = cpuset_next(&crowd->cpus, 0);

    if (first == CPU_NONE)
        return;
    const struct obs_mtrr *seen = &crowd_seen(crowd, first)->mtrr;
    if (!seen->offered || seen->unread) {
        struct words words = {.seen = "the CPU has no MTRRs that can be read"};
        teller->tell(teller, &crowd->cpus, VERDICT_SKIP, &words);
        return;
    }
    look_at_memory(crowd->handoff, &seen->mtrr, &memory);
    if (memory.bytes && memory.bytes == memory.looked_at) {
        tell_nothing_cached(seen, &crowd->cpus, teller);
        return;
    }
    look_at_devices(crowd->handoff, seen, &device);
    tell(teller, &crowd->cpus, &memory, "memory that the map offers for use is WB",
         "this memory is not cached: Linux leaves it unused (\"CPU MTRRs don't cover all of "
         "memory\"), other systems run slowly in it");
    tell(teller, &crowd->cpus, &device, "devices are not cached",
         "a driver that relies on the firmware's types reads stale registers, and its writes come "
         "late or never");
}
