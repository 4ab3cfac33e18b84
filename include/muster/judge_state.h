/* The judges of state.*. Pure; BSP, after the observations of all CPUs are in. */
#ifndef MUSTER_JUDGE_STATE_H
#define MUSTER_JUDGE_STATE_H

#include <muster/crowd.h>
#include <muster/judge.h>

/* The value that the question names is the same on all CPUs of one core type. */
judge_of_crowd judge_state_same;
/* The same, and locked where the CPU offers VMX or SMX (SDM vol. 3C, 24.7). */
judge_of_crowd judge_state_feature_control;
/* All local APICs are on, in one mode, at one address; one CPU is marked as the BSP. */
judge_of_crowd judge_state_apic_mode;
/* CPUID tells the same features on all CPUs of one core type. */
judge_of_crowd judge_state_cpuid;

/* Each value is as the question's rules allow for a CPU that came as this one did. */
judge judge_state_rules;
/* Every selector that firmware left loaded lies within its GDT; then the rules. */
judge judge_state_segments;
/* Nothing that a caller relies on changed between entry and door, or through the door. BSP. */
judge judge_state_door;

/* Whether two CPUs have cores of one type: only such are compared (slot core-type). */
bool state_akin(const struct observation *a, const struct observation *b);

#endif
