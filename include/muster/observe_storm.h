/* What storm.* and isolation.* record. Included by observation.h behind struct obs_probe. */
#ifndef MUSTER_OBSERVE_STORM_H
#define MUSTER_OBSERVE_STORM_H

#include <stdint.h>

#include <muster/pair.h>

enum storm_kind {
    STORM_UD,
    STORM_DE,
    STORM_GP,
    STORM_PF,
    STORM_DF,
    STORM_RING3,
    STORM_IPI,
    STORM_NMI,
    STORM_KINDS
};

/* storm.mixed. The probe stands first: its judge reads it there. */
struct obs_storm {
    struct obs_probe probe; /* the first event that went wrong, or the last */
    uint32_t unasked;       /* enum unasked */
    uint32_t event;         /* its number, from 1 */
    uint32_t kind;          /* enum storm_kind: what it was */
    uint32_t count[STORM_KINDS];
    struct pair ipis, nmis; /* sent to this CPU, and taken here */
    uint32_t in_ring3;      /* IPIs of these that came in ring 3 */
    struct pair strays;     /* of both, taken without having been sent */
};

/* isolation.tables: what a CPU saw of itself while others took faults, and after */
struct obs_watch {
    uint32_t unasked;    /* enum unasked */
    struct pair sum;     /* over GDT, TSS and IDT */
    struct pair changed; /* bits by enum whole_part */
    struct pair stacks;  /* bits by enum stack_id: written while this CPU used none */
    struct pair rounds;  /* looks it took */
};

const char *storm_kind_name(enum storm_kind kind);

#endif
