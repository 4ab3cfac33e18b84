#include "reference.h"
#include "offer.h"
#include "tsc.h"
#include <muster/hpet.h>

enum {
    WINDOW_US = 4000,
    PIT_WINDOW_US = 10000, /* its output is seen to within a tick only */
    WINDOWS = 5,
    TRIES = 3 * WINDOWS,
    FINE = 250,      /* a window tells something when its error is one part in this many, or less */
    PM_HZ = 3579545, /* ACPI 6.5, 4.8.3.3 */
    PIT_HZ = 1193182,
    STILL_READS = 10000, /* a counter that shows one value for so many reads stands still */
    READS_MAX = 2000000, /* … and one that moves to and fro does not count */
    PIT_READS_MAX = 200000,
    HPET_CAPABILITIES = 0x0,
    HPET_CONFIGURATION = 0x10,
    HPET_COUNTER = 0xf0,
    HPET_ENABLE = 1,
};

/* A counter that only rises, and wraps after `mask`. */
struct reference {
    uint64_t hz;
    uint32_t mask;
    uint64_t where;
    uint32_t (*read)(uint64_t where);
};

/* The TSC of a moment: not before, not after. */
struct moment {
    uint64_t from, to;
};

uint32_t rate_percent(void)
{
    return under_tcg() ? RATE_PERCENT_TCG : RATE_PERCENT;
}

struct rate rate_between(uint64_t low, uint64_t high)
{
    if (!low || high < low)
        return (struct rate){0, 0};
    return (struct rate){low + (high - low) / 2, (high - low + 1) / 2};
}

/* At 1 GHz the 24 bits of a PM timer have not wrapped by then; and the products below do not
 * overflow. */
#define TICKS_MAX UINT64_C(4000000000)

/* `passed`: ticks of a clock of `hz`, known to one more or less. 0 where the CPU was held for too
 * long. */
static struct rate rate_of(const struct moment *begin, const struct moment *end, uint64_t passed,
                           uint64_t hz)
{
    uint64_t least = end->from - begin->to, most = end->to - begin->from;

    if (passed < 2 || (int64_t)least <= 0 || most > TICKS_MAX)
        return (struct rate){0, 0};
    return rate_between(least * hz / (passed + 1), most * hz / (passed - 1));
}

static uint32_t read_at(const struct reference *reference, struct moment *ret)
{
    ret->from = tsc_read_ordered();
    uint32_t value = reference->read(reference->where);
    ret->to = tsc_read_ordered();
    return value & reference->mask;
}

/* False when it stands still. */
static bool window(const struct reference *reference, struct rate *ret)
{
    uint32_t goal = (uint32_t)(reference->hz * WINDOW_US / 1000000);
    struct moment begin, end;
    uint32_t first = read_at(reference, &begin), last = first;

    for (uint32_t reads = 0, still = 0; reads < READS_MAX && still < STILL_READS; reads++) {
        uint32_t now = read_at(reference, &end);
        uint32_t passed = (now - first) & reference->mask;
        if (passed >= goal) {
            *ret = rate_of(&begin, &end, passed, reference->hz);
            return true;
        }
        still = now == last ? still + 1 : 0;
        last = now;
    }
    return false;
}

static void sort_in(struct rate *rates, uint32_t count, struct rate rate)
{
    for (; count > 0 && rates[count - 1].hz > rate.hz; count--)
        rates[count] = rates[count - 1];
    rates[count] = rate;
}

/* Of the first that told something; the CPU was held at an end of the others. Where each read takes
 * so long that none is fine, under nested hypervisors, the narrowest. */
static struct rate median_of(bool (*once)(const struct reference *, struct rate *),
                             const struct reference *reference)
{
    struct rate rates[WINDOWS], narrowest = {0, UINT64_MAX};
    uint32_t count = 0;

    for (uint32_t tries = 0; tries < TRIES && count < WINDOWS; tries++) {
        struct rate rate;
        if (!once(reference, &rate))
            return (struct rate){0, 0};
        if (rate.hz && rate.error <= rate.hz / FINE)
            sort_in(rates, count++, rate);
        else if (rate.hz && rate.error < narrowest.error)
            narrowest = rate;
    }
    return count ? rates[count / 2] : narrowest.hz ? narrowest : (struct rate){0, 0};
}

static uint32_t read_port(uint64_t where)
{
    return port_read32((uint16_t)where);
}

static uint32_t read_memory(uint64_t where)
{
    return *(const volatile uint32_t *)(uintptr_t)where;
}

static struct rate reference_pm(const struct platform_claim *platform)
{
    const struct reference reference = {
        .hz = PM_HZ,
        .mask = platform->pm_timer_32bit ? UINT32_MAX : 0xffffff,
        .where = platform->pm_timer_port,
        .read = read_port,
    };

    return reference.where ? median_of(window, &reference) : (struct rate){0, 0};
}

/* IA-PC HPET 1.0a, 2.3. It is made to count for as long as it is needed. */
static struct rate reference_hpet(const struct platform_claim *platform)
{
    uint64_t base = platform->hpet_base;

    if (!base)
        return (struct rate){0, 0};
    volatile uint32_t *configuration = (volatile uint32_t *)(uintptr_t)(base + HPET_CONFIGURATION);
    uint64_t low = read_memory(base + HPET_CAPABILITIES);
    uint64_t high = read_memory(base + HPET_CAPABILITIES + 4);
    const struct reference reference = {
        .hz = hpet_hz(high << 32 | low),
        .mask = UINT32_MAX,
        .where = base + HPET_COUNTER,
        .read = read_memory,
    };
    if (!reference.hz)
        return (struct rate){0, 0};
    uint32_t before = *configuration;
    *configuration = before | HPET_ENABLE;
    struct rate rate = median_of(window, &reference);
    *configuration = before;
    return rate;
}

/* Channel 2 in mode 0: its output, readable at port 0x61 bit 5, is low until the count has ended,
 * one clock after the count that was written. A chipset may have its clock turned off. */
static bool window_pit(const struct reference *reference, struct rate *ret)
{
    uint32_t counts = (uint32_t)((uint64_t)PIT_HZ * PIT_WINDOW_US / 1000000);
    struct moment begin, end;

    (void)reference;
    port_write8(0x43, 0xb0);
    port_write8(0x42, (uint8_t)counts);
    begin.from = tsc_read_ordered();
    port_write8(0x42, (uint8_t)(counts >> 8));
    begin.to = end.from = tsc_read_ordered();
    for (uint32_t reads = 0; reads < PIT_READS_MAX; reads++) {
        uint64_t before = tsc_read_ordered();
        uint8_t port = port_read8(0x61);
        end.to = tsc_read_ordered();
        if (port == 0xff) /* there is none */
            return false;
        if (port & 0x20) {
            *ret = rate_of(&begin, &end, counts + 1, PIT_HZ);
            return true;
        }
        end.from = before;
    }
    return false;
}

static struct rate reference_pit(void)
{
    uint8_t gate = port_read8(0x61);

    port_write8(0x61, (gate & 0xfc) | 1);
    struct rate rate = median_of(window_pit, NULL);
    port_write8(0x61, gate);
    return rate;
}

static struct cpuid leaf(uint32_t number)
{
    return cpuid(0, 0).eax >= number ? cpuid(number, 0) : (struct cpuid){0};
}

uint64_t told_crystal(void)
{
    struct cpuid told = leaf(0x15);

    return told.eax && told.ebx ? told.ecx : 0;
}

static struct rate told_leaf_15(void)
{
    struct cpuid told = leaf(0x15);

    if (!told_crystal())
        return (struct rate){0, 0};
    return (struct rate){(uint64_t)told.ecx * told.ebx / told.eax, 0};
}

static struct rate told_leaf_16(void)
{
    return (struct rate){(uint64_t)(leaf(0x16).eax & 0xffff) * 1000000, 0};
}

static struct rate told_hypervisor(void)
{
    enum { TIMING = 0x40000010, VMWARE = 0x61774d56 /* "VMwa" */, KVM = 0x4b4d564b /* "KVMK" */ };

    if (!(cpuid(1, 0).ecx >> 31))
        return (struct rate){0, 0};
    struct cpuid name = cpuid(0x40000000, 0);
    if (name.eax < TIMING || (name.ebx != VMWARE && name.ebx != KVM))
        return (struct rate){0, 0};
    return (struct rate){(uint64_t)cpuid(TIMING, 0).eax * 1000, 0};
}

struct rate rate_by(enum rate_source source, const struct platform_claim *platform)
{
    switch (source) {
    case RATE_PM:
        return reference_pm(platform);
    case RATE_HPET:
        return reference_hpet(platform);
    case RATE_PIT:
        return reference_pit();
    case RATE_LEAF_15:
        return told_leaf_15();
    case RATE_HYPERVISOR:
        return told_hypervisor();
    case RATE_LEAF_16:
        break;
    }
    return told_leaf_16();
}
