#include "work.h"
#include "bsp_watch.h"
#include "install.h"
#include "offer.h"
#include "registers.h"

enum {
    TICK_US = 1000,          /* the BSP looks up this often while it waits */
    LOOK_US = 100000,        /* and at the others' heartbeats this often */
    WAKE_AGAIN_US = 3000000, /* a wake-up is taken for lost after this */
    SPIN_US = 30,            /* short work is over before a halt would be worth it */
    TIMER_TRIAL_US = 1000000 /* for one interrupt that was asked for after 100 */
};

void work_finished(struct fleet *fleet)
{
    if (__atomic_sub_fetch(&fleet->outstanding, 1, __ATOMIC_ACQ_REL) == 0)
        apic_send_fixed(&fleet->apic, fleet_cpu(fleet, 0)->apic_id, VECTOR_WAKE);
}

void work_report_online(struct cpu *cpu)
{
    cpu->done = cpu->posted;
    stage_reach(cpu, STAGE_ONLINE);
    work_finished(cpu->fleet);
}

static void work_do(struct cpu *cpu)
{
    uint32_t posted = __atomic_load_n(&cpu->posted, __ATOMIC_ACQUIRE);

    cpu->work(cpu, cpu->context);
    cpu->heartbeat++;
    __atomic_store_n(&cpu->done, posted, __ATOMIC_RELEASE);
}

void work_idle(struct cpu *cpu)
{
    for (;;) {
        interrupts_off();
        if (__atomic_load_n(&cpu->posted, __ATOMIC_ACQUIRE) == cpu->done) {
            if (!bsp_watch(cpu))
                halt_once();
            continue;
        }
        work_do(cpu);
        if (!cpu->abandoned)
            work_finished(cpu->fleet);
    }
}

static uint32_t timer_counts(const struct fleet *fleet, uint64_t us)
{
    uint64_t counts = us * fleet->apic.timer_hz / 1000000;

    return counts > UINT32_MAX ? UINT32_MAX : counts ? (uint32_t)counts : 1;
}

void work_alarm(const struct fleet *fleet, uint64_t us)
{
    apic_timer_start(&fleet->apic, VECTOR_TIMER, us ? timer_counts(fleet, us) : 0);
}

void work_nap(struct fleet *fleet, uint64_t us)
{
    if (!fleet->timer_interrupts) {
        clock_delay(&fleet->clock, SPIN_US);
        interrupts_take();
        return;
    }
    work_alarm(fleet, us);
    halt_once();
    work_alarm(fleet, 0);
}

bool work_wait(struct fleet *fleet, uint64_t us)
{
    uint64_t begin = tsc_read();

    while (__atomic_load_n(&fleet->outstanding, __ATOMIC_ACQUIRE)) {
        uint64_t passed = clock_us(&fleet->clock, tsc_read() - begin);
        if (passed >= us)
            return false;
        if (passed < SPIN_US)
            spin_hint();
        else
            work_nap(fleet, us - passed < TICK_US ? us - passed : TICK_US);
    }
    return true;
}

void work_deadline(struct fleet *fleet, uint64_t us)
{
    apic_timer_start(&fleet->apic, VECTOR_DEADLINE, us ? timer_counts(fleet, us) : 0);
}

void work_try_timer(struct fleet *fleet)
{
    uint64_t begin = tsc_read();

    fleet->timer_interrupts = fleet->deadlines = false;
    if (!fleet->apic.timer_hz)
        return;
    fleet->timer_fired = false;
    apic_timer_start(&fleet->apic, VECTOR_TIMER, timer_counts(fleet, 100));
    interrupts_on();
    while (!fleet->timer_fired && clock_us(&fleet->clock, tsc_read() - begin) < TIMER_TRIAL_US)
        spin_hint();
    interrupts_off();
    apic_timer_start(&fleet->apic, VECTOR_TIMER, 0);
    /* A timer that stops in deep idle states would not end a halt. */
    fleet->deadlines = fleet->timer_fired;
    fleet->timer_interrupts = fleet->timer_fired && offers_arat();
}

static void post(struct fleet *fleet, uint32_t index, work *job, void *context)
{
    struct cpu *cpu = fleet_cpu(fleet, index);

    cpu->work = job;
    cpu->context = context;
    __atomic_store_n(&cpu->posted, cpu->posted + 1, __ATOMIC_RELEASE);
    if (index)
        apic_send_fixed(&fleet->apic, cpu->apic_id, VECTOR_WAKE);
}

static bool busy(const struct cpu *cpu)
{
    return __atomic_load_n(&cpu->done, __ATOMIC_ACQUIRE) != cpu->posted;
}

uint64_t work_pulse(const struct fleet *fleet, const struct cpuset *set)
{
    uint64_t sum = 0;

    cpuset_for_each(index, set) sum += fleet_cpu(fleet, index)->heartbeat;
    return sum;
}

static bool any_busy(const struct fleet *fleet, const struct cpuset *set)
{
    cpuset_for_each(index, set)
    {
        const struct cpu *cpu = fleet_cpu(fleet, index);
        if (busy(cpu) && !cpu->dead)
            return true;
    }
    return false;
}

/* A wake-up may have been lost, or refused by an APIC that was busy. One too many does no harm. */
static void wake_again(struct fleet *fleet, const struct cpuset *set)
{
    cpuset_for_each(index, set)
    {
        const struct cpu *cpu = fleet_cpu(fleet, index);
        if (busy(cpu) && !cpu->dead && apic_send_fixed(&fleet->apic, cpu->apic_id, VECTOR_WAKE))
            fleet->woken_again++;
    }
}

/* Waits until all are done, or none has moved for STALL_US, or TOTAL_US have passed.
 * fleet->outstanding only ends a nap early: a CPU that was given up may still count it down. */
static void wait_for_all(struct fleet *fleet, const struct cpuset *set)
{
    uint64_t begin = tsc_read(), quiet_since = begin;
    uint64_t last = work_pulse(fleet, set);

    while (any_busy(fleet, set)) {
        if (work_wait(fleet, LOOK_US) && any_busy(fleet, set))
            work_nap(fleet, TICK_US);
        uint64_t now = work_pulse(fleet, set);
        uint64_t at = tsc_read();
        if (now != last)
            quiet_since = at;
        else if (clock_us(&fleet->clock, at - quiet_since) >= WAKE_AGAIN_US)
            wake_again(fleet, set);
        if (clock_us(&fleet->clock, at - quiet_since) >= STALL_US ||
            clock_us(&fleet->clock, at - begin) >= TOTAL_US)
            return;
        last = now;
    }
}

static void give_up_unfinished(struct fleet *fleet, const struct cpuset *set,
                               struct cpuset *ret_lost)
{
    cpuset_for_each(index, set)
    {
        struct cpu *cpu = fleet_cpu(fleet, index);
        if (!busy(cpu) && !cpu->dead)
            continue;
        cpu->abandoned = true;
        cpu->dead = true;
        cpuset_remove(&fleet->online, index);
        cpuset_add(ret_lost, index);
        fleet_hold(fleet, cpu);
    }
}

/* CPUs that died while they were idle: they would never answer. */
static void give_up_dead(struct fleet *fleet, struct cpuset *ret_lost)
{
    struct cpuset online = fleet->online;

    cpuset_for_each(index, &online)
    {
        if (!fleet_cpu(fleet, index)->dead)
            continue;
        cpuset_remove(&fleet->online, index);
        cpuset_add(ret_lost, index);
        fleet_hold(fleet, fleet_cpu(fleet, index));
    }
}

/* None of the others will come back from work and look. */
static void wake_watcher(const struct fleet *fleet)
{
    uint32_t index = cpuset_next(&fleet->online, 1);

    if (index != CPU_NONE)
        apic_send_fixed(&fleet->apic, fleet_cpu(fleet, index)->apic_id, VECTOR_WAKE);
}

void work_run(struct fleet *fleet, const struct cpuset *set, work *job, void *context,
              struct cpuset *ret_lost)
{
    struct cpuset aps = *set;

    give_up_dead(fleet, ret_lost);
    cpuset_intersect(&aps, &fleet->online);
    fleet->at_work = aps;
    fleet->at_work_count = cpuset_count(&aps);
    fleet->meeting = fleet->meeting_of_first = (struct meeting){0};
    fleet->turns = (struct turns){0};
    bool bsp = cpuset_has(&aps, 0);
    cpuset_remove(&aps, 0);
    __atomic_store_n(&fleet->outstanding, cpuset_count(&aps), __ATOMIC_RELEASE);
    /* The BSP's first: an AP that is done before the BSP has begun is to look after it. */
    if (bsp)
        post(fleet, 0, job, context);
    cpuset_for_each(index, &aps) post(fleet, index, job, context);
    if (bsp) {
        if (cpuset_empty(&aps))
            wake_watcher(fleet);
        work_do(fleet_cpu(fleet, 0));
    }
    wait_for_all(fleet, &aps);
    give_up_unfinished(fleet, &aps, ret_lost);
}
