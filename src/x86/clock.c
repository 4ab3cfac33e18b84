#include "clock.h"
#include "reference.h"
#include "registers.h"
#include <muster/lapic.h>
#include <muster/rate_name.h>

enum {
    APIC_WINDOW_US = 2000,
    APIC_WINDOWS = 5,
    TSC_HZ_MIN = 1000000, /* no clock of a machine like this one */
};

/* In that order: what is told comes after what is measured, a marketing figure last. */
static void tsc_measure(struct clock *ret, const struct platform_claim *platform)
{
    for (uint32_t source = 0; source < RATE_SOURCES; source++) {
        ret->tsc_hz = rate_by(source, platform).hz;
        ret->measured_by = rate_name(source);
        if (ret->tsc_hz >= TSC_HZ_MIN)
            return;
    }
    ret->measured_by = "assumption";
    ret->tsc_hz = CLOCK_ASSUMED_HZ;
}

/* The CPU may be held at an end of a window, by SMM or a hypervisor: then the TSC runs on between
 * its read and the timer's, on either side. So the middle one of several counts. The LVT stays
 * masked: the count may end before the window does. */
static uint64_t timer_window(const struct clock *clock, const struct apic *apic)
{
    apic_timer_start(apic, LVT_MASKED | 0xff, UINT32_MAX);
    uint64_t ticks = tsc_read();
    clock_delay(clock, APIC_WINDOW_US);
    uint64_t counts = UINT32_MAX - apic_timer_left(apic);
    ticks = tsc_read() - ticks;
    apic_timer_start(apic, 0, 0);
    return counts * clock->tsc_hz / ticks;
}

static uint64_t timer_measure(const struct clock *clock, const struct apic *apic)
{
    uint64_t hz[APIC_WINDOWS] = {0};

    for (uint32_t n = 0; n < APIC_WINDOWS; n++) {
        uint64_t now = timer_window(clock, apic);
        uint32_t at = n;
        for (; at > 0 && hz[at - 1] > now; at--)
            hz[at] = hz[at - 1];
        hz[at] = now;
    }
    return hz[APIC_WINDOWS / 2];
}

void clock_measure(struct clock *ret, struct apic *apic, const struct platform_claim *platform)
{
    tsc_measure(ret, platform);
    apic->timer_hz = timer_measure(ret, apic);
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
