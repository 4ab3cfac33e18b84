#include "timer_arm.h"

enum {
    WINDOW_US = 500,
    WINDOW_MAX_US = 500000, /* the CPU was held for so long that the count may have ended */
    TRIES = 3,
    FINE = 500, /* an error of one part in this many is small enough */
};

/* SDM vol. 3A, figure 11-10: bits 3, 1 and 0; 111 divides by 1. */
static uint32_t divide_bits(uint32_t n)
{
    uint32_t code = (n + 7) % 8;

    return (code & 4) << 1 | (code & 3);
}

void timer_arm(struct cpu *cpu, uint32_t mode, uint32_t counts)
{
    const struct apic *apic = &cpu->fleet->apic;

    apic_write(apic, APIC_TIMER_DIVIDE, divide_bits(TIMER_DIVIDE_16));
    apic_write(apic, APIC_LVT_TIMER, mode | TIMER_VECTOR);
    if (mode != TIMER_DEADLINE)
        apic_write(apic, APIC_TIMER_INITIAL, counts);
}

void timer_stop(struct cpu *cpu)
{
    apic_timer_start(&cpu->fleet->apic, TIMER_VECTOR, 0);
}

static bool narrower(const struct rate *rate, const struct rate *best)
{
    return rate->hz && (!best->hz || rate->error < best->error);
}

/* The count is written, and read again, between two reads of the TSC each. */
static struct rate window(struct cpu *cpu, uint32_t n)
{
    const struct apic *apic = &cpu->fleet->apic;
    const struct clock *clock = &cpu->fleet->clock;

    uint64_t begin_from = tsc_read_ordered();
    apic_write(apic, APIC_TIMER_INITIAL, UINT32_MAX);
    uint64_t begin_to = tsc_read_ordered();
    clock_delay(clock, WINDOW_US);
    uint64_t end_from = tsc_read_ordered();
    uint64_t passed = UINT32_MAX - apic_timer_left(apic);
    uint64_t end_to = tsc_read_ordered();

    uint64_t least = end_from - begin_to, most = end_to - begin_from;
    if (passed < 2 || clock_us(clock, most) > WINDOW_MAX_US || (int64_t)least <= 0)
        return (struct rate){0, 0};
    return rate_between(((passed - 1) * clock->tsc_hz / most) << n,
                        ((passed + 1) * clock->tsc_hz / least + 1) << n);
}

struct rate timer_measure(struct cpu *cpu, uint32_t n)
{
    const struct apic *apic = &cpu->fleet->apic;
    struct rate best = {0, 0};

    apic_write(apic, APIC_LVT_TIMER, TIMER_MASKED | TIMER_VECTOR);
    apic_write(apic, APIC_TIMER_DIVIDE, divide_bits(n));
    for (uint32_t tries = 0; tries < TRIES && (!best.hz || best.error > best.hz / FINE); tries++) {
        struct rate rate = window(cpu, n);
        cpu->heartbeat++;
        if (narrower(&rate, &best))
            best = rate;
    }
    apic_write(apic, APIC_TIMER_INITIAL, 0);
    return best;
}

/* Planted: the second step divides like the third. Of timer.rate, the first like the second. */
void timer_observe_steps(struct cpu *cpu, struct observation *ret)
{
    struct obs_timer_steps *seen = &ret->timer_steps;
    bool rate_only = cpu->subject;

    seen->percent = rate_percent();
    seen->crystal_hz = told_crystal();
    for (uint32_t n = 0; n < (rate_only ? 1u : TIMER_DIVIDERS); n++) {
        struct timer_step *step = &seen->steps[n];
        uint32_t off = cpu->planted && n == (rate_only ? 0u : 1u);
        step->want = divide_bits(n);
        step->rate = timer_measure(cpu, n + off);
        step->rate.hz >>= off;
        if (off)
            apic_write(&cpu->fleet->apic, APIC_TIMER_DIVIDE, step->want);
        step->seen = apic_read(&cpu->fleet->apic, APIC_TIMER_DIVIDE);
    }
    timer_stop(cpu);
}

void timer_tally_rate(const struct observation *seen, struct report *to)
{
    const struct rate *rate = &seen->timer_steps.steps[0].rate;
    struct time_figures *figures = &to->time;

    if (!rate->hz)
        return;
    if (!figures->timer_slowest.hz || rate->hz < figures->timer_slowest.hz)
        figures->timer_slowest = *rate;
    if (rate->hz > figures->timer_fastest.hz)
        figures->timer_fastest = *rate;
}
