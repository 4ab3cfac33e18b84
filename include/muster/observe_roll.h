/* What a CPU records for the checks of the roll that ask the CPUs themselves. */
#ifndef MUSTER_OBSERVE_ROLL_H
#define MUSTER_OBSERVE_ROLL_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/pair.h>
#include <muster/topology.h>

/* roll.apic-id: want is the ID that the CPU was called by. */
struct obs_ids {
    struct pair leaf1; /* its low 8 bits */
    struct pair leaf_b, leaf_1f, leaf_80000026, amd, apic;
    struct pair bsp; /* IA32_APIC_BASE.BSP */
    bool has_leaf_b, has_leaf_1f, has_leaf_80000026, has_amd, x2apic;
    bool leaf_b_same, leaf_1f_same; /* every sub-leaf told one ID */
};

/* roll.answered: told by the BSP about each CPU. */
struct obs_claimed {
    bool asked;    /* INIT and SIPI were sent, or it is the BSP */
    bool answered; /* it ran at least one instruction of muster's */
    bool has_mps, has_madt;
    uint8_t mps, madt; /* enum claim_state */
};

/* roll.topology and roll.count */
struct obs_place {
    struct topology_words words;
    struct topology_row row; /* what they name */
};

#endif
