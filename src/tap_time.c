/* What was measured about time, as comments of a TAP report. */
#include <muster/rate_name.h>
#include <muster/tap.h>
#include <muster/tsc_time.h>

static unsigned long khz(uint64_t hz)
{
    return (unsigned long)(hz / 1000);
}

static unsigned long nanoseconds(uint64_t ticks, uint64_t tsc_hz)
{
    return (unsigned long)tsc_nanoseconds(ticks, tsc_hz);
}

static void add_rates(struct text *out, const struct time_figures *time)
{
    const char *before = "# time: TSC";

    for (uint32_t n = 0; n < RATE_SOURCES; n++) {
        const struct rate *rate = &time->rates[n];
        if (!rate->hz)
            continue;
        text_format(out, "%s %lu kHz", before, khz(rate->hz));
        if (n < RATE_MEASURED)
            text_format(out, " +- %lu Hz", (unsigned long)rate->error);
        text_format(out, " by %s", rate_name(n));
        before = ",";
    }
    if (before[0] == ',')
        text_add(out, time->invariant ? "; invariant\n" : "\n");
}

static void add_offset(struct text *out, const struct time_figures *time)
{
    const struct obs_offset *wide = &time->wide, *apart = &time->apart;

    if (!time->offset_halves && !time->offset_late)
        return;
    text_format(out, "# time: TSC offset: %u pairs measured", time->offset_halves / 2);
    if (time->offset_late)
        text_format(out, ", %u given up", time->offset_late / 2);
    if (wide->wide)
        text_format(out, "; error bound at most %lu ticks, %lu ns (CPU %u with %u)",
                    (unsigned long)wide->wide, nanoseconds(wide->wide, wide->tsc_hz), wide->cpu,
                    wide->wide_with);
    if (apart->apart)
        text_format(out, "; apart: CPU %u from %u", apart->cpu, apart->apart_from);
    else
        text_add(out, "; none apart");
    text_add(out, "\n");
}

static void add_timer(struct text *out, const struct time_figures *time)
{
    if (!time->timer_fastest.hz)
        return;
    text_format(out, "# time: APIC timer %lu to %lu kHz; latest interrupt %lu us late\n",
                khz(time->timer_slowest.hz), khz(time->timer_fastest.hz),
                (unsigned long)time->timer_late_us);
}

static void add_gaps(struct text *out, const struct time_figures *time)
{
    const struct obs_gaps *gaps = &time->gaps;

    if (gaps->watched_us) {
        text_format(out, "# time: gaps in %u ms: ", gaps->watched_us / 1000);
        if (gaps->kept)
            text_format(out, "longest %lu us (CPU %u);",
                        nanoseconds(gaps->longest[0].end - gaps->longest[0].begin, gaps->tsc_hz) /
                            1000,
                        gaps->cpu);
        else
            text_add(out, "none;");
        for (uint32_t n = 0; n < GAP_CLASSES; n++)
            text_format(out, "%s%u of %u us", n ? ", " : " ", gaps->counts[n], gap_class_us(n));
        text_add(out, " or more\n");
    }
    if (time->smi_offered)
        text_format(out, "# time: SMIs since reset: %lu; rose by %lu at most\n",
                    (unsigned long)time->smi_count, (unsigned long)time->smi_rose_most);
}

void tap_time(struct text *out, const struct report *report)
{
    add_rates(out, &report->time);
    add_offset(out, &report->time);
    add_timer(out, &report->time);
    add_gaps(out, &report->time);
}
