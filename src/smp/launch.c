/* clang-format off */
/*
 * Bring-up, told once:
 *
 *   all APs    under a hypervisor: INIT, early, out of firmware's parking loop, which an emulator spins in
 *   all APs    INIT - (10 ms where the CPU is that old) - SIPI - to those still silent after 2 ms: SIPI again
 *   each AP    real-mode, protected-mode, long-mode, stack, gdt, tss, idt, gs, apic, online
 *   the BSP    halts until the last AP reports, or 3 s have passed;
 *              those missing get INIT and 10 ms, after which the first attempt is forgotten (attempt.h),
 *              SIPI, 200 us, SIPI and 3 s more; who is missing then is lost
 *
 * The first call is one broadcast where every CPU that firmware lists is to come; else each CPU is called by its
 * APIC ID, so that those that firmware disabled, or --cpus leaves out, stay asleep. A MADT entry that is not enabled
 * counts as such a CPU here, though most have none: INIT and SIPI would start it.
 * Nobody waits for a neighbour. A lost CPU is sent a last INIT, which keeps it in wait-for-SIPI.
 * Where the MADT has a Multiprocessor Wakeup structure, mailbox.c replaces INIT and SIPI.
 */
/* clang-format on */
#include "launch.h"
#include "attempt.h"
#include "low_watch.h"
#include "mailbox.h"
#include "registers.h"
#include "tsc.h"
#include "work.h"
#include <muster/arrival.h>
#include <muster/memory.h>
#include <muster/text.h>

enum {
    INIT_DELAY_US = 10000, /* MP specification 1.4, B.4 */
    SECOND_SIPI_US = 200,  /* same place */
    SILENT_AFTER_US = 2000,
    LOOK_US = 100000,
    DRAIN_US = 1000,
    RACE_US = 50, /* a CPU may be counted that is not there yet */
};

/* --break up.init-sent: the SIPI is withheld; up.answer: nothing is sent at all. */
static bool withheld(const struct fleet *fleet, const struct cpu *cpu, const char *break_id,
                     const char *at)
{
    return cpu->index == fleet->victim && string_equal(break_id, at);
}

/* Those of `set` that INIT went out to. */
static struct cpuset send_init(struct fleet *fleet, const struct cpuset *set, const char *break_id)
{
    struct cpuset sent = *set;

    cpuset_for_each(index, set)
    {
        struct cpu *cpu = fleet_cpu(fleet, index);
        bool kept = withheld(fleet, cpu, break_id, "up.answer");
        cpu->unsent = !kept && !apic_send_init(&fleet->apic, cpu->apic_id);
        if (kept || cpu->unsent)
            cpuset_remove(&sent, index);
    }
    return sent;
}

static void stage_init(struct fleet *fleet, const struct cpuset *set, uint64_t tsc)
{
    cpuset_for_each(index, set) attempt_init_sent(fleet_cpu(fleet, index), tsc);
}

static void note_sipi(struct cpu *cpu, bool sent, uint64_t tsc)
{
    cpu->unsent = !sent;
    if (sent)
        attempt_sipi_sent(cpu, tsc);
}

static void send_sipi(struct fleet *fleet, const struct cpuset *set, const char *break_id)
{
    cpuset_for_each(index, set)
    {
        struct cpu *cpu = fleet_cpu(fleet, index);
        uint64_t tsc = tsc_read();
        if (!withheld(fleet, cpu, break_id, "up.init-sent"))
            note_sipi(cpu, apic_send_sipi(&fleet->apic, cpu->apic_id, trampoline_vector(fleet)),
                      tsc);
    }
}

static void broadcast_sipi(struct fleet *fleet, const struct cpuset *set)
{
    uint64_t tsc = tsc_read();
    bool sent = apic_broadcast_sipi(&fleet->apic, trampoline_vector(fleet));

    cpuset_for_each(index, set) note_sipi(fleet_cpu(fleet, index), sent, tsc);
}

/* Who was sent INIT, and has not stored a stage of its own yet. */
static struct cpuset silent(const struct fleet *fleet, const struct cpuset *set)
{
    struct cpuset rest = *set;

    cpuset_for_each(index, set)
    {
        uint32_t stage = fleet_cpu(fleet, index)->stage;
        if (stage < STAGE_INIT_SENT || stage > STAGE_SIPI_SENT)
            cpuset_remove(&rest, index);
    }
    return rest;
}

static struct cpuset missing(const struct fleet *fleet, const struct cpuset *set)
{
    struct cpuset rest = *set;

    cpuset_for_each(index, set)
    {
        if (fleet_cpu(fleet, index)->stage == STAGE_ONLINE)
            cpuset_remove(&rest, index);
    }
    return rest;
}

/* One command reaches all where nobody but the BSP is to be left alone. It also finds CPUs that
 * nobody claimed. */
static bool may_broadcast(const struct fleet *fleet, const struct cpuset *aps, const char *break_id)
{
    const struct inventory *inventory = &fleet->handoff->inventory;

    return inventory->disabled == 0 && inventory->spare == 0 &&
           cpuset_count(aps) + 1 == fleet->count && !string_equal(break_id, "up.answer") &&
           !string_equal(break_id, "up.init-sent");
}

void launch_hold(struct fleet *fleet)
{
    struct cpuset aps = fleet->called;

    cpuset_remove(&aps, 0);
    if (fleet->handoff->claims.madt.mailbox || cpuset_empty(&aps))
        return;
    if (may_broadcast(fleet, &aps, "")) {
        apic_broadcast_init(&fleet->apic);
        return;
    }
    cpuset_for_each(index, &aps)
        apic_send_init(&fleet->apic, fleet->handoff->inventory.rows[index].apic_id);
}

static void broadcast(struct fleet *fleet, const struct cpuset *aps)
{
    uint64_t tsc = tsc_read();
    bool sent = apic_broadcast_init(&fleet->apic);

    cpuset_for_each(index, aps) fleet_cpu(fleet, index)->unsent = !sent;
    if (!sent)
        return;
    stage_init(fleet, aps, tsc);
    if (fleet->legacy_delay)
        clock_delay(&fleet->clock, INIT_DELAY_US);
    broadcast_sipi(fleet, aps);
}

static void one_by_one(struct fleet *fleet, const struct cpuset *aps, const char *break_id)
{
    uint64_t tsc = tsc_read();
    struct cpuset sent = send_init(fleet, aps, break_id);

    stage_init(fleet, &sent, tsc);
    if (fleet->legacy_delay)
        clock_delay(&fleet->clock, INIT_DELAY_US);
    send_sipi(fleet, &sent, break_id);
}

static void expect(struct fleet *fleet, const struct cpuset *set)
{
    __atomic_store_n(&fleet->outstanding, cpuset_count(set), __ATOMIC_RELEASE);
}

/* Until nobody of `set` is missing, or `us` have passed: who is missing then. fleet->outstanding
 * only ends the naps early: who counts it down may be of an earlier call. */
static struct cpuset wait_for(struct fleet *fleet, const struct cpuset *set, uint64_t us)
{
    uint64_t begin = tsc_read();
    struct cpuset rest = *set;

    for (;;) {
        bool counted = work_wait(fleet, us < LOOK_US ? us : LOOK_US);
        rest = missing(fleet, &rest);
        if (cpuset_empty(&rest) || clock_us(&fleet->clock, tsc_read() - begin) >= us)
            return rest;
        if (counted)
            clock_delay(&fleet->clock, RACE_US);
    }
}

/* Returns those who did not come; so does second_call(). */
static struct cpuset first_call(struct fleet *fleet, const struct cpuset *aps, const char *break_id,
                                bool all)
{
    fleet->first_init_tsc = tsc_read();
    if (all)
        broadcast(fleet, aps);
    else
        one_by_one(fleet, aps, break_id);
    struct cpuset rest = wait_for(fleet, aps, SILENT_AFTER_US);
    if (cpuset_empty(&rest))
        return rest;
    /* A CPU that runs does not listen to SIPI; one that lost the first takes this. */
    struct cpuset deaf = silent(fleet, &rest);
    if (all)
        broadcast_sipi(fleet, &deaf);
    else
        send_sipi(fleet, &deaf, break_id);
    return wait_for(fleet, &rest, LAUNCH_DEADLINE_US);
}

/* What the first attempt left is looked at, and forgotten, when INIT has stopped it. */
static void forget_first(struct fleet *fleet, const struct cpuset *late)
{
    attempt_read_log(fleet);
    cpuset_for_each(index, late)
    {
        struct cpu *cpu = fleet_cpu(fleet, index);
        uint32_t reached = cpu->stage;
        attempt_forget(fleet, cpu);
        cpu->first_stage = reached;
    }
}

/* By the book this time, whatever the CPU is. */
static struct cpuset second_call(struct fleet *fleet, const struct cpuset *late,
                                 const char *break_id)
{
    uint64_t tsc = tsc_read();
    struct cpuset sent = send_init(fleet, late, break_id);

    clock_delay(&fleet->clock, INIT_DELAY_US);
    forget_first(fleet, &sent);
    expect(fleet, late);
    stage_init(fleet, &sent, tsc);
    send_sipi(fleet, &sent, break_id);
    clock_delay(&fleet->clock, SECOND_SIPI_US);
    send_sipi(fleet, &sent, break_id);
    return wait_for(fleet, late, LAUNCH_DEADLINE_US);
}

/* `ret_late` came at the second call, or not at all; those are returned. */
static struct cpuset call_twice(struct fleet *fleet, const struct cpuset *aps, const char *break_id,
                                bool all, struct cpuset *ret_late)
{
    expect(fleet, aps);
    *ret_late = first_call(fleet, aps, break_id, all);
    return cpuset_empty(ret_late) ? *ret_late : second_call(fleet, ret_late, break_id);
}

static void plant(struct fleet *fleet, const char *break_id)
{
    struct cpu *victim = fleet_cpu(fleet, fleet->victim);
    volatile struct trampoline_header *header = trampoline_header(fleet);

    if (!string_starts(break_id, "up."))
        return;
    enum stage stage = stage_find(break_id + 3);
    victim->break_stage = stage;
    header->break_stage = stage;
    header->break_apic_id = victim->apic_id;
}

static void record(struct fleet *fleet, uint32_t index)
{
    const struct cpu *cpu = fleet_cpu(fleet, index);
    struct arrival *arrival = &fleet->arrivals[index];

    arrival->apic_id = cpu->apic_id;
    arrival->stage = cpu->stage;
    arrival->first_stage = cpu->first_stage;
    /* The BSP came before it called anybody. */
    for (uint32_t stage = STAGE_INIT_SENT; index && stage <= cpu->stage && stage < STAGE_COUNT;
         stage++)
        arrival->stage_us[stage] =
            arrival_us(cpu->stage_tsc[stage], fleet->first_init_tsc, fleet->clock.tsc_hz);
}

static void give_up(struct fleet *fleet, uint32_t index)
{
    struct cpu *cpu = fleet_cpu(fleet, index);

    if (cpu->unsent && cpu->stage <= STAGE_SIPI_SENT)
        cpu->refusal = REFUSAL_ICR_BUSY;
    cpu->abandoned = true;
    cpu->dead = true;
    cpuset_remove(&fleet->online, index);
    fleet_hold(fleet, cpu);
}

static void call_aps(struct fleet *fleet, const struct cpuset *aps, const char *break_id)
{
    struct cpuset late;

    if (fleet->handoff->claims.madt.mailbox) {
        expect(fleet, aps);
        fleet->first_init_tsc = tsc_read();
        mailbox_call(fleet, aps, break_id);
        return;
    }
    call_twice(fleet, aps, break_id, may_broadcast(fleet, aps, break_id), &late);
    cpuset_for_each(index, &late) fleet->arrivals[index].retries++;
}

void launch_prepare(struct fleet *fleet, struct slot *slots, const char *break_id)
{
    fleet_seal_trampoline(fleet, false);
    trampoline_lay(fleet, slots);
    plant(fleet, break_id);
    low_watch_begin(fleet);
    fleet_seal_trampoline(fleet, true);
}

/* A benchmark calls more than once. */
static void forget_arrivals(struct fleet *fleet)
{
    for (uint32_t index = 0; index < fleet->count; index++) {
        if (index)
            attempt_forget(fleet, fleet_cpu(fleet, index));
        fleet->arrivals[index] = (struct arrival){0};
    }
}

void launch_all(struct fleet *fleet, const char *break_id)
{
    struct cpuset aps = fleet->called;

    cpuset_remove(&aps, 0);
    forget_arrivals(fleet);
    fleet->online = fleet->called;
    if (!cpuset_empty(&aps))
        call_aps(fleet, &aps, break_id);
    fleet->answered_tsc = tsc_read_ordered();
    attempt_read_log(fleet);
    uint64_t waited = clock_us(&fleet->clock, tsc_read() - fleet->first_init_tsc);
    struct cpuset lost = missing(fleet, &aps);
    for (uint32_t index = 0; index < fleet->count; index++)
        record(fleet, index);
    cpuset_for_each(index, &lost)
    {
        fleet->arrivals[index].lost = true;
        fleet->arrivals[index].waited_us = (uint32_t)waited;
        give_up(fleet, index);
    }
    cpuset_for_each(index, &fleet->unreachable)
    {
        fleet->arrivals[index].lost = true;
        fleet_cpu(fleet, index)->refusal = REFUSAL_UNREACHABLE;
    }
}

void launch_again(struct fleet *fleet, const struct cpuset *aps, const char *break_id, bool singly,
                  struct recall *ret)
{
    bool all = !singly && may_broadcast(fleet, aps, break_id);

    work_wait(fleet, DRAIN_US); /* who is done with its work counts itself down a little later */
    fleet_seal_trampoline(fleet, false);
    trampoline_forget_log(fleet); /* it has room for few calls */
    fleet_seal_trampoline(fleet, true);
    cpuset_for_each(index, aps) attempt_forget(fleet, fleet_cpu(fleet, index));
    ret->lost = call_twice(fleet, aps, break_id, all, &ret->late);
    fleet->answered_tsc = tsc_read_ordered();
    ret->us = clock_us(&fleet->clock, fleet->answered_tsc - fleet->first_init_tsc);
    if (!cpuset_empty(&ret->lost))
        attempt_read_log(fleet);
    cpuset_for_each(index, &ret->lost) give_up(fleet, index);
}
