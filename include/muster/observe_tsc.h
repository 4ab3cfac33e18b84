/* What tsc.* record. Included by observation.h. */
#ifndef MUSTER_OBSERVE_TSC_H
#define MUSTER_OBSERVE_TSC_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/pair.h>

/* tsc.adjust, tsc.invariant: one value of each CPU, to be compared with all others' */
struct obs_tsc_value {
    bool offered;
    uint64_t value;
    uint32_t package;
};

/* tsc.monotonic */
struct obs_monotonic {
    uint64_t reads;
    uint64_t back_by;  /* ticks that a read lay behind the one before it, at most */
    uint32_t stage;    /* the first whose stamp lies outside; STAGE_NONE: none does */
    uint64_t stamp;    /* its TSC; … */
    uint64_t earliest; /* … the one before it, or the BSP's before it called; */
    uint64_t latest;   /* the BSP's when it no longer waited */
    uint64_t tsc_hz;
};

/* tsc.warp, tsc.offset: what the pairs that a CPU was in have shown. In ticks: how far its own TSC
 * is ahead of its partner's, at least and at most. A bound that nobody knows is INT64_MIN or
 * INT64_MAX. */
struct obs_offset {
    uint32_t unasked; /* enum unasked */
    uint32_t cpu;
    uint64_t tsc_hz;
    uint32_t pairs; /* measured */
    uint32_t late;  /* given up: the two never ran at the same time */
    uint32_t apart; /* pairs whose TSCs cannot be one and the same */
    uint32_t group; /* a CPU that keeps the same time, or itself (tsc_bonds.h) */
    uint32_t apart_from;
    int64_t apart_low, apart_high; /* of those, the pair whose bounds tell most */
    uint32_t wide_with;
    uint64_t wide; /* ticks: half the width of the widest bounds */
};

/* tsc.rate */
enum rate_source { RATE_PM, RATE_HPET, RATE_PIT, RATE_LEAF_15, RATE_HYPERVISOR, RATE_LEAF_16 };
enum { RATE_SOURCES = RATE_LEAF_16 + 1, RATE_MEASURED = RATE_PIT + 1, RATE_JUDGED = RATE_LEAF_16 };

/* A rate in Hz, known to ± error. 0: not offered, or it stands still. */
struct rate {
    uint64_t hz, error;
};

/*
 * Rates and periods may differ by so many percent beyond what is known of their error. 1: Linux
 * gives up a calibration that is off by more (tsc_refine_calibration_work). Under QEMU's software
 * emulation the TSC itself gains while several CPUs read it at once: cpu_get_ticks_locked() takes a
 * host's RDTSC that lies behind an earlier one for a suspended host, and adds the difference for
 * good (7.2, 10.0); more than 1 % has been seen.
 */
enum { RATE_PERCENT = 1, RATE_PERCENT_TCG = 10 };

struct obs_rate {
    uint32_t percent;
    struct rate rates[RATE_SOURCES];
};

#endif
