/* Where the CPUs sit, and what they were handed over with. */
#include <muster/baseline.h>
#include <muster/state_lines.h>

#include "document_parts.h"

void topology_row_tell(struct json *json, const struct topology_row *row)
{
    for (enum topology_level level = TOPOLOGY_LEVELS; level-- > TOPOLOGY_THREAD;) {
        if (row->levels >> level & 1) {
            json_number(json, topology_level_name(level), row->id[level]);
        }
    }
    if (row->domain != CPU_NONE) {
        json_number(json, "domain", row->domain);
    }
    if (row->kind) {
        json_hex(json, "kind", row->kind);
    }
    json_string(json, "by", topology_source_name(row->source));
}

void document_add_topology(struct json *json, const struct topology *topology)
{
    if (!topology || topology->known == 0) {
        return;
    }
    json_array(json, "topology");
    json_break(json);
    for (uint32_t cpu = 0; cpu < topology->count; cpu++) {
        if (topology->rows[cpu].source != TOPOLOGY_UNKNOWN) {
            json_object(json, NULL);
            json_number(json, "cpu", cpu);
            topology_row_tell(json, &topology->rows[cpu]);
            json_object_end(json);
            json_break(json);
        }
    }
    json_array_end(json);
    json_break(json);
}

static void tell_group(struct baseline *all, const struct state_group *group)
{
    char name[STATE_FACT_MAX];
    state_fact_name(name, group->slot);
    baseline_fact(all, name, &group->cpus);
    json_hex(all->json, "value", group->value);
    baseline_fact_end(all);
}

void document_add_states(struct json *json, const struct report *report,
                         const struct state_groups *groups)
{
    struct baseline all = {.json = json, .report = report};

    if (!report->states && !groups) {
        return;
    }
    json_array(json, "states");
    json_break(json);
    if (report->states) {
        states_tell(&all, true);
    } else {
        for (uint32_t n = 0; n < groups->count; n++) {
            tell_group(&all, &groups->list[n]);
        }
    }
    json_array_end(json);
    json_break(json);
}
