/* Bring-up without CPUs: launch.c and attempt.c as they are, on an invented machine whose APs come,
 * stop, die and dawdle as each test says. A microsecond is a tick. */
#ifndef UNIT_LAUNCHED_H
#define UNIT_LAUNCHED_H

#include "unit.h"

#include "registers.h"

static uint64_t now_us;
#define tsc_read() now_us

#include "../../src/smp/attempt.c"
#include "../../src/smp/ist_guard.c"
#include "../../src/smp/launch.c"

enum { CPUS = 4, LOG = 8 };

/* What an AP does: `stop` is how far it comes in each attempt. */
static struct actor {
    uint32_t stop[2];
    uint32_t deaf;     /* SIPIs that it loses */
    bool dies;         /* of an exception, where it stops first */
    bool counts_twice; /* counts itself down for an earlier job, too */
    bool dawdles;      /* still runs for a while when INIT has been sent to stop it */
    uint32_t slow;     /* spins of the BSP's until it is online */
    uint32_t refused_inits, refused_sipis;
    uint32_t refused_from; /* the first SIPI that is refused with all after it; 0: none */
    uint32_t sipis;
    uint32_t attempts;
    bool runs;
} actors[CPUS];

static struct handoff handoff;
static struct fleet fleet;
static uint8_t blocks[CPUS * CPU_STRIDE] __attribute__((aligned(4096)));
static struct tss_block tss[CPUS];
static struct arrival arrivals[CPUS];
static uint32_t entries[CPUS];
static struct trampoline_header header;
static struct log_entry entered[LOG];
static bool sealed, forgotten_sealed;

static int fresh(void **state)
{
    (void)state;
    memset(&fleet, 0, sizeof(fleet));
    memset(blocks, 0, sizeof(blocks));
    memset(arrivals, 0, sizeof(arrivals));
    memset(entered, 0, sizeof(entered));
    handoff.inventory = (struct inventory){.count = CPUS};
    handoff.claims.madt.mailbox = 0;
    fleet.handoff = &handoff;
    fleet.count = CPUS;
    fleet.cpus = (struct cpu *)blocks;
    fleet.arrivals = arrivals;
    fleet.entries = entries;
    fleet.clock.tsc_hz = 1000000;
    cpuset_fill(&fleet.called, CPUS);
    header = (struct trampoline_header){.log_capacity = LOG};
    now_us = 1000;
    forgotten_sealed = false;
    sealed = true;
    for (uint32_t index = 0; index < CPUS; index++) {
        struct cpu *cpu = fleet_cpu(&fleet, index);
        handoff.inventory.rows[index].apic_id = cpu->apic_id = index * 2;
        actors[index] = (struct actor){.stop = {STAGE_ONLINE, STAGE_ONLINE}};
        cpu->index = index;
        cpu->tss = &tss[index];
        cpu->tss->tss.ist[STACK_DF - 1] = stack_top(index, STACK_DF);
    }
    return 0;
}

/* Not to be reached by a broadcast. */
static void make_singly(void)
{
    handoff.inventory.disabled = 1;
}

static void die(struct cpu *cpu)
{
    ist_enter(cpu, stack_top(cpu->index, STACK_DF) - 64);
    cpu->probe.armed = true;
    cpu->last_words.spoken = true;
    cpu->last_words.earlier = false;
    cpu->dead = true;
}

static void come(struct cpu *cpu, struct actor *actor)
{
    const uint32_t stop = actor->slow ? STAGE_STACK : actor->stop[actor->attempts++ > 0];
    if (stop >= STAGE_REAL_MODE && header.log_count < LOG) {
        entered[header.log_count++] = (struct log_entry){cpu->apic_id, 1, now_us};
    }
    cpu->claimed += stop >= STAGE_PROTECTED_MODE;
    for (uint32_t stage = STAGE_PROTECTED_MODE; stage <= stop; stage++) {
        cpu->stage_tsc[stage] = now_us;
        cpu->stage = stage;
    }
    if (actor->dies && actor->attempts == 1) {
        die(cpu);
    }
    if (stop == STAGE_ONLINE) {
        fleet.outstanding -= actor->counts_twice ? 2 : 1;
    }
}

/* --- what launch.c calls --- */

static bool refuses(uint32_t *times)
{
    if (*times == 0) {
        return false;
    }
    --*times;
    return true;
}

bool apic_send_init(const struct apic *apic, uint32_t apic_id)
{
    (void)apic;
    struct actor *actor = &actors[apic_id / 2];
    if (refuses(&actor->refused_inits)) {
        return false;
    }
    actor->runs = false;
    return true;
}

bool apic_send_sipi(const struct apic *apic, uint32_t apic_id, uint8_t page)
{
    (void)apic;
    (void)page;
    struct actor *actor = &actors[apic_id / 2];
    actor->sipis++;
    if (refuses(&actor->refused_sipis) ||
        (actor->refused_from && actor->sipis >= actor->refused_from)) {
        return false;
    }
    if (!actor->runs && !refuses(&actor->deaf)) {
        actor->runs = true;
        come(fleet_cpu(&fleet, apic_id / 2), actor);
    }
    return true;
}

/* The first AP's refusal is everybody's. */
bool apic_broadcast_init(const struct apic *apic)
{
    bool sent = apic_send_init(apic, 2);
    for (uint32_t index = 2; sent && index < CPUS; index++) {
        apic_send_init(apic, index * 2);
    }
    return sent;
}

bool apic_broadcast_sipi(const struct apic *apic, uint8_t page)
{
    for (uint32_t index = 1; index < CPUS; index++) {
        apic_send_sipi(apic, index * 2, page);
    }
    return true;
}

void clock_delay(const struct clock *clock, uint64_t us)
{
    (void)clock;
    now_us += us;
    for (uint32_t index = 1; index < CPUS; index++) {
        if (actors[index].slow && --actors[index].slow == 0) {
            fleet_cpu(&fleet, index)->stage = STAGE_ONLINE;
        }
        if (us >= 10000 && actors[index].dawdles) {
            actors[index].dawdles = false;
            fleet_cpu(&fleet, index)->claimed++;
            fleet_cpu(&fleet, index)->stage = STAGE_IDT;
        }
    }
}

uint64_t clock_us(const struct clock *clock, uint64_t ticks)
{
    (void)clock;
    return ticks;
}

bool work_wait(struct fleet *of, uint64_t us)
{
    if (of->outstanding) {
        now_us += us;
    }
    return !of->outstanding;
}

uint8_t trampoline_vector(const struct fleet *of)
{
    (void)of;
    return 8;
}

volatile struct trampoline_header *trampoline_header(const struct fleet *of)
{
    (void)of;
    return &header;
}

const volatile struct log_entry *trampoline_log(const struct fleet *of, uint32_t n)
{
    (void)of;
    return n < header.log_count && entered[n].valid ? &entered[n] : NULL;
}

void trampoline_forget_log(const struct fleet *of)
{
    (void)of;
    forgotten_sealed = sealed;
    header.log_count = 0;
    memset(entered, 0, sizeof(entered));
}

void fleet_seal_trampoline(struct fleet *of, bool seal)
{
    (void)of;
    sealed = seal;
}

void trampoline_lay(const struct fleet *of, struct slot *slots)
{
    (void)of;
    (void)slots;
}

void low_watch_begin(struct fleet *of)
{
    (void)of;
}

void mailbox_call(struct fleet *of, const struct cpuset *aps, const char *break_id)
{
    (void)of;
    (void)aps;
    (void)break_id;
}

void fleet_hold(struct fleet *of, const struct cpu *cpu)
{
    (void)of;
    actors[cpu->index].runs = false;
}

#endif
