/*
 * timer.one-shot, timer.periodic, timer.masked, timer.deadline: when the local APIC timer delivers.
 *
 * Every CPU arms its own timer and looks at its TSC before it does and in the handler. What came
 * can only look later than it was. So an interrupt whose handler began too soon after that first
 * look was early indeed.
 */
#include "timer_arm.h"
#include "work.h"
#include <muster/tsc_time.h>

enum {
    SHOT_US = 500,
    PERIOD_US = 1000,
    PERIODS = 4,
    DEADLINE_US = 300,
    TAKE_BACK_TRIES = 4,
    QUIET_US = 20,
    LOST_US = 3000000, /* without one that is due, it is lost */
};

_Static_assert((int)PERIODS <= (int)DESK_STAMPS, "each has its stamp");

/* When interrupt n (from 1) is due after the timer was armed, in ticks of the TSC. */
struct due {
    uint64_t armed; /* before it was armed */
    uint64_t ticks; /* from one to the next, at least */
};

static bool listen_timer(struct cpu *cpu, struct exception_frame *frame)
{
    uint64_t now = tsc_read();
    struct desk *desk = &cpu->desk;

    if ((uint8_t)frame->vector != TIMER_VECTOR)
        return false;
    if (desk->taken < DESK_STAMPS)
        desk->stamps[desk->taken] = now;
    desk->taken++;
    apic_end_of_interrupt(&cpu->fleet->apic);
    return true;
}

/* Takes interrupts until `wanted` have come. An AP halts between: if nothing comes, the BSP wakes
 * it after a while. The BSP has nobody to do that. */
static void await(struct cpu *cpu, uint32_t wanted)
{
    uint64_t begin = tsc_read();

    while (cpu->desk.taken < wanted && clock_us(&cpu->fleet->clock, tsc_read() - begin) < LOST_US) {
        cpu->heartbeat++;
        if (cpu->index && cpu->fleet->timer_interrupts)
            halt_once();
        else
            desk_open();
    }
}

/* Nothing is due for so long. */
static void watch(struct cpu *cpu, uint64_t us)
{
    cpu->heartbeat++;
    desk_linger(cpu, us);
}

static uint64_t nanoseconds(const struct cpu *cpu, uint64_t ticks)
{
    return tsc_nanoseconds(ticks, cpu->fleet->clock.tsc_hz);
}

/* Planted: an interrupt at the timer's vector that is not the timer's. */
static void send_planted(const struct cpu *cpu)
{
    if (cpu->planted)
        apic_command(&cpu->fleet->apic, 0, ICR_FIXED | ICR_ASSERT | ICR_SELF | TIMER_VECTOR);
}

static void compare(const struct cpu *cpu, const struct due *due, struct obs_timer *seen)
{
    for (uint32_t n = 0; n < cpu->desk.taken && n < DESK_STAMPS; n++) {
        uint64_t at = cpu->desk.stamps[n] - due->armed, wanted = (n + 1) * due->ticks;
        uint64_t late_us = at > wanted ? clock_us(&cpu->fleet->clock, at - wanted) : 0;
        seen->late_us = late_us > seen->late_us ? late_us : seen->late_us;
        if (at >= wanted || seen->early)
            continue;
        seen->early = n + 1;
        seen->due_ns = nanoseconds(cpu, wanted);
        seen->at_ns = nanoseconds(cpu, at);
    }
}

/* The APIC timer's counts for `us`; false, with the reason in `seen`, where its rate could not be
 * measured. */
static bool counts_of(struct cpu *cpu, uint64_t us, struct obs_timer *seen, uint32_t *counts,
                      struct due *due)
{
    struct rate rate = timer_measure(cpu, TIMER_DIVIDE_16);

    seen->unasked = UNASKED_NO_TIMER;
    if (!rate.hz)
        return false;
    uint64_t fastest = (rate.hz + rate.error) / 16;
    *counts = (uint32_t)(rate.hz / 16 * us / 1000000);
    due->ticks = (uint64_t)*counts * cpu->fleet->clock.tsc_hz / fastest;
    due->ticks -= due->ticks / 100 * rate_percent();
    if (*counts <= 1)
        return false;
    seen->unasked = ASKED;
    return true;
}

/* --- the checks --------------------------------------------------------------------------------
 */

static void observe_shot(struct cpu *cpu, struct observation *ret)
{
    struct obs_timer *seen = &ret->timer;
    struct due due;
    uint32_t counts;

    if (!counts_of(cpu, SHOT_US, seen, &counts, &due))
        return;
    due.armed = tsc_read_ordered();
    timer_arm(cpu, TIMER_ONE_SHOT, counts);
    await(cpu, 1);
    seen->wanted = 1;
    seen->came = cpu->desk.taken;
    send_planted(cpu); /* not before: both could be pending at once, and are then one */
    watch(cpu, 2 * SHOT_US);
    seen->after = cpu->desk.taken - seen->came;
    seen->left = apic_timer_left(&cpu->fleet->apic);
    timer_stop(cpu);
    compare(cpu, &due, seen);
}

/* As many as are due by the time it is stopped are right; PERIODS must be waited for. */
static void observe_periodic(struct cpu *cpu, struct observation *ret)
{
    struct obs_timer *seen = &ret->timer;
    struct due due;
    uint32_t counts;

    if (!counts_of(cpu, PERIOD_US, seen, &counts, &due))
        return;
    due.armed = tsc_read_ordered();
    timer_arm(cpu, TIMER_PERIODIC, counts);
    await(cpu, PERIODS);
    timer_stop(cpu);
    watch(cpu, QUIET_US);
    uint64_t most = (tsc_read_ordered() - due.armed) / due.ticks;
    seen->came = cpu->desk.taken;
    seen->wanted = seen->came < PERIODS ? PERIODS : seen->came > most ? (uint32_t)most : seen->came;
    send_planted(cpu);
    watch(cpu, 2 * PERIOD_US);
    seen->after = cpu->desk.taken - seen->came;
    compare(cpu, &due, seen);
}

/* A timer that runs out while its entry is masked delivers nothing, not then and not later. */
static void observe_masked(struct cpu *cpu, struct observation *ret)
{
    struct obs_timer *seen = &ret->timer;
    struct due due;
    uint32_t counts;

    if (!counts_of(cpu, SHOT_US, seen, &counts, &due))
        return;
    timer_arm(cpu, cpu->planted ? TIMER_ONE_SHOT : TIMER_ONE_SHOT | TIMER_MASKED, counts);
    await(cpu, cpu->planted ? 1 : 0);
    watch(cpu, 3 * SHOT_US);
    seen->left = apic_timer_left(&cpu->fleet->apic);
    apic_write(&cpu->fleet->apic, APIC_LVT_TIMER, TIMER_VECTOR);
    watch(cpu, SHOT_US);
    seen->after = cpu->desk.taken;
    timer_stop(cpu);
}

static void deadline_set(uint64_t tsc)
{
    /* The write to the LVT entry must be over (SDM vol. 3A, 11.5.4.1). */
    __asm__ volatile("mfence; lfence" : : : "memory");
    msr_write(TSC_MSR_DEADLINE, tsc);
}

/* A deadline that is taken back; false: the CPU was held until it had passed, which proves nothing.
 */
static bool take_back(struct cpu *cpu, uint64_t ticks, uint32_t *ret_came)
{
    uint64_t deadline = tsc_read_ordered() + ticks;

    cpu->desk.taken = 0;
    deadline_set(deadline);
    if (!cpu->planted)
        deadline_set(0);
    bool in_time = cpu->planted || (int64_t)(deadline - tsc_read_ordered()) > 0;
    watch(cpu, 2 * DEADLINE_US);
    *ret_came = in_time ? cpu->desk.taken : 0;
    return in_time;
}

/* One that is taken back, one that comes, one that has passed already. */
static void observe_deadline(struct cpu *cpu, struct observation *ret)
{
    struct obs_timer *seen = &ret->timer;
    uint64_t ticks = clock_ticks(&cpu->fleet->clock, DEADLINE_US);
    struct due due = {.ticks = ticks};

    if (!offers_tsc_deadline()) {
        seen->unasked = UNASKED_NOT_OFFERED;
        return;
    }
    timer_arm(cpu, TIMER_DEADLINE, 0);
    for (uint32_t n = 0; n < TAKE_BACK_TRIES && !take_back(cpu, ticks, &seen->after); n++)
        continue;
    cpu->desk.taken = 0;
    due.armed = tsc_read_ordered();
    deadline_set(due.armed + ticks);
    await(cpu, 1);
    compare(cpu, &due, seen);
    deadline_set(1);
    await(cpu, 2);
    watch(cpu, QUIET_US);
    seen->wanted = 2;
    seen->came = cpu->desk.taken;
    deadline_set(0);
    timer_stop(cpu);
}

static void tally_late(const struct observation *seen, struct report *to)
{
    if (seen->timer.late_us > to->time.timer_late_us)
        to->time.timer_late_us = seen->timer.late_us;
}

#define DELIVERY(name, text, where, what, ask)                                                     \
    {                                                                                              \
        TIMER(name, text, where, what, HAZARD_MAY_HANG),                                           \
            .planting = PLANTED_INSIDE, .observe = (ask), .rounds = ROUNDS_FEW,                    \
            .judge = judge_timer, .listen = listen_timer, .tally = tally_late                      \
    }

static const struct check rate_rows[] = {
    {TIMER("timer.rate",
           "the APIC timer runs at one rate on all CPUs, by their own TSC, within 1 % (10 % under "
           "QEMU's software emulation) and the "
           "error of the measurement, and at the crystal's where CPUID 0x15 tells it",
           "SDM vol. 3A, 11.5.4", "a CPU that divides by 1 and says it divides by 2", HAZARD_READS),
     .subject = "the first step alone", .rounds = ROUNDS_FEW, .planting = PLANTED_INSIDE,
     .observe = timer_observe_steps, .judge_crowd = judge_timer_rates, .tally = timer_tally_rate},
    {TIMER("timer.divide", "each divide configuration is kept and divides as it says",
           "SDM vol. 3A, figure 11-10", "one that divides by twice as much", HAZARD_READS),
     .rounds = ROUNDS_FEW, .planting = PLANTED_INSIDE, .observe = timer_observe_steps,
     .judge = judge_timer_steps},
};

FAMILY(timer_rate_family, rate_rows);

static const struct check rows[] = {
    DELIVERY("timer.one-shot", "a one-shot timer delivers once, not before its time, and stops",
             "SDM vol. 3A, 11.5.4", "one more interrupt when it has stopped", observe_shot),
    DELIVERY("timer.periodic",
             "a periodic timer delivers again and again, never more often than is due, and "
             "nothing once it is stopped",
             "SDM vol. 3A, 11.5.4", "one more interrupt when it has been stopped",
             observe_periodic),
    DELIVERY("timer.masked", "a timer whose LVT entry is masked counts and delivers nothing",
             "SDM vol. 3A, 11.5.1", "an entry that is not masked", observe_masked),
    DELIVERY("timer.deadline",
             "a TSC deadline delivers once, not before the TSC has reached it, at once if it has, "
             "not at all if it is taken back",
             "SDM vol. 3A, 11.5.4.1", "a deadline that is not taken back", observe_deadline),
};

FAMILY(timer_family, rows);
