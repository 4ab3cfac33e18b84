/* How CPUs are named in reports: "4 CPUs", "CPU 2", "CPUs 1-3,7". Pure; any phase. */
#ifndef MUSTER_CPU_WORDS_H
#define MUSTER_CPU_WORDS_H

#include <muster/cpuset.h>
#include <muster/text.h>

/* Appends "1 CPU" or "4 CPUs". */
void cpu_words_count(struct text *out, uint32_t count);

/* Appends "CPU 2" or "CPUs 1-3,7"; nothing for an empty set. When the list would grow beyond about
 * `most` characters it ends in ",... and 250 more". */
void cpu_words_name(struct text *out, const struct cpuset *set, uint32_t most);

#endif
