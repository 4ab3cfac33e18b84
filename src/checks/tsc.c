/* tsc.adjust, tsc.invariant, tsc.monotonic: what each CPU tells of its own TSC. */
#include "tsc.h"
#include "check.h"
#include "offer.h"
#include "topology.h"

enum { READS = 2000, PLANTED_TICKS_LOG = 40 };

/* As it was handed over: INIT leaves it as it is (SDM vol. 3A, table 10-1). */
static uint32_t package_here(void)
{
    struct topology_words words;
    struct topology_row row;

    topology_read(topology_cpuid, &words);
    topology_decode(&words, &row);
    return row.id[TOPOLOGY_PACKAGE];
}

static void observe_adjust(struct cpu *cpu, struct observation *ret)
{
    struct obs_tsc_value *seen = &ret->tsc_value;

    seen->offered = state_has(cpu->state, STATE_TSC_ADJUST);
    if (seen->offered)
        seen->value = cpu->state->value[STATE_TSC_ADJUST];
    seen->package = package_here();
    if (cpu->planted) {
        seen->offered = true;
        seen->value += 0x1000;
    }
}

static void observe_invariant(struct cpu *cpu, struct observation *ret)
{
    ret->tsc_value.offered = offers_invariant_tsc() != cpu->planted;
}

static void tally_invariant(const struct observation *seen, struct report *to)
{
    to->time.invariant |= seen->tsc_value.offered;
}

static void read_many(struct obs_monotonic *seen)
{
    uint64_t last = tsc_read_ordered();

    for (seen->reads = 0; seen->reads < READS; seen->reads++) {
        uint64_t now = tsc_read_ordered();
        if ((int64_t)(now - last) < 0 && last - now > seen->back_by)
            seen->back_by = last - now;
        last = now;
    }
}

/* From real mode on the CPU stamps its stages itself. One that was called again may have stamped
 * some in its first life. */
static void look_at_stages(const struct cpu *cpu, struct obs_monotonic *seen)
{
    const struct fleet *fleet = cpu->fleet;
    bool again = fleet->arrivals[cpu->index].retries || cpu->first_stage != STAGE_NONE;

    seen->earliest = fleet->first_init_tsc;
    seen->latest = fleet->answered_tsc;
    for (uint32_t stage = STAGE_REAL_MODE; stage < STAGE_COUNT; stage++) {
        seen->stamp = cpu->stage_tsc[stage];
        if (!seen->stamp)
            continue;
        if (cpu->planted)
            seen->stamp -= UINT64_C(1) << PLANTED_TICKS_LOG;
        if ((int64_t)(seen->stamp - seen->earliest) < 0 ||
            (int64_t)(seen->latest - seen->stamp) < 0) {
            seen->stage = stage;
            return;
        }
        if (!again)
            seen->earliest = seen->stamp;
    }
}

static void observe_monotonic(struct cpu *cpu, struct observation *ret)
{
    struct obs_monotonic *seen = &ret->monotonic;

    seen->stage = STAGE_NONE;
    seen->tsc_hz = cpu->fleet->clock.tsc_hz;
    read_many(seen);
    if (cpu->index)
        look_at_stages(cpu, seen);
    else if (cpu->planted)
        seen->back_by = 1;
}

#define TSC(name, text, where, what)                                                               \
    CHECK_INFO(name, text, where, what, SCOPE_EACH_CPU, HAZARD_READS)

static const struct check rows[] = {
    {TSC("tsc.adjust",
         "IA32_TSC_ADJUST is 0, as after reset, unless firmware shifted whole packages against "
         "each other",
         "SDM vol. 3B, 18.17.3", "an adjustment of 0x1000 ticks more"),
     .planting = PLANTED_INSIDE, .observe = observe_adjust, .judge_crowd = judge_tsc_adjust},
    {TSC("tsc.invariant", "all CPUs offer an invariant TSC, or none does",
         "SDM vol. 3B, 18.17.1; APM vol. 3, E.4.6", "a CPU that says the opposite"),
     .planting = PLANTED_INSIDE, .observe = observe_invariant, .judge_crowd = judge_invariant,
     .tally = tally_invariant},
    {TSC("tsc.monotonic",
         "a CPU's TSC only rises, and its stages of bring-up lie after the BSP's call and before "
         "the BSP saw it come",
         "SDM vol. 3B, 18.17", "stamps of a CPU whose TSC stands 2^40 ticks behind"),
     .planting = PLANTED_INSIDE, .observe = observe_monotonic, .judge = judge_monotonic},
};

FAMILY(tsc_family, rows);
