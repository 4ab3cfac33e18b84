/* up.*: bring-up, as the BSP saw it and as each CPU tells of itself. */
#include "attempt.h"
#include "check.h"
#include "offer.h"
#include "registers.h"

enum { STRANGERS_US = 5000 };

static void observe_arrival(struct cpu *cpu, struct observation *ret)
{
    const struct fleet *fleet = cpu->fleet;
    const struct arrival *arrival = &fleet->arrivals[cpu->index];

    ret->arrival = (struct obs_arrival){
        .called = cpu->index != 0 && cpuset_has(&fleet->called, cpu->index),
        .lost = arrival->lost,
        .stage = arrival->stage,
        .first_stage = arrival->first_stage,
        .waited_us = arrival->waited_us,
        .retries = arrival->retries,
        .refusal = cpu->refusal,
        .entries = fleet->entries[cpu->index],
        .slots_claimed = cpu->claimed,
        .strangers = cpu->index == 0 ? fleet->strangers : 0,
        .stranger_id = fleet->stranger_id,
    };
    if (cpu->planted && cpu->index)
        ret->arrival.slots_claimed++;
    else if (cpu->planted)
        ret->arrival.strangers++; /* nobody calls the BSP */
}

/* The log once more, when whoever came uncalled has had time to write itself into it. */
static void observe_entries(struct cpu *cpu, struct observation *ret)
{
    if (cpu->index == 0) {
        clock_delay(&cpu->fleet->clock, STRANGERS_US);
        attempt_read_log(cpu->fleet);
    }
    observe_arrival(cpu, ret);
}

/* Only a broadcast calls CPUs that nobody claimed (launch.c); it is made where every CPU that
 * firmware lists is to come. */
static void remark_once(const struct fleet *fleet, const struct cpuset *set, struct text *out)
{
    const struct inventory *inventory = &fleet->handoff->inventory;
    struct cpuset aps = fleet->called;

    (void)set;
    cpuset_remove(&aps, 0);
    if (fleet->count == 1 || cpuset_count(&aps) + 1 < fleet->count || inventory->disabled ||
        inventory->spare || fleet->handoff->claims.madt.mailbox)
        text_add(out, "no broadcast: strangers were not called");
}

static void observe_apic_id(struct cpu *cpu, struct observation *ret)
{
    const struct apic *apic = &cpu->fleet->apic;
    struct obs_arrival *arrival = &ret->arrival;
    uint32_t leaf_b = 0;

    *arrival = (struct obs_arrival){.called = true, .has_apic = true};
    arrival->leaf1 = (struct pair){cpu->apic_id & 0xff, apic_id_leaf1()};
    arrival->has_leaf_b = apic_id_leaf_b(&leaf_b);
    arrival->leaf_b = (struct pair){cpu->apic_id, leaf_b};
    arrival->apic = (struct pair){cpu->apic_id, apic_id_register(apic)};
    if (cpu->planted)
        arrival->apic.seen ^= 0x80;
}

/* All CPUs are called whatever was asked, so any run may lose one: up.answer is in every plan. */
static const struct check rows[] = {
    {.info = {.id = "up.answer",
              .claim =
                  "every claimed CPU answers INIT and SIPI in time, comes online and takes work",
              .source = "SDM vol. 3A, 9.4.4; MP specification 1.4, B.4",
              .needs = "",
              .defect = "a CPU that is never called; up.STAGE: one that stops at that stage",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .by_bsp = true,
     .always = true,
     .planting = PLANTED_AT_BRING_UP,
     .observe = observe_arrival,
     .judge = judge_up_answer},
    {.info = {.id = "up.once",
              .claim = "every CPU starts once for each call, and no CPU comes that nobody claimed",
              .source = "SDM vol. 3A, 9.4.4.1",
              .needs = "up.answer",
              .defect = "a slot that is claimed twice; on the BSP, an arrival that nobody claimed",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .by_bsp = true,
     .planting = PLANTED_INSIDE,
     .observe = observe_entries,
     .judge = judge_up_once,
     .remark = remark_once},
    {.info = {.id = "up.apic-id",
              .claim = "CPUID leaves 1 and 0xB, the APIC's register and the claim tell one APIC ID",
              .source = "SDM vol. 3A, 9.4.5 and 11.12.5.1",
              .needs = "up.answer",
              .defect = "another ID read from the APIC",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .planting = PLANTED_INSIDE,
     .observe = observe_apic_id,
     .judge = judge_up_apic_id},
};

FAMILY(up_family, rows);
