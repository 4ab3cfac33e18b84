/* The judge of ring3.*, iobm.* and prot.*. */
#ifndef MUSTER_JUDGE_RING_H
#define MUSTER_JUDGE_RING_H

#include <muster/judge.h>

/* A feature that this CPU and the BSP do not offer alike is a FAIL, one that neither offers a SKIP;
 * else the probe is judged, then the numbers beside it. */
judge judge_ring;

#endif
