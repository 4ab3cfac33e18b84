/* What debug.* record. Included by observation.h behind struct obs_probe. */
#ifndef MUSTER_OBSERVE_DEBUG_H
#define MUSTER_OBSERVE_DEBUG_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/pair.h>

enum { DEBUG_REGISTERS = 6 }; /* DR0 to DR3, DR6, DR7 */

/* The probe stands first: its judge reads it there. */
struct obs_debug {
    struct obs_probe probe;
    struct pair dr6;                   /* the first that was wrong; or equal */
    struct pair kept[DEBUG_REGISTERS]; /* before, and put back after */
    uint32_t unasked;                  /* enum unasked: not all CPUs took part together */
    bool unmodelled;                   /* this emulator is known to leave out what is looked for */
};

#endif
