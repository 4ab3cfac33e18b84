/* What a machine and its firmware look like, as facts that are the same at each boot: no timings,
 * nothing that was measured. One fact is one JSON object: {"name":…,"value":…}, with the "cpus" it
 * holds for where it is about CPUs. Pure. */
#ifndef MUSTER_BASELINE_H
#define MUSTER_BASELINE_H

#include <muster/handoff.h>
#include <muster/json.h>
#include <muster/report.h>

struct baseline {
    struct json *json;
    bool apart; /* each fact is a line and a JSON text of its own; else they are rows of an array */
    const struct report *report;
    const struct handoff *handoff;
};

/* Tells all facts, always in the same order, each on its own line. */
void baseline_write(struct baseline *baseline);

/* For the sections of the baseline: begins a fact, whose value is written next, under "value".
 * `cpus` NULL: about the machine. */
void baseline_fact(struct baseline *baseline, const char *name, const struct cpuset *cpus);
void baseline_fact_end(struct baseline *baseline);

/* A value that each of `cpus` has or has not: one fact for all CPUs that have the same. */
typedef bool baseline_value(const struct baseline *baseline, uint32_t cpu, const void *what,
                            uint64_t *ret);
void baseline_grouped(struct baseline *baseline, const char *name, const struct cpuset *cpus,
                      baseline_value *value, const void *what);

#endif
