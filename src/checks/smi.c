/*
 * smi.gaps, smi.count: what takes the CPUs away from whoever owns them.
 *
 * For --smi-watch milliseconds every CPU does nothing but read its TSC. Where two reads lie far
 * apart, something else ran: an SMI, a hypervisor, an NMI that was not muster's. Under a
 * hypervisor, where nothing is judged, sixteen CPUs are enough: more would only take a host's time.
 */
#include "check.h"
#include "offer.h"
#include "state.h"
#include "tsc.h"
#include "work.h"
#include <muster/memory.h>

enum { NAP_US = 25000, GUESTS_WATCHING = 16, PLANTED_GAP_US = 2000, PLANTED_SMIS = 10000 };

static bool longer(const struct gap *a, const struct gap *b)
{
    return a->end - a->begin > b->end - b->begin;
}

static void keep(struct obs_gaps *seen, const struct gap *gap)
{
    uint32_t at = seen->kept;

    if (at == GAPS_KEPT && !longer(gap, &seen->longest[--at]))
        return;
    for (; at > 0 && longer(gap, &seen->longest[at - 1]); at--)
        seen->longest[at] = seen->longest[at - 1];
    seen->longest[at] = *gap;
    seen->kept += seen->kept < GAPS_KEPT;
}

static void note(const struct clock *clock, struct obs_gaps *seen, uint64_t begin, uint64_t end)
{
    const struct gap gap = {begin, end};
    uint64_t us = clock_us(clock, end - begin);

    for (uint32_t n = 0; n < GAP_CLASSES; n++)
        seen->counts[n] += us >= gap_class_us(n);
    keep(seen, &gap);
}

/* About a microsecond without a look at the TSC: QEMU's software emulation lets one CPU at a time
 * read it, and all that watch would wait for each other. */
static void dawdle(void)
{
    uint32_t times = 2000;

    __asm__ volatile("1: decl %0; jnz 1b" : "+r"(times));
}

static void watch(struct cpu *cpu, struct obs_gaps *seen, uint64_t us)
{
    const struct clock *clock = &cpu->fleet->clock;
    uint64_t ticks = clock_ticks(clock, us), least = clock_ticks(clock, gap_class_us(0));
    uint64_t begin = tsc_read(), last = begin;

    while (last - begin < ticks) {
        if (seen->hypervisor[0])
            dawdle();
        uint64_t now = tsc_read();
        if ((int64_t)(now - last) > 0 && now - last >= least)
            note(clock, seen, last, now);
        last = now;
        cpu->heartbeat++;
    }
}

/* As if no hypervisor were known, and an SMI had held every CPU for 2 ms. */
static void plant_gap(const struct fleet *fleet, struct obs_gaps *seen)
{
    uint64_t begin = fleet->answered_tsc;

    memset(seen->hypervisor, 0, sizeof seen->hypervisor);
    note(&fleet->clock, seen, begin, begin + clock_ticks(&fleet->clock, PLANTED_GAP_US));
}

static void observe_gaps(struct cpu *cpu, struct observation *ret)
{
    const struct fleet *fleet = cpu->fleet;
    struct obs_gaps *seen = &ret->gaps;

    seen->cpu = cpu->index;
    seen->tsc_hz = fleet->clock.tsc_hz;
    seen->watched_us = fleet->handoff->options.smi_watch_ms * 1000;
    hypervisor_name(seen->hypervisor);
    if (!meet(cpu))
        seen->unasked = UNASKED_NOT_MET;
    if (!seen->hypervisor[0] || cpu->index < GUESTS_WATCHING)
        watch(cpu, seen, seen->watched_us);
    if (fleet_cpu(fleet, fleet->victim)->planted)
        plant_gap(fleet, seen);
}

static void tally_gaps(const struct observation *seen, struct report *to)
{
    struct obs_gaps *worst = &to->time.gaps;

    if (!worst->watched_us ||
        (seen->gaps.kept && (!worst->kept || longer(&seen->gaps.longest[0], &worst->longest[0]))))
        *worst = seen->gaps;
}

static void observe_count(struct cpu *cpu, struct observation *ret)
{
    struct fleet *fleet = cpu->fleet;
    struct obs_smi_count *seen = &ret->smi_count;
    uint64_t begin = tsc_read();

    seen->watched_us = fleet->handoff->options.smi_watch_ms * 1000;
    seen->offered = state_try_msr(cpu, TSC_MSR_SMI_COUNT, &seen->before);
    while (seen->offered && clock_us(&fleet->clock, tsc_read() - begin) < seen->watched_us) {
        cpu->heartbeat++;
        work_nap(fleet, NAP_US);
    }
    if (seen->offered)
        seen->offered = state_try_msr(cpu, TSC_MSR_SMI_COUNT, &seen->after);
    if (cpu->planted)
        *seen = (struct obs_smi_count){true, seen->before, seen->before + PLANTED_SMIS,
                                       seen->watched_us};
}

static void tally_count(const struct observation *seen, struct report *to)
{
    const struct obs_smi_count *count = &seen->smi_count;
    struct time_figures *figures = &to->time;

    if (!count->offered)
        return;
    figures->smi_offered = true;
    if (count->after > figures->smi_count)
        figures->smi_count = count->after;
    if (count->after - count->before > figures->smi_rose_most)
        figures->smi_rose_most = count->after - count->before;
}

#define SMI(name, text, where, what, how)                                                          \
    .info = {.id = name,                                                                           \
             .claim = text,                                                                        \
             .source = where,                                                                      \
             .needs = "idt.loaded,gs.base",                                                        \
             .defect = what,                                                                       \
             .scope = SCOPE_EACH_CPU,                                                              \
             .hazard = how}

static const struct check gap_rows[] = {
    {SMI("smi.gaps",
         "while all CPUs watch their TSC (--smi-watch, 100 ms), there is no gap of 1 ms or more in "
         "which all stand still at once",
         "SDM vol. 3C, 32.3.1; limits: Intel's BITS asks for 150 us, a 1000 Hz tick for 1 ms",
         "a gap of 2 ms on all CPUs, as on bare metal", HAZARD_READS),
     .planting = PLANTED_INSIDE, .observe = observe_gaps, .judge_crowd = judge_gaps,
     .tally = tally_gaps, .blame = BLAME_MACHINE},
};

FAMILY(smi_gap_family, gap_rows);

/* Where the MSR is not there, its read is a #GP. */
static const struct check count_rows[] = {
    {SMI("smi.count",
         "where a CPU counts its SMIs, the count rises by no more than 100 a second (10 in a "
         "shorter watch)",
         "SDM vol. 4, MSR_SMI_COUNT", "a count that rises by 10000", HAZARD_TAKES_FAULT),
     .planting = PLANTED_INSIDE, .observe = observe_count, .judge = judge_smi_count,
     .tally = tally_count},
};

FAMILY(smi_count_family, count_rows);
