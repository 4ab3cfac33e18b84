/* When a CPU came, as struct arrival keeps it: microseconds since INIT went out. */
#ifndef MUSTER_ARRIVAL_H
#define MUSTER_ARRIVAL_H

#include <muster/report.h>

/* For arrival.stage_us: from `since`, on the BSP's TSC, to `tsc`, on the CPU's own, at `tsc_hz`. 0
 * is kept for what was not seen, so a TSC that stands behind the BSP's gives 1; more than fits
 * gives UINT32_MAX. */
uint32_t arrival_us(uint64_t tsc, uint64_t since, uint64_t tsc_hz);

/* When it was online: at least 1; 0: it was not called, or did not come. */
uint32_t arrival_online_us(const struct arrival *arrival);

#endif
