/* A set of CPU indices (never APIC IDs): what options select, and what findings are about. */
#ifndef MUSTER_CPUSET_H
#define MUSTER_CPUSET_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/text.h>

enum { CPU_MAX = 4096, CPU_NONE = 0xffffffff };

struct cpuset {
    uint64_t bits[CPU_MAX / 64];
};

void cpuset_clear(struct cpuset *set);
/* Makes the set {0, …, count-1}. */
void cpuset_fill(struct cpuset *set, uint32_t count);
/* `cpu` beyond CPU_MAX is ignored by add and remove, and never in a set. */
void cpuset_add(struct cpuset *set, uint32_t cpu);
void cpuset_remove(struct cpuset *set, uint32_t cpu);
bool cpuset_has(const struct cpuset *set, uint32_t cpu);
bool cpuset_empty(const struct cpuset *set);
bool cpuset_equal(const struct cpuset *a, const struct cpuset *b);
uint32_t cpuset_count(const struct cpuset *set);
/* The first member at or after `from`, or CPU_NONE. */
uint32_t cpuset_next(const struct cpuset *set, uint32_t from);
/* How many members stand before `cpu`; and the member before which `rank` stand, or CPU_NONE. */
uint32_t cpuset_rank(const struct cpuset *set, uint32_t cpu);
uint32_t cpuset_nth(const struct cpuset *set, uint32_t rank);
void cpuset_unite(struct cpuset *set, const struct cpuset *more);
void cpuset_subtract(struct cpuset *set, const struct cpuset *less);
void cpuset_intersect(struct cpuset *set, const struct cpuset *with);

#define cpuset_for_each(cpu, set)                                                                  \
    for (uint32_t cpu = cpuset_next((set), 0); cpu != CPU_NONE; cpu = cpuset_next((set), cpu + 1))

/* Reads "0-3,8,12-15". On error returns the text's offending offset, else -1; `ret_set` is written
 * only on success. An index of CPU_MAX or more, an empty set, a falling range are errors. */
long cpuset_parse(const char *text, struct cpuset *ret_set);

/* Appends "0-3,8". */
void cpuset_print(struct text *out, const struct cpuset *set);

#endif
