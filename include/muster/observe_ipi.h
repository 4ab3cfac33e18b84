/* What ipi.* record. Included by observation.h. */
#ifndef MUSTER_OBSERVE_IPI_H
#define MUSTER_OBSERVE_IPI_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/pair.h>

/* Why a CPU could not be asked what several CPUs are needed for. */
enum unasked {
    ASKED,
    UNASKED_ALONE,     /* it takes another CPU */
    UNASKED_ASLEEP,    /* a CPU that is not ours to disturb would be reached, too */
    UNASKED_NOT_MET,   /* not all CPUs came to the rendezvous */
    UNASKED_NO_TIMER,  /* the APIC timer never interrupted: no way out of a halt */
    UNASKED_NO_HALT,   /* what was to end the halt always came before it */
    UNASKED_LATE,      /* what was awaited came, but always when nobody watched any more */
    UNASKED_STRANGERS, /* CPUs that are not ours may be there: none is known to be, nor not to be */
    UNASKED_NOT_TAKEN, /* a CPU did not take what was sent before: another would merge with it */
    UNASKED_NOT_OFFERED,
    UNASKED_MAILBOX, /* CPUs that cannot be called twice */
};

/* ipi.pairs, ipi.self, ipi.broadcast, ipi.logical: what arrived on this CPU */
struct obs_ipi {
    uint32_t unasked; /* enum unasked */
    uint32_t vector;  /* the first whose count is wrong; 0: none is */
    uint32_t from;    /* the CPU that sends it here; CPU_NONE: none does */
    struct pair count;
    struct pair taken;      /* interrupts in all */
    struct pair misread;    /* of these, without what the sender wrote before it sent */
    struct pair logical_id; /* ipi.logical: what the LDR holds; both 0 elsewhere */
};

/* ipi.priority, ipi.tpr, ipi.nested: in which order interrupts were taken */
enum { ORDER_MAX = 8, ORDER_LOWERED = 0x01, ORDER_LEFT = 0x08 };

struct obs_order {
    struct pair pending; /* interrupts in the IRR before any could be taken */
    uint32_t wanted, came;
    /* Vectors as they were entered; vector + ORDER_LEFT: that handler ended; ORDER_LOWERED: the TPR
     * was lowered. */
    uint8_t want[ORDER_MAX], seen[ORDER_MAX];
    struct pair task_priority; /* TPR as CR8 was written */
    struct pair cr8;           /* CR8 as the TPR was written */
    struct pair nested; /* bits: in service while the inner handler runs (1: outer, 2: inner) */
    struct pair ended;  /* bits: after the inner one's EOI */
};

/* ipi.spurious */
struct obs_spurious {
    struct pair spurious_register;
    struct pair blocked;    /* interrupts taken though the TPR blocks them */
    struct pair in_service; /* vectors in service when a spurious interrupt came */
    struct pair later;      /* interrupts taken when the TPR was lowered */
};

/* ipi.latency: round trips to a neighbour and back */
struct obs_latency {
    uint32_t unasked;
    struct pair answered;
    uint64_t least_ns, median_ns, most_ns;
};

#endif
