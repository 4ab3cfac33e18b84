/* state.mtrr…, state.smrr, state.top-of-memory and mca.*: what one CPU's memory types and
 * machine-check banks were handed over with. muster changes none of these registers. */
#ifndef MUSTER_OBSERVE_MSR_H
#define MUSTER_OBSERVE_MSR_H

#include <muster/mtrr.h>
#include <muster/state.h>

struct obs_mtrr {
    bool offered;       /* CPUID 1 EDX[12] */
    bool unread;        /* … and yet they could not be read */
    bool virtual;       /* under a hypervisor, which need not care for memory types */
    bool emulated_ap;   /* QEMU's software emulation, where INIT clears the MTRRs */
    uint64_t apic_base; /* where this CPU's local APIC lies */
    struct mtrr_registers mtrr;
};

enum { MSR_SET_MAX = 3 };

/* Recorded values that belong together; the subject of a check. */
struct msr_set {
    uint32_t count;
    struct {
        enum state_slot slot;
        uint64_t flip; /* bits that --break inverts on its victim */
    } rows[MSR_SET_MAX];
    uint64_t cap;     /* a bit of MTRRcap without which nobody has them; 0: none */
    const char *none; /* why nobody can be asked where no CPU has them */
    const char *means;
};

struct obs_msr_set {
    const struct msr_set *set;
    uint64_t kind;    /* of the core, as enum state_slot has it */
    uint32_t present; /* bit n: rows[n] could be read */
    uint64_t value[MSR_SET_MAX];
};

enum { MCA_KEPT = 4 };

/* A bank whose status is valid. */
struct mca_leftover {
    uint32_t bank;
    bool has_address, has_misc;
    uint64_t status, address, misc;
};

struct obs_mca {
    bool offered; /* CPUID 1 EDX[7] and EDX[14] */
    bool amd;
    bool unread;   /* … and yet MCG_CAP or MCG_STATUS raised #GP */
    uint64_t kind; /* as above */
    uint64_t cap, status;
    uint64_t enabled;   /* bit n: bank n, of the first 64, has a control register that is not 0 */
    uint32_t blind;     /* banks whose MCi_STATUS raised #GP */
    uint32_t leftovers; /* in all; the first of them: */
    struct mca_leftover kept[MCA_KEPT];
};

#endif
