/* clang-format off */
/*
 * Bring-up, told once:
 *
 *   all APs    under a hypervisor: INIT, early, out of firmware's parking loop, which an emulator spins in
 *   all APs    INIT - (10 ms where the CPU is that old) - SIPI - to those still silent after 2 ms: SIPI again
 *   each AP    real-mode, protected-mode, long-mode, stack, gdt, tss, idt, gs, apic, online
 *   the BSP    halts until the last AP reports, or 3 s have passed;
 *              those missing get INIT, 10 ms, SIPI, 200 us, SIPI and 3 s more; who is missing then is lost
 *
 * The first call is one broadcast where every CPU that firmware lists is to come; else each CPU is called by its
 * APIC ID, so that those that firmware disabled, or --cpus leaves out, stay asleep. A MADT entry that is not enabled
 * counts as such a CPU here, though most have none: INIT and SIPI would start it.
 * Nobody waits for a neighbour. A lost CPU is sent a last INIT, which keeps it in wait-for-SIPI.
 * Where the MADT has a Multiprocessor Wakeup structure, mailbox.c replaces INIT and SIPI.
 */
/* clang-format on */
#include "launch.h"
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
    RACE_US = 50, /* an AP counts itself down just after it has stored its last stage */
};

static void stage_by_bsp(struct cpu *cpu, enum stage stage)
{
    cpu->stage_tsc[stage] = tsc_read();
    cpu->stage = stage;
}

/* --break up.init-sent: the SIPI is withheld; up.answer: nothing is sent at all. */
static bool withheld(const struct fleet *fleet, const struct cpu *cpu, const char *break_id,
                     const char *at)
{
    return cpu->index == fleet->victim && string_equal(break_id, at);
}

static void call_init(struct fleet *fleet, const struct cpuset *set, const char *break_id)
{
    cpuset_for_each(index, set)
    {
        struct cpu *cpu = fleet_cpu(fleet, index);
        cpu->claimed = 0;
        if (withheld(fleet, cpu, break_id, "up.answer"))
            continue;
        stage_by_bsp(cpu, STAGE_INIT_SENT);
        apic_send_init(&fleet->apic, cpu->apic_id);
    }
}

static void call_sipi(struct fleet *fleet, const struct cpuset *set, const char *break_id)
{
    cpuset_for_each(index, set)
    {
        struct cpu *cpu = fleet_cpu(fleet, index);
        if (withheld(fleet, cpu, break_id, "up.answer") ||
            withheld(fleet, cpu, break_id, "up.init-sent"))
            continue;
        /* Told before it is true: the AP may overtake this store. */
        if (cpu->stage == STAGE_INIT_SENT)
            stage_by_bsp(cpu, STAGE_SIPI_SENT);
        apic_send_sipi(&fleet->apic, cpu->apic_id, trampoline_vector(fleet));
    }
}

/* Who has not stored a stage of its own yet. */
static struct cpuset silent(const struct fleet *fleet, const struct cpuset *set)
{
    struct cpuset rest = *set;

    cpuset_for_each(index, set)
    {
        if (fleet_cpu(fleet, index)->stage > STAGE_SIPI_SENT)
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

static void stage_all_by_bsp(struct fleet *fleet, const struct cpuset *aps, enum stage stage)
{
    cpuset_for_each(index, aps) stage_by_bsp(fleet_cpu(fleet, index), stage);
}

static void broadcast(struct fleet *fleet, const struct cpuset *aps)
{
    stage_all_by_bsp(fleet, aps, STAGE_INIT_SENT);
    apic_broadcast_init(&fleet->apic);
    if (fleet->legacy_delay)
        clock_delay(&fleet->clock, INIT_DELAY_US);
    stage_all_by_bsp(fleet, aps, STAGE_SIPI_SENT);
    apic_broadcast_sipi(&fleet->apic, trampoline_vector(fleet));
}

static void one_by_one(struct fleet *fleet, const struct cpuset *aps, const char *break_id)
{
    call_init(fleet, aps, break_id);
    if (fleet->legacy_delay)
        clock_delay(&fleet->clock, INIT_DELAY_US);
    call_sipi(fleet, aps, break_id);
}

/* Until nobody is missing; fleet->outstanding only ends the naps early. */
static void wait_for_missing(struct fleet *fleet, const struct cpuset *set, uint64_t us)
{
    uint64_t begin = tsc_read();
    struct cpuset rest = missing(fleet, set);

    while (!cpuset_empty(&rest) && clock_us(&fleet->clock, tsc_read() - begin) < us) {
        if (work_wait(fleet, LOOK_US))
            clock_delay(&fleet->clock, RACE_US);
        rest = missing(fleet, &rest);
    }
}

static void first_call(struct fleet *fleet, const struct cpuset *aps, const char *break_id,
                       bool all)
{
    fleet->first_init_tsc = tsc_read();
    if (all)
        broadcast(fleet, aps);
    else
        one_by_one(fleet, aps, break_id);
    if (work_wait(fleet, SILENT_AFTER_US))
        return;
    /* A CPU that runs does not listen to SIPI; one that lost the first takes this. */
    struct cpuset rest = silent(fleet, aps);
    if (all)
        apic_broadcast_sipi(&fleet->apic, trampoline_vector(fleet));
    else
        call_sipi(fleet, &rest, break_id);
    wait_for_missing(fleet, aps, LAUNCH_DEADLINE_US);
}

/* By the book this time, whatever the CPU is. */
static void second_call(struct fleet *fleet, const struct cpuset *late, const char *break_id)
{
    __atomic_store_n(&fleet->outstanding, cpuset_count(late), __ATOMIC_RELEASE);
    call_init(fleet, late, break_id);
    clock_delay(&fleet->clock, INIT_DELAY_US);
    call_sipi(fleet, late, break_id);
    clock_delay(&fleet->clock, SECOND_SIPI_US);
    call_sipi(fleet, late, break_id);
    wait_for_missing(fleet, late, LAUNCH_DEADLINE_US);
}

/* Those that did not come at the first call; they may have come at the second. */
static struct cpuset call_twice(struct fleet *fleet, const struct cpuset *aps, const char *break_id,
                                bool all)
{
    first_call(fleet, aps, break_id, all);
    struct cpuset late = missing(fleet, aps);

    if (!cpuset_empty(&late))
        second_call(fleet, &late, break_id);
    return late;
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

/* Real mode is seen in the log only: the slot is out of reach there. */
void launch_read_log(struct fleet *fleet)
{
    uint32_t capacity = trampoline_header(fleet)->log_capacity;

    memset(fleet->entries, 0, fleet->count * sizeof *fleet->entries);
    fleet->strangers = 0;
    for (uint32_t n = 0; n < capacity; n++) {
        const volatile struct log_entry *entry = trampoline_log(fleet, n);
        if (!entry)
            continue;
        uint32_t index = inventory_find(&fleet->handoff->inventory, entry->apic_id);
        if (index == CPU_NONE) {
            if (!fleet->strangers++)
                fleet->stranger_id = entry->apic_id;
            continue;
        }
        struct cpu *cpu = fleet_cpu(fleet, index);
        cpu->stage_tsc[STAGE_REAL_MODE] = entry->tsc;
        if (cpu->stage < STAGE_REAL_MODE)
            cpu->stage = STAGE_REAL_MODE;
        fleet->entries[index]++;
    }
}

static void record(struct fleet *fleet, uint32_t index)
{
    const struct cpu *cpu = fleet_cpu(fleet, index);
    struct arrival *arrival = &fleet->arrivals[index];

    arrival->apic_id = cpu->apic_id;
    arrival->stage = cpu->stage;
    /* The BSP came before it called anybody. */
    for (uint32_t stage = STAGE_INIT_SENT; index && stage <= cpu->stage && stage < STAGE_COUNT;
         stage++)
        arrival->stage_us[stage] =
            arrival_us(cpu->stage_tsc[stage], fleet->first_init_tsc, fleet->clock.tsc_hz);
}

static void give_up(struct fleet *fleet, uint32_t index)
{
    struct cpu *cpu = fleet_cpu(fleet, index);

    cpu->abandoned = true;
    cpu->dead = true;
    cpuset_remove(&fleet->online, index);
    fleet_hold(fleet, cpu);
}

static void call_aps(struct fleet *fleet, const struct cpuset *aps, const char *break_id)
{
    if (fleet->handoff->claims.madt.mailbox) {
        fleet->first_init_tsc = tsc_read();
        mailbox_call(fleet, aps, break_id);
        return;
    }
    struct cpuset late = call_twice(fleet, aps, break_id, may_broadcast(fleet, aps, break_id));
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

/* As if it had not been called yet. */
static void forget_call(struct cpu *cpu)
{
    cpu->claimed = 0;
    cpu->stage = STAGE_NONE;
    for (uint32_t stage = STAGE_NONE; stage < STAGE_COUNT; stage++)
        cpu->stage_tsc[stage] = 0;
}

/* A benchmark calls more than once. */
static void forget_arrivals(struct fleet *fleet)
{
    for (uint32_t index = 0; index < fleet->count; index++) {
        if (index)
            forget_call(fleet_cpu(fleet, index));
        fleet->arrivals[index] = (struct arrival){0};
    }
}

void launch_all(struct fleet *fleet, const char *break_id)
{
    struct cpuset aps = fleet->called;

    cpuset_remove(&aps, 0);
    forget_arrivals(fleet);
    fleet->online = fleet->called;
    __atomic_store_n(&fleet->outstanding, cpuset_count(&aps), __ATOMIC_RELEASE);
    if (!cpuset_empty(&aps))
        call_aps(fleet, &aps, break_id);
    fleet->answered_tsc = tsc_read_ordered();
    launch_read_log(fleet);
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
    cpuset_for_each(index, aps) forget_call(fleet_cpu(fleet, index));
    __atomic_store_n(&fleet->outstanding, cpuset_count(aps), __ATOMIC_RELEASE);
    bool all = !singly && may_broadcast(fleet, aps, break_id);

    ret->late = call_twice(fleet, aps, break_id, all);
    ret->us = clock_us(&fleet->clock, tsc_read() - fleet->first_init_tsc);
    ret->lost = missing(fleet, aps);
    cpuset_for_each(index, &ret->lost) give_up(fleet, index);
}
