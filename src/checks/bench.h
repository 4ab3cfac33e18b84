/* --bench: how fast all CPUs come up, against the least that is possible and against firmware. */
#ifndef CHECKS_BENCH_H
#define CHECKS_BENCH_H

#include "run.h"

/* Measures floor and bring-up in turn, several times, and tells the medians and the first bring-up,
 * which still had its code to fetch. Before the CPUs are called for the run itself. Does nothing
 * without --bench. */
void bench_bring_up(struct run *run);

#endif
