/* roll.*: who is there, by the word of the CPUs themselves. */
#include "check.h"
#include "offer.h"
#include "registers.h"
#include "topology.h"
#include <muster/claim_state.h>
#include <muster/falsify.h>

#define APIC_BASE_BSP (UINT64_C(1) << 8) /* SDM vol. 3A, figure 11-5 */

static void observe_answered(struct cpu *cpu, struct observation *ret)
{
    const struct fleet *fleet = cpu->fleet;
    const struct claims *claims = &fleet->handoff->claims;

    ret->claimed = (struct obs_claimed){
        .asked = cpuset_has(&fleet->called, cpu->index),
        .answered = cpu->index == 0 || fleet->entries[cpu->index] ||
                    fleet->arrivals[cpu->index].stage > STAGE_SIPI_SENT,
        .has_mps = claims->mps.present,
        .has_madt = claims->madt.present || cpu->planted,
        .mps = (uint8_t)mps_state(&claims->mps, cpu->apic_id),
        .madt = (uint8_t)(cpu->planted ? CLAIM_ABSENT : madt_state(&claims->madt, cpu->apic_id)),
    };
}

static void observe_ids(struct cpu *cpu, struct observation *ret)
{
    const struct apic *apic = &cpu->fleet->apic;
    const uint32_t id = cpu->apic_id;
    struct topology_words words;

    topology_read(topology_cpuid, &words);
    ret->ids = (struct obs_ids){
        .leaf1 = {id & 0xff, words.leaf1_id},
        .leaf_b = {id, words.leaf_b.apic_id},
        .leaf_1f = {id, words.leaf_1f.apic_id},
        .leaf_80000026 = {id, words.leaf_80000026.apic_id},
        .amd = {id, words.amd_id},
        .apic = {id, apic_id_register(apic)},
        .bsp = {cpu->index == 0, (msr_read(MSR_APIC_BASE) & APIC_BASE_BSP) != 0},
        .has_leaf_b = words.leaf_b.offered,
        .has_leaf_1f = words.leaf_1f.offered,
        .has_leaf_80000026 = words.leaf_80000026.offered,
        .has_amd = words.has_1e,
        .x2apic = apic->x2apic,
        .leaf_b_same = words.leaf_b.same_id,
        .leaf_1f_same = words.leaf_1f.same_id,
    };
    if (cpu->planted)
        ret->ids.bsp.seen = !ret->ids.bsp.seen;
}

static void observe_place(struct cpu *cpu, struct observation *ret)
{
    topology_read(topology_cpuid, &ret->place.words);
    topology_decode(&ret->place.words, &ret->place.row);
    if (cpu->planted)
        ret->place.words.leaf_b =
            (struct topology_leaf){.offered = true, .count = 2, .type = {1, 2}, .shift = {9, 3}};
}

static const struct check rows[] = {
    {.info = {.id = "roll.answered",
              .claim = "the CPUs that MP Services and the MADT enable are those that answer",
              .source = "ACPI 6.5, 5.2.12; PI 1.8 vol. 2, 13.4",
              .needs = "",
              .defect = "a CPU that answers, taken out of the MADT",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .by_bsp = true,
     .planting = PLANTED_INSIDE,
     .observe = observe_answered,
     .judge = judge_roll_answered},
    {.info = {.id = "roll.apic-id",
              .claim = "CPUID leaves 1, 0xb, 0x1f, 0x8000001e and 0x80000026 and the APIC tell the "
                       "claimed APIC "
                       "ID, and the BSP alone has the BSP bit",
              .source = "SDM vol. 3A, 9.9 and 11.4.4; APM vol. 3, E.4.17 and CPUID Fn8000_0026",
              .needs = "up.answer",
              .defect = "another BSP bit",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .planting = PLANTED_INSIDE,
     .observe = observe_ids,
     .judge = judge_roll_apic_id},
    {.info = {.id = "roll.topology",
              .claim =
                  "all CPUs take the APIC ID apart in one way, and MP Services, PPTT and SRAT put "
                  "them into the same packages and cores",
              .source = "SDM vol. 3A, 9.9.3; APM vol. 3, E.4.17; PI 1.8 vol. 2, 13.4.3; ACPI 6.5, "
                        "5.2.16 and 5.2.30",
              .needs = "up.answer",
              .defect = "a leaf 0xb whose package is narrower than its core",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .planting = PLANTED_INSIDE,
     .observe = observe_place,
     .judge_crowd = judge_roll_topology},
    {.info = {.id = "roll.count",
              .claim = "SMBIOS counts as many sockets, cores and threads as there are",
              .source = "SMBIOS 3.7, 7.5",
              .needs = "up.answer",
              .defect = "one core more in the first socket",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .observe = observe_place,
     .judge_crowd = judge_roll_count,
     .falsify_claims = falsify_roll_count,
     .blame = BLAME_MACHINE},
};

FAMILY(roll_cpu_family, rows);
