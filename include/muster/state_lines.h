/* What the CPUs were handed over with, in words for the report: grouped by value. Pure. */
#ifndef MUSTER_STATE_LINES_H
#define MUSTER_STATE_LINES_H

#include <muster/cpuset.h>
#include <muster/state.h>

/* Appends the name of `slot`: its row's, numbered where the row has several ("mtrr-base3"). */
void state_name_print(struct text *out, uint32_t slot);

/* How many of `cpus` have a value in `slot`. `records` by CPU index. */
uint32_t state_holders(const struct state_record *records, const struct cpuset *cpus,
                       uint32_t slot);

/* Whether all of `cpus` have the same value in `slot`. */
bool state_common(const struct state_record *records, const struct cpuset *cpus, uint32_t slot);

/* Appends "cr0 0x80010033 on CPU 0; 0x60000010 on CPUs 1-3"; from the fifth value on, how many CPUs
 * hold others. CPUs that could not be asked, or do not have it, are left out. */
void state_groups_print(struct text *out, const struct state_record *records,
                        const struct cpuset *cpus, uint32_t slot);

/* Appends what is switched on in CR0, CR4 and EFER beyond what 64-bit mode needs: "CR0.WP
 * CR4.LA57".
 */
void state_switches_print(struct text *out, const struct state_record *record);

#endif
