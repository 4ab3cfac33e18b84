/* Every CPU's place, taken down once when all have come. */
#ifndef CHECKS_TOPOLOGY_H
#define CHECKS_TOPOLOGY_H

#include "run.h"
#include <muster/topology.h>

/* Takes the memory for it from the arena; false when there is none. BSP, before fleet_prepare(). */
bool topology_take(struct run *run);
/* Has every CPU online write its row, sorts them, and gives all a seat. BSP. */
void topology_record(struct run *run);
/* The tree as comment lines. BSP. */
void topology_announce(struct run *run);

/* CPUID of the calling CPU. */
struct cpuid_result topology_cpuid(uint32_t leaf, uint32_t subleaf);

#endif
