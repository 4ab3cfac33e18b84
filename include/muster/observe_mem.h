/* What mem.trampoline records. */
#ifndef MUSTER_OBSERVE_MEM_H
#define MUSTER_OBSERVE_MEM_H

#include <stdbool.h>
#include <stdint.h>

enum { LOW_BYTES = 8 };

/* The pages below 1 MiB against what was written there. */
struct low_change {
    uint32_t count; /* bytes that differ */
    uint32_t at;    /* offset of the first of them */
    uint32_t shown; /* bytes from there on, in: */
    uint8_t want[LOW_BYTES], seen[LOW_BYTES];
};

struct obs_low {
    uint64_t base;
    uint32_t size;
    struct low_change early; /* when all CPUs had come */
    struct low_change late;  /* now */
};

#endif
