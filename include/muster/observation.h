/* What a CPU recorded for a check: plain data, with what was wanted beside what came, so that
 * judges stay pure. */
#ifndef MUSTER_OBSERVATION_H
#define MUSTER_OBSERVATION_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/descriptor.h>
#include <muster/observe_df.h>
#include <muster/observe_fault.h>
#include <muster/observe_ipi.h>
#include <muster/observe_tlb.h>
#include <muster/pair.h>
#include <muster/stack.h>

/* gdt.loaded */
struct obs_gdt {
    struct pair base, limit;
    struct pair cs, ss;
    uint32_t slot; /* the first slot that differs, or GDT_SLOTS */
    struct pair slot_value;
};

/* idt.loaded */
struct obs_idt {
    struct pair base, limit;
    uint32_t gate; /* the first gate that differs, or IDT_GATES */
    struct pair handler, ist, type, selector;
};

/* tss.loaded */
struct obs_tss {
    struct pair selector, base, limit, type, io_map_base;
    bool present;
    bool crosses_page;
    uint8_t io_map_last;
};

/* tss.ist */
struct obs_ist {
    struct pair ist[5]; /* IST1 to IST5 */
    struct pair rsp0;
};

/* stack.guard */
struct obs_guard {
    uint32_t guards_mapped; /* guard pages that the page tables map */
    uint32_t pages_wrong;   /* stack pages that are absent, read-only or executable */
    uint64_t first_address; /* of those */
    uint32_t overrun;       /* bit n: the lowest words of stack n were written */
    uint32_t touched;       /* bit n: IST stack n was written though nothing used it */
};

/* gs.base */
struct obs_gs {
    struct pair base, self, index, apic_id, kernel_base;
    struct pair swapped; /* GS base after one SWAPGS */
    struct pair back;    /* and after the second */
};

/* gs.isolated */
struct obs_count {
    struct pair count;
    struct pair marker; /* a word that only this CPU writes */
    struct pair visits; /* CPUs that have counted here, by LOCK INC */
};

/* page.wx */
struct obs_pages {
    struct pair cr3;
    bool nx_offered, nx_on, write_protect_on;
    bool surveyed; /* this CPU walked the tables for all */
    uint64_t leaves, writable_executable, first_wx;
};

/* up.answer, up.once, up.apic-id: told by the BSP about each CPU, and by the CPU itself */
struct obs_arrival {
    bool called; /* false: not asked to come */
    bool lost;
    uint32_t stage;
    uint32_t first_stage; /* at a call before that one; STAGE_NONE: there was none */
    uint32_t waited_us;
    uint32_t retries;
    uint32_t refusal;       /* enum refusal: why it stopped by itself, 0: it did not */
    uint32_t entries;       /* times its APIC ID ran the trampoline */
    uint32_t slots_claimed; /* times its slot was claimed */
    uint32_t strangers;     /* arrivals with an APIC ID nobody claimed; with the first of them, */
    uint32_t stranger_id;   /* seen on CPU 0's record only */
    struct pair leaf1, leaf_b, apic; /* APIC ID by each route; want: the claimed one */
    bool has_leaf_b, has_apic;
};

/* up.again: a CPU that had come, called again and again; told by the BSP */
struct obs_again {
    uint32_t unasked;      /* enum unasked */
    uint32_t wanted, call; /* how often it was to be called; the last call that was made */
    bool lost;             /* it did not come at that one, … */
    uint32_t stage;        /* … but reached this, … */
    uint32_t first_stage;  /* … and this before its retry, … */
    uint32_t refusal;      /* … for this reason (enum refusal), … */
    uint64_t waited_us;    /* … and was waited for so long */
    uint32_t retries;      /* calls that it took twice to answer */
    uint64_t slowest_us;   /* the longest until all had come */
    struct pair claimed;   /* times its slot was claimed in one call, the first that was wrong */
};

enum refusal {
    REFUSAL_NONE,
    REFUSAL_NO_NX,
    REFUSAL_NO_LA57,
    REFUSAL_APIC_MODE,
    REFUSAL_UNREACHABLE,
    REFUSAL_ICR_BUSY
};

/* The words an exception leaves, and where it was delivered. */
struct fault {
    uint32_t vector;
    bool soft; /* no error code came with it */
    uint64_t error;
    bool ext_open; /* wanted faults: EXT may be clear though `error` has it (APM vol. 2, 8.4.1) */
    uint64_t error_or; /* wanted faults: this one is as good as `error`; 0: none is */
    uint64_t rip, cs, rflags, rsp, ss;
    uint64_t rip_slack; /* wanted faults: RIP may lie less than this above `rip` */
    uint64_t cr2;
    uint64_t cr2_slack; /* wanted faults: CR2 may lie less than this below `cr2` */
    uint64_t frame;     /* address of the lowest word the CPU pushed */
    uint32_t cpu;       /* that handled it, by its GS base; CPU_NONE: GS base is no CPU's block */
    bool rf;            /* RFLAGS.RF as saved; fault.rf alone looks at it */
    uint64_t dr6;       /* B0 to B3, BD, BS, BT */
};

/* What a probe compares. A bit here: that field counts. */
enum fault_field {
    FAULT_VECTOR = 1 << 0,
    FAULT_ERROR = 1 << 1, /* the presence of an error code, and its value */
    FAULT_RIP = 1 << 2,
    FAULT_CS = 1 << 3,
    FAULT_RFLAGS = 1 << 4, /* without RF */
    FAULT_RSP = 1 << 5,
    FAULT_SS = 1 << 6,
    FAULT_CR2 = 1 << 7,
    FAULT_FRAME = 1 << 8, /* which stack, where on it, aligned */
    FAULT_CPU = 1 << 9,
    FAULT_ALL = (1 << 10) - 1,
    FAULT_DR6 = 1 << 10, /* debug exceptions alone */
};

/* What a CPU held before and after a probe. A bit in obs_probe.changed: that one differs. */
enum whole_part {
    WHOLE_CR0,
    WHOLE_CR3,
    WHOLE_CR4,
    WHOLE_EFER,
    WHOLE_GDTR,
    WHOLE_IDTR,
    WHOLE_TR,
    WHOLE_SELECTORS,
    WHOLE_GS_BASE,
    WHOLE_KERNEL_GS_BASE,
    WHOLE_RFLAGS,
    WHOLE_REGISTERS, /* general registers at the fault */
    WHOLE_PART_COUNT
};

/* A known departure of a named emulator from what is wanted; everything else must still be as
 * wanted.
 */
struct deviant {
    const char *what;     /* one sentence: what it does, and which versions */
    uint32_t error_count; /* of `errors`: error codes that come instead */
    uint64_t errors[2];
    uint32_t vector; /* not 0: this exception comes instead, with error code 0, and RIP and */
    uint64_t rip;    /* stack are its own; 0: RIP and stack are as wanted */
    uint64_t frame;  /* where; 0: on the running stack */
    bool silent;     /* no exception comes at all */
};

/* df.*, and every probe */
struct obs_probe {
    uint64_t came;    /* exceptions that arrived */
    uint64_t wanted;  /* exceptions that should have */
    uint32_t fields;  /* enum fault_field: those that count */
    uint32_t differs; /* enum fault_field: those that differ */
    struct fault want, seen;
    uint32_t changed;      /* bits by enum whole_part */
    uint32_t dirty;        /* bit n: stack n of this CPU was written by somebody */
    uint32_t dirty_wanted; /* bit n: stack n is where this probe's exceptions go */
    uint32_t dirty_depth;  /* bytes used of the wanted stack */
    uint32_t reentered;    /* bit n: IST stack n was in use already when an exception came on it */
    struct deviant tcg;    /* how QEMU software emulation departs from `want` */
    const char *skip;      /* why this CPU cannot be asked, or NULL */
};

#include <muster/observe_apic.h>
#include <muster/observe_debug.h>
#include <muster/observe_ist.h>
#include <muster/observe_mem.h>
#include <muster/observe_msr.h>
#include <muster/observe_nmi.h>
#include <muster/observe_ring.h>
#include <muster/observe_roll.h>
#include <muster/observe_smi.h>
#include <muster/observe_state.h>
#include <muster/observe_storm.h>
#include <muster/observe_timer.h>
#include <muster/observe_tsc.h>

struct observation {
    bool made; /* the CPU came to the end of the check */
    union {
        struct obs_gdt gdt;
        struct obs_idt idt;
        struct obs_tss tss;
        struct obs_ist ist;
        struct obs_guard guard;
        struct obs_gs gs;
        struct obs_count count;
        struct obs_pages pages;
        struct obs_arrival arrival;
        struct obs_again again;
        struct obs_probe probe;
        struct obs_rf rf;
        struct obs_df df;
        struct obs_named named;
        struct obs_nested nested;
        struct obs_reentry reentry;
        struct obs_ipi ipi;
        struct obs_order order;
        struct obs_spurious spurious;
        struct obs_latency latency;
        struct obs_shootdown shootdown;
        struct obs_tlb tlb;
        struct obs_debug debug;
        struct obs_nmi nmi;
        struct obs_storm storm;
        struct obs_watch watch;
        struct obs_nmi_blocked nmi_blocked;
        struct obs_nmi_count nmi_count;
        struct obs_ring ring;
        struct obs_low low;
        struct obs_ids ids;
        struct obs_claimed claimed;
        struct obs_place place;
        struct obs_tsc_value tsc_value;
        struct obs_monotonic monotonic;
        struct obs_offset offset;
        struct obs_rate rate;
        struct obs_timer timer;
        struct obs_timer_steps timer_steps;
        struct obs_gaps gaps;
        struct obs_smi_count smi_count;
        struct obs_state state;
        struct obs_mtrr mtrr;
        struct obs_msr_set msr_set;
        struct obs_mca mca;
        struct obs_lapic lapic;
        struct obs_ioapic ioapic;
    };
};

#endif
