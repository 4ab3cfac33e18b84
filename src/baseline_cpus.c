/* The CPUs, one by one and by what they have in common. */
#include <muster/state_lines.h>

#include "baseline_sections.h"
#include "document_parts.h"

static void fact_of_one(struct baseline *baseline, const char *name, uint32_t cpu)
{
    struct cpuset one;

    cpuset_clear(&one);
    cpuset_add(&one, cpu);
    baseline_fact(baseline, name, &one);
    json_object(baseline->json, "value");
}

static void fact_of_one_end(struct baseline *baseline)
{
    json_object_end(baseline->json);
    baseline_fact_end(baseline);
}

void baseline_cpus(struct baseline *baseline)
{
    const struct inventory *inventory = &baseline->handoff->inventory;

    for (uint32_t cpu = 0; cpu < inventory->count; cpu++) {
        fact_of_one(baseline, "cpu", cpu);
        inventory_row_tell(baseline->json, &inventory->rows[cpu]);
        fact_of_one_end(baseline);
    }
}

static void add_count(struct baseline *baseline, enum topology_level level)
{
    const char *name = topology_level_name(level);

    json_number(baseline->json, name, topology_count(baseline->report->topology, level));
}

void baseline_topology(struct baseline *baseline)
{
    const struct topology *topology = baseline->report->topology;

    if (!topology || topology->known == 0) {
        return;
    }
    baseline_fact(baseline, "topology.counts", NULL);
    json_object(baseline->json, "value");
    add_count(baseline, TOPOLOGY_PACKAGE);
    add_count(baseline, TOPOLOGY_DIE);
    add_count(baseline, TOPOLOGY_CORE);
    add_count(baseline, TOPOLOGY_THREAD);
    fact_of_one_end(baseline);
    for (uint32_t cpu = 0; cpu < topology->count; cpu++) {
        if (topology->rows[cpu].source != TOPOLOGY_UNKNOWN) {
            fact_of_one(baseline, "topology", cpu);
            topology_row_tell(baseline->json, &topology->rows[cpu]);
            fact_of_one_end(baseline);
        }
    }
}

/* --- what they were handed over with --- */

/* Where firmware's tables lie, what counts, and what is left over from its last instructions, may
 * differ from boot to boot. */
static bool changes(uint32_t slot)
{
    static const uint16_t slots[] = {
        STATE_CR3,     STATE_RFLAGS,    STATE_GDT_BASE,   STATE_IDT_BASE, STATE_FS_BASE,
        STATE_GS_BASE, STATE_SMI_COUNT, STATE_TSC_ADJUST, STATE_U_CET,    STATE_S_CET};

    for (uint32_t n = 0; n < sizeof(slots) / sizeof(slots[0]); n++) {
        if (slots[n] == slot) {
            return true;
        }
    }
    return false;
}

static bool value_of(const struct baseline *baseline, uint32_t cpu, const void *what, uint64_t *ret)
{
    const struct state_record *record = &baseline->report->states[cpu];
    uint32_t slot = *(const uint32_t *)what;

    *ret = record->value[slot];
    return state_has(record, slot);
}

void state_fact_name(char name[STATE_FACT_MAX], uint32_t slot)
{
    struct text text;
    text_init(&text, name, STATE_FACT_MAX);
    text_add(&text, "state.");
    state_name_print(&text, slot);
}

void states_tell(struct baseline *baseline, bool all)
{
    struct cpuset cpus;

    cpuset_fill(&cpus, baseline->report->cpus_claimed);
    for (uint32_t slot = 0; slot < STATE_SLOTS; slot++) {
        char name[STATE_FACT_MAX];
        state_fact_name(name, slot);
        if (all || !changes(slot)) {
            baseline_grouped(baseline, name, &cpus, value_of, &slot);
        }
    }
}

void baseline_states(struct baseline *baseline)
{
    if (baseline->report->states) {
        states_tell(baseline, false);
    }
}
