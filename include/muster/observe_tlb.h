/* What tlb.* record. Included by observation.h. */
#ifndef MUSTER_OBSERVE_TLB_H
#define MUSTER_OBSERVE_TLB_H

#include <stdint.h>

#include <muster/pair.h>

/* tlb.shootdown: one page, remapped by one CPU after another while all others have read it */
struct obs_shootdown {
    uint32_t unasked;   /* enum unasked */
    uint32_t awaited;   /* changes by others that this CPU waited for */
    struct pair shots;  /* IPIs that asked this CPU to forget the page */
    struct pair before; /* the first word that was wrong before a change; or equal */
    struct pair after;  /* … after one */
    uint32_t round;     /* of that word, from 1 */
};

/* tlb.own, tlb.global, tlb.pcid: each way to forget a page, in the order they are tried. */
enum tlb_way {
    TLB_INVLPG,
    TLB_CR3,
    TLB_INVLPG_GLOBAL,
    TLB_CR4_PGE,
    TLB_PCID_CR3,
    TLB_PCID_INVLPG_GLOBAL,
    TLB_INVPCID_ADDRESS,
    TLB_INVPCID_CONTEXT,
    TLB_INVPCID_ALL_GLOBAL,
    TLB_INVPCID_ALL,
    TLB_PCID_OTHER,
    TLB_WAYS
};

struct obs_tlb {
    uint32_t unasked;             /* enum unasked */
    uint32_t tried;               /* bits by enum tlb_way */
    struct pair before[TLB_WAYS]; /* the word read before the page is made to lead elsewhere, … */
    struct pair after[TLB_WAYS];  /* … and when it has been forgotten */
    struct pair cr3, cr4;         /* before, and after all */
};

#endif
