/* ring3.*, iobm.*, prot.*: what was tried, the probe of it, and numbers beside the frame. */
#ifndef MUSTER_OBSERVE_RING_H
#define MUSTER_OBSERVE_RING_H

#include <muster/feature.h>

/* What the check is about: the judge's words depend on it. */
enum ring_subject {
    RING_WAY,        /* into ring 3 and back */
    RING_PRIVILEGE,  /* ring 3 tries what only ring 0 may */
    RING_PORTS,      /* the I/O permission bitmap */
    RING_EXECUTE,    /* code where none may be run */
    RING_WRITE,      /* a write where none is allowed */
    RING_PAGES,      /* ring 3 at ring 0's pages */
    RING_GUARD,      /* an address that nothing is mapped at */
    RING_USER_PAGES, /* ring 0 at ring 3's pages, and protection keys */
    RING_RESERVED,   /* a bit or an address that must be refused */
    RING_SUBJECT_COUNT
};

/* Numbers that no frame holds. */
enum ring_value {
    RING_CALL_RCX, /* where SYSCALL entered: */
    RING_CALL_R11,
    RING_CALL_RSP,
    RING_CALL_RFLAGS,
    RING_CALL_CS,
    RING_CALL_SS,
    RING_CALLS,
    RING_MODE,    /* a number that only 32-bit decoding gives */
    RING_GS_BASE, /* ring 3's, when it had left */
    RING_GS_WORD, /* what ring 3 read through GS */
    RING_FS_BASE,
    RING_DS, /* in ring 3 */
    RING_ES,
    RING_FS,
    RING_GS,
    RING_INTERRUPTS, /* that came in ring 3 */
    RING_TURNS,      /* of its loop, not run when it had gone on */
    RING_OSPKE,      /* CPUID 7: what it says of CR4.PKE */
    RING_VALUE_COUNT
};

struct obs_ring {
    struct obs_probe probe; /* first, so that it is the observation's .probe, too */
    enum ring_subject subject;
    enum feature feature;
    bool offered, bsp_offers; /* the feature, by this CPU and by the BSP */
    const char *unasked;      /* why this is not tried here at all; NULL: it is */
    const char *step;         /* what was tried last: all before it went as it should; or NULL */
    struct pair values[RING_VALUE_COUNT];
    /* What QEMU software emulation is known to give instead; 0: nothing else. */
    uint64_t tcg_call_rflags;
    uint32_t tcg_vector; /* not stopped: ring 3 comes back by this vector, … */
    uint64_t tcg_rip;    /* … from here */
};

#endif
