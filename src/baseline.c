/* The facts, section by section; a new section is one function and one line of the table. */
#include <muster/baseline.h>

#include "baseline_sections.h"

void baseline_fact(struct baseline *baseline, const char *name, const struct cpuset *cpus)
{
    if (baseline->apart) {
        baseline->json->inside = false;
    }
    json_object(baseline->json, NULL);
    json_string(baseline->json, "name", name);
    if (cpus) {
        json_cpus(baseline->json, "cpus", cpus);
    }
}

void baseline_fact_end(struct baseline *baseline)
{
    json_object_end(baseline->json);
    json_break(baseline->json);
}

/* Takes out of `left` the CPUs that have the first one's value, which goes to `ret`; false where
 * the first one has none, and only it was taken out. */
static bool group_take(const struct baseline *baseline, baseline_value *value, const void *what,
                       struct cpuset *left, struct cpuset *group, uint64_t *ret)
{
    uint32_t first = cpuset_next(left, 0);
    uint64_t other;

    cpuset_clear(group);
    cpuset_remove(left, first);
    if (!value(baseline, first, what, ret)) {
        return false;
    }
    cpuset_add(group, first);
    cpuset_for_each(cpu, left)
    {
        if (value(baseline, cpu, what, &other) && other == *ret) {
            cpuset_add(group, cpu);
        }
    }
    cpuset_subtract(left, group);
    return true;
}

void baseline_grouped(struct baseline *baseline, const char *name, const struct cpuset *cpus,
                      baseline_value *value, const void *what)
{
    struct cpuset left = *cpus, group;
    uint64_t common;

    while (!cpuset_empty(&left)) {
        if (group_take(baseline, value, what, &left, &group, &common)) {
            baseline_fact(baseline, name, &group);
            json_hex(baseline->json, "value", common);
            baseline_fact_end(baseline);
        }
    }
}

void baseline_write(struct baseline *baseline)
{
    static void (*const sections[])(struct baseline *) = {
        baseline_firmware, baseline_platform, baseline_memory, baseline_roll,
        baseline_cpus,     baseline_topology, baseline_cpuid,  baseline_states,
    };

    json_break(baseline->json);
    for (uint32_t n = 0; n < sizeof(sections) / sizeof(sections[0]); n++) {
        sections[n](baseline);
    }
}
