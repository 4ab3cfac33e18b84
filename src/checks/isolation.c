/*
 * isolation.tables: every second CPU only watches its own tables, registers and stacks, while those
 * between them take faults and change rings, and once more when they are done; then they change
 * places.
 */
#include "fault_mix.h"
#include "footprint.h"
#include "meeting.h"
#include "probe.h"
#include "registers.h"

enum { LOOKS = 24, FAULTS = 24, PHASES = 2, PAGE_WORDS = 4096 / 8, SPARE_GATE = 200 };

/* The GDT's page holds the TSS, too; FNV-1a, by words. */
static uint64_t sum_page(const void *page, uint64_t sum)
{
    const volatile uint64_t *words = page;

    for (uint32_t n = 0; n < PAGE_WORDS; n++)
        sum = (sum ^ words[n]) * UINT64_C(0x100000001b3);
    return sum;
}

static uint64_t sum_tables(const struct cpu *cpu)
{
    return sum_page(cpu->idt, sum_page(cpu->gdt, UINT64_C(0xcbf29ce484222325)));
}

static void look(struct cpu *cpu, struct obs_watch *watch, const struct cpu_state *before)
{
    struct cpu_state now;
    uint64_t sum = sum_tables(cpu);

    cpu_state_read(&now);
    watch->changed.seen |= cpu_state_compare(before, &now);
    if (watch->sum.seen == watch->sum.want)
        watch->sum.seen = sum;
    watch->rounds.seen++;
    cpu->heartbeat++;
}

/* Planted: one word of this CPU's IDT has changed when it looks for the last time. */
static void watch_tables(struct cpu *cpu, struct obs_watch *watch)
{
    uint32_t depth[STACK_ID_COUNT];
    struct cpu_state before;

    footprint_read(cpu, depth);
    footprint_clear(cpu, depth);
    cpu_state_read(&before);
    watch->sum.want = watch->sum.seen = sum_tables(cpu);
    watch->rounds = (struct pair){LOOKS + 1, 0};
    meet(cpu);
    for (uint32_t n = 0; n < LOOKS; n++)
        look(cpu, watch, &before);
    meet(cpu);
    cpu->idt[SPARE_GATE].reserved = cpu->planted;
    look(cpu, watch, &before);
    watch->stacks.seen = footprint_read(cpu, depth);
    cpu->idt[SPARE_GATE].reserved = 0;
}

/* What comes of these is judged elsewhere. */
static void take_faults(struct cpu *cpu)
{
    struct obs_probe probe;

    meet(cpu);
    for (uint32_t n = 0; n < FAULTS; n++)
        fault_mix_take(cpu, (enum storm_kind)(n % (STORM_RING3 + 1)), &probe, NULL, NULL);
    meet(cpu);
}

static void observe_tables(struct cpu *cpu, struct observation *ret)
{
    uint32_t rank = cpuset_rank(&cpu->fleet->at_work, cpu->index);

    if (cpu->fleet->at_work_count < 2) {
        ret->watch.unasked = UNASKED_ALONE;
        return;
    }
    for (uint32_t phase = 0; phase < PHASES; phase++) {
        if ((rank + phase) % PHASES == 0)
            watch_tables(cpu, &ret->watch);
        else
            take_faults(cpu);
    }
    if (cpu->fleet->meeting.missed)
        ret->watch.unasked = UNASKED_NOT_MET;
}

/* The paint is renewed where this CPU's own faults went. */
static void settle_tables(struct cpu *cpu, struct observation *ret)
{
    uint32_t depth[STACK_ID_COUNT];

    (void)ret;
    footprint_read(cpu, depth);
    footprint_clear(cpu, depth);
}

static const struct check rows[] = {
    {.info = {.id = "isolation.tables",
              .claim = "a CPU's GDT, TSS, IDT, GS, control registers and stacks stay as they are "
                       "while its neighbours take faults and double faults and change rings",
              .source = "SDM vol. 3A, 2.4, 3.4.4.1 and 8.7",
              .needs = SHOT_NEEDS ",ring3.gate",
              .defect = "a word of the IDT that changes when the faults are over",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_TAKES_FAULT},
     .planting = PLANTED_INSIDE,
     .observe = observe_tables,
     .settle = settle_tables,
     .judge = judge_watch},
};

FAMILY(isolation_family, rows);
