/* What smi.* record. Included by observation.h. */
#ifndef MUSTER_OBSERVE_SMI_H
#define MUSTER_OBSERVE_SMI_H

#include <stdbool.h>
#include <stdint.h>

enum { GAPS_KEPT = 16, GAP_CLASSES = 4 };

/* A gap in a CPU's time, by TSC: nothing ran there between these two reads. */
struct gap {
    uint64_t begin, end;
};

/* smi.gaps */
struct obs_gaps {
    uint32_t unasked; /* enum unasked */
    uint32_t cpu;
    char hypervisor[13]; /* "": none is known */
    uint64_t tsc_hz;
    uint32_t watched_us;
    uint32_t counts[GAP_CLASSES]; /* gaps of at least gap_class_us() */
    uint32_t kept;
    struct gap longest[GAPS_KEPT]; /* the longest first */
};

/* Lower bounds of the classes, microseconds: 10 (what Linux's hwlat tracer reports), 150 (what
 * Intel's BITS allows an SMI), 1000, 10000. */
uint32_t gap_class_us(uint32_t n);

/* smi.count */
struct obs_smi_count {
    bool offered;
    uint64_t before, after;
    uint32_t watched_us;
};

#endif
