/* What nmi.* record. Included by observation.h behind struct obs_probe. */
#ifndef MUSTER_OBSERVE_NMI_H
#define MUSTER_OBSERVE_NMI_H

#include <stdint.h>

#include <muster/pair.h>

/* nmi.self, nmi.cross, nmi.halted. The probe stands first: its judge reads it there. */
struct obs_nmi {
    struct obs_probe probe;
    uint32_t unasked;            /* enum unasked */
    uint64_t rip_first, rip_end; /* an NMI is taken between two instructions of these */
};

/* nmi.blocked */
struct obs_nmi_blocked {
    struct pair taken;  /* NMIs of the three that were sent, two of them while one was handled */
    struct pair during; /* that came before its IRET */
};

/* nmi.pairs, nmi.broadcast: what arrived on this CPU */
struct obs_nmi_count {
    uint32_t unasked;     /* enum unasked */
    struct pair taken;    /* want: NMIs that others sent here */
    uint32_t missing;     /* whose NMI has not come; CPU_NONE: nobody's */
    struct pair strays;   /* of those taken, without having been sent */
    uint32_t stray_after; /* whose NMI came before the first of them */
};

#endif
