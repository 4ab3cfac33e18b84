/* The sections of the baseline, in the order they are told. */
#ifndef MUSTER_BASELINE_SECTIONS_H
#define MUSTER_BASELINE_SECTIONS_H

#include <muster/baseline.h>

void baseline_firmware(struct baseline *baseline);
void baseline_platform(struct baseline *baseline);
void baseline_memory(struct baseline *baseline);
void baseline_roll(struct baseline *baseline);
void baseline_cpus(struct baseline *baseline);
void baseline_topology(struct baseline *baseline);
void baseline_cpuid(struct baseline *baseline);
void baseline_states(struct baseline *baseline);

#endif
