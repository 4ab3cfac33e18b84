/* Judges of the roll that need what the CPUs recorded. Pure. */
#ifndef MUSTER_JUDGE_ROLL_CPU_H
#define MUSTER_JUDGE_ROLL_CPU_H

#include <muster/crowd.h>
#include <muster/judge.h>

/* roll.answered, roll.apic-id: one CPU. */
judge judge_roll_answered, judge_roll_apic_id;

/* roll.topology: CPUID's levels hold together on each CPU, are the same on all, and MP Services and
 * the PPTT put the CPUs into the same packages and cores; no core is in two domains of the SRAT. */
judge_of_crowd judge_roll_topology;

/* roll.count: sockets, cores and threads of SMBIOS type 4 against those of the CPUs that answered.
 */
judge_of_crowd judge_roll_count;

#endif
