/* ipi.latency: how long an IPI to an idle neighbour and its answer take. A figure, not a verdict:
 * an SMI may steal milliseconds at any moment. */
#include "ipi.h"
#include "registers.h"

enum { PING = IPI_FIRST, PONG, TRIPS = 9 };

/* On the neighbour: answers. On the asker: stops the clock. */
static bool listen_latency(struct cpu *cpu, struct exception_frame *frame)
{
    uint8_t vector = (uint8_t)frame->vector;

    if (vector != PING && vector != PONG)
        return false;
    if (vector == PONG) {
        cpu->desk.tsc = tsc_read();
        cpu->desk.taken++;
    } else if (!cpu->desk.asker->planted) {
        apic_send_fixed(&cpu->fleet->apic, cpu->desk.asker->apic_id, PONG);
    }
    apic_end_of_interrupt(&cpu->fleet->apic);
    return true;
}

static uint64_t nanoseconds(const struct cpu *cpu, uint64_t ticks)
{
    return ticks * 1000 / (cpu->fleet->clock.tsc_hz / 1000000);
}

/* Waits without halting, so that waking up is not counted; false: no answer came. */
static bool await_pong(struct cpu *cpu, uint32_t trips)
{
    uint64_t begin = tsc_read();

    while (cpu->desk.taken < trips) {
        if (clock_us(&cpu->fleet->clock, tsc_read() - begin) > cpu->fleet->patience_us)
            return false;
        desk_open();
    }
    return true;
}

static void sort_in(uint64_t *values, uint32_t count, uint64_t value)
{
    for (; count > 0 && values[count - 1] > value; count--)
        values[count] = values[count - 1];
    values[count] = value;
}

static void observe_latency(struct cpu *cpu, struct observation *ret)
{
    struct cpu *other = fleet_cpu(cpu->fleet, fleet_neighbour(cpu->fleet, cpu->index));
    struct obs_latency *latency = &ret->latency;
    uint64_t ns[TRIPS];

    latency->unasked = other == cpu ? UNASKED_ALONE : ASKED;
    latency->answered.want = TRIPS;
    other->desk.asker = cpu;
    for (uint32_t n = 0; n < TRIPS && other != cpu; n++) {
        uint64_t begin = tsc_read();
        apic_send_fixed(&cpu->fleet->apic, other->apic_id, PING);
        if (!await_pong(cpu, n + 1))
            return;
        sort_in(ns, n, nanoseconds(cpu, cpu->desk.tsc - begin));
        latency->answered.seen++;
    }
    if (other == cpu)
        return;
    latency->least_ns = ns[0];
    latency->median_ns = ns[TRIPS / 2];
    latency->most_ns = ns[TRIPS - 1];
}

static const struct obs_latency *of(const struct fleet *fleet, uint32_t index)
{
    return &fleet_cpu(fleet, index)->observations[ROUND_ALONE].latency;
}

/* How many of the CPUs have a median of at most `ns`. */
static uint32_t at_most(const struct fleet *fleet, const struct cpuset *set, uint64_t ns)
{
    uint32_t count = 0;

    cpuset_for_each(index, set) count += of(fleet, index)->median_ns <= ns;
    return count;
}

/* The median of the CPUs' medians, by halving: no memory is needed for many CPUs. */
static uint64_t median(const struct fleet *fleet, const struct cpuset *set, uint64_t most)
{
    uint64_t low = 0, high = most;
    uint32_t half = (cpuset_count(set) + 1) / 2;

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (at_most(fleet, set, middle) >= half)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void tell_us(struct text *out, uint64_t ns)
{
    text_format(out, "%lu.%lu", (unsigned long)(ns / 1000), (unsigned long)(ns / 100 % 10));
}

static void remark_latency(const struct fleet *fleet, const struct cpuset *set, struct text *out)
{
    uint64_t least = UINT64_MAX, most = 0;

    cpuset_for_each(index, set)
    {
        if (of(fleet, index)->answered.seen < TRIPS)
            continue;
        least = of(fleet, index)->least_ns < least ? of(fleet, index)->least_ns : least;
        most = of(fleet, index)->most_ns > most ? of(fleet, index)->most_ns : most;
    }
    text_add(out, "round trip ");
    tell_us(out, least);
    text_add(out, " us at least, ");
    tell_us(out, median(fleet, set, most));
    text_add(out, " median, ");
    tell_us(out, most);
    text_add(out, " at most");
}

static const struct check rows[] = {
    {.info = {.id = "ipi.latency",
              .claim = "an idle neighbour answers each of 9 IPIs; the round trip is told",
              .source = "SDM vol. 3A, 11.6.1; APM vol. 2, 16.5",
              .needs = "idt.loaded,gs.base",
              .defect = "a neighbour that does not answer",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_MAY_HANG},
     .rounds = ROUNDS_ONLY_ALONE,
     .planting = PLANTED_INSIDE,
     .observe = observe_latency,
     .judge = judge_latency,
     .listen = listen_latency,
     .remark = remark_latency},
};

FAMILY(ipi_latency_family, rows);
