/* gs.*: the per-CPU block, as GS finds it. */
#include "check.h"
#include "install.h"
#include "registers.h"

enum { COUNT = 20000 };

static void swapgs(void)
{
    __asm__ volatile("swapgs" : : : "memory");
}

static void observe_gs(struct cpu *cpu, struct observation *ret)
{
    uint64_t base = msr_read(MSR_GS_BASE), kernel_base = msr_read(MSR_KERNEL_GS_BASE);
    const struct cpu *self = cpu_this();
    uint64_t block = (uintptr_t)cpu;

    ret->gs = (struct obs_gs){
        .base = {block, base},
        .self = {block, (uintptr_t)self},
        .index = {cpu->index, self->index},
        .apic_id = {cpu->apic_id, self->apic_id},
        .kernel_base = {kernel_gs_of(cpu), kernel_base},
    };
    swapgs();
    uint64_t swapped = msr_read(MSR_GS_BASE);
    swapgs();
    ret->gs.swapped = (struct pair){kernel_base, swapped};
    ret->gs.back = (struct pair){base, msr_read(MSR_GS_BASE)};
}

static uint64_t other_block(const struct cpu *cpu)
{
    uint32_t other = cpu->index ? 0 : 1 % cpu->fleet->count;
    uint64_t block = (uintptr_t)fleet_cpu(cpu->fleet, other);

    /* Alone, a CPU has no neighbour: eight bytes further is wrong, too. */
    return other == cpu->index ? block + 8 : block;
}

static void plant_base(struct cpu *cpu)
{
    msr_write(MSR_GS_BASE, other_block(cpu));
}

static void heal_base(struct cpu *cpu)
{
    msr_write(MSR_GS_BASE, (uintptr_t)cpu);
}

#define ISOLATED(word) "i"(offsetof(struct cpu, isolated.word))

/* The count is not atomic, on purpose: a second CPU counting in the same block shows as a lost
 * count. It may also hide itself, where one CPU is held between a load and its store while the
 * other counts: so each visit is noted by LOCK INC, which loses none (SDM vol. 3A, 9.1.2.2). */
static void observe_isolated(struct cpu *cpu, struct observation *ret)
{
    (void)ret;
    __asm__ volatile("lock incq %%gs:%c0" : : ISOLATED(visits) : "memory");
    __asm__ volatile("movq %0, %%gs:%c1"
                     :
                     : "r"((uint64_t)cpu->apic_id), ISOLATED(marker)
                     : "memory");
    for (uint32_t n = 0; n < COUNT; n++)
        __asm__ volatile("incq %%gs:%c0" : : ISOLATED(counter) : "memory");
}

/* When all have stopped counting. */
static void settle_isolated(struct cpu *cpu, struct observation *ret)
{
    ret->count = (struct obs_count){
        .count = {COUNT, cpu->isolated.counter},
        .marker = {cpu->apic_id, cpu->isolated.marker},
        .visits = {1, cpu->isolated.visits},
    };
    cpu->isolated = (struct gs_words){0};
}

static const struct check rows[] = {
    {.info = {.id = "gs.base",
              .claim =
                  "GS and kernel GS bases are this CPU's own, and SWAPGS exchanges them and back",
              .source = "SDM vol. 3A, 3.4.4.1 and 5.8.8; vol. 2B, SWAPGS",
              .needs = "gdt.loaded",
              .defect = "another CPU's block in GS",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .observe = observe_gs,
     .judge = judge_gs,
     .plant = plant_base,
     .heal = heal_base},
    {.info = {.id = "gs.isolated",
              .claim =
                  "when all CPUs count through GS at once, no count is lost or lands elsewhere",
              .source = "SDM vol. 3A, 3.4.4.1",
              .needs = "gs.base",
              .defect = "a CPU that counts in another's block",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .observe = observe_isolated,
     .settle = settle_isolated,
     .judge = judge_count,
     .plant = plant_base,
     .heal = heal_base,
     .blame = BLAME_FIRST_TOO},
};

FAMILY(gs_family, rows);
