#include "clock.h"
#include "registers.h"

enum {
    WINDOW_US = 2000,
    WINDOWS = 5,
    PM_HZ = 3579545, /* ACPI 6.5, 4.8.3.3 */
    PIT_HZ = 1193182,
    READS_MAX = 2000000, /* of the reference: some seconds at a microsecond each */
};

/* One window: TSC ticks, APIC timer counts, and how much of the reference passed. */
struct window {
    uint64_t tsc, apic, reference;
};

static void window_begin(const struct apic *apic, struct window *window)
{
    apic_timer_start(apic, 0xff, UINT32_MAX);
    window->tsc = tsc_read();
}

static void window_end(const struct apic *apic, struct window *window, uint64_t reference)
{
    window->tsc = tsc_read() - window->tsc;
    window->apic = UINT32_MAX - apic_timer_left(apic);
    window->reference = reference;
    apic_timer_start(apic, 0xff, 0);
}

static bool window_pm(const struct apic *apic, const struct platform_claim *platform,
                      struct window *window)
{
    uint32_t mask = platform->pm_timer_32bit ? UINT32_MAX : 0xffffff;
    uint16_t port = (uint16_t)platform->pm_timer_port;
    uint32_t goal = (uint32_t)((uint64_t)PM_HZ * WINDOW_US / 1000000);
    uint32_t begin = port_read32(port) & mask;

    window_begin(apic, window);
    for (uint32_t reads = 0; reads < READS_MAX; reads++) {
        uint32_t passed = (port_read32(port) - begin) & mask;
        if (passed < goal)
            continue;
        window_end(apic, window, passed);
        return true;
    }
    window_end(apic, window, 0);
    return false;
}

/* PIT channel 2 in mode 0: its output, readable at port 0x61 bit 5, rises when the count ends. */
static bool window_pit(const struct apic *apic, struct window *window)
{
    uint32_t counts = (uint32_t)((uint64_t)PIT_HZ * WINDOW_US / 1000000);

    port_write8(0x61, (port_read8(0x61) & 0xfc) | 1);
    port_write8(0x43, 0xb0);
    port_write8(0x42, (uint8_t)counts);
    port_write8(0x42, (uint8_t)(counts >> 8));
    window_begin(apic, window);
    /* A port that is not there reads all ones: a count that has ended before it began. */
    if (port_read8(0x61) & 0x20)
        return false;
    for (uint32_t reads = 0; reads < READS_MAX; reads++) {
        if (!(port_read8(0x61) & 0x20))
            continue;
        window_end(apic, window, counts);
        return true;
    }
    window_end(apic, window, 0);
    return false;
}

static uint64_t median(uint64_t values[WINDOWS])
{
    for (int n = 1; n < WINDOWS; n++) {
        for (int at = n; at > 0 && values[at - 1] > values[at]; at--) {
            uint64_t moved = values[at];
            values[at] = values[at - 1];
            values[at - 1] = moved;
        }
    }
    return values[WINDOWS / 2];
}

/* Several windows against one reference; false when it stands still. */
static bool measure(struct clock *clock, struct apic *apic, const struct platform_claim *platform,
                    uint64_t reference_hz)
{
    uint64_t tsc_hz[WINDOWS], apic_hz[WINDOWS];

    for (int n = 0; n < WINDOWS; n++) {
        struct window window;
        bool moved = platform ? window_pm(apic, platform, &window) : window_pit(apic, &window);
        if (!moved || !window.reference)
            return false;
        tsc_hz[n] = window.tsc * reference_hz / window.reference;
        apic_hz[n] = window.apic * reference_hz / window.reference;
    }
    clock->tsc_hz = median(tsc_hz);
    apic->timer_hz = median(apic_hz);
    return clock->tsc_hz >= 1000000;
}

/* CPUID 0x15: TSC = crystal × EBX / EAX; where it does not tell the crystal, the base frequency of
 * 0x16 is close enough for deadlines (SDM vol. 3B, 20.7.3). */
static bool measure_cpuid(struct clock *clock)
{
    uint32_t leaves = cpuid(0, 0).eax;
    struct cpuid leaf = leaves >= 0x15 ? cpuid(0x15, 0) : (struct cpuid){0};

    clock->tsc_hz = 0;
    if (leaf.eax && leaf.ebx && leaf.ecx)
        clock->tsc_hz = (uint64_t)leaf.ecx * leaf.ebx / leaf.eax;
    else if (leaves >= 0x16)
        clock->tsc_hz = (uint64_t)(cpuid(0x16, 0).eax & 0xffff) * 1000000;
    return clock->tsc_hz >= 1000000;
}

void clock_measure(struct clock *ret, struct apic *apic, const struct platform_claim *platform)
{
    ret->measured_by = "PM timer";
    if (platform->pm_timer_port && measure(ret, apic, platform, PM_HZ))
        return;
    ret->measured_by = "PIT";
    if (measure(ret, apic, NULL, PIT_HZ))
        return;
    apic->timer_hz = 0;
    ret->measured_by = "CPUID 0x15 or 0x16";
    if (measure_cpuid(ret))
        return;
    ret->measured_by = "assumed 5 GHz";
    ret->tsc_hz = CLOCK_ASSUMED_HZ;
}

uint64_t clock_us(const struct clock *clock, uint64_t tsc_ticks)
{
    return tsc_ticks * 1000 / (clock->tsc_hz / 1000);
}

uint64_t clock_ticks(const struct clock *clock, uint64_t us)
{
    return us * (clock->tsc_hz / 1000) / 1000;
}

void clock_delay(const struct clock *clock, uint64_t us)
{
    uint64_t begin = tsc_read();
    uint64_t ticks = clock_ticks(clock, us);

    while (tsc_read() - begin < ticks)
        spin_hint();
}
