/* Comparing a fault with the one that was wanted, and telling the difference in words. */
#ifndef MUSTER_JUDGE_PROBE_H
#define MUSTER_JUDGE_PROBE_H

#include <muster/observation.h>
#include <muster/verdict.h>

/* Bits by enum fault_field: which of `fields` differ. Any CPU, any phase. */
uint32_t fault_compare(const struct fault *want, const struct fault *seen, uint32_t fields);

/* Whether all that is not as wanted is a recorded deviation of the emulator. */
bool probe_deviates(const struct obs_probe *probe);

/* What it means where `differs` is no more than the saved CS:RIP of a double fault, which the SDM
 * (vol. 3A, 6.15, #DF) leaves undefined, and the APM (vol. 2, 8.2.9) likewise; NULL where it is
 * more, or nothing. */
const char *undefined_place_means(uint32_t differs);

/* Everything a probe recorded: the count, every field, the CPU whole again, no stranger's footprint
 * on any of its stacks. */
enum verdict judge_probe(const struct observation *observation, struct words *ret);

#endif
