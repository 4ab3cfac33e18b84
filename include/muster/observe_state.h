/* state.*: what one CPU was handed over with, and what a check asks of it. */
#ifndef MUSTER_OBSERVE_STATE_H
#define MUSTER_OBSERVE_STATE_H

#include <muster/cpuid_record.h>
#include <muster/state.h>

/* How a CPU came to muster decides what it may hold. Bits. */
enum state_coming {
    CAME_AS_BSP = 1 << 0,
    CAME_BY_INIT = 1 << 1,
    CAME_BY_MAILBOX = 1 << 2,
    CAME_RUNNING = CAME_AS_BSP | CAME_BY_MAILBOX, /* in 64-bit mode, by firmware's will */
};

/* What a specification says of one value. */
struct state_rule {
    enum state_slot slot;
    uint32_t whom; /* bits by enum state_coming */
    uint64_t set, clear;
    const char *means; /* when it is not so */
};

/* The subject of a check. */
struct state_question {
    enum state_slot
        slot; /* what is compared, and what --break inverts `flip` in; STATE_SLOTS: none */
    uint64_t flip;
    uint64_t apart;   /* bits that may differ from CPU to CPU */
    bool bsp_apart;   /* the BSP need not be like the APs */
    bool at_entry;    /* of the BSP's moments the first one counts */
    const char *none; /* why nobody can be asked where no CPU has it */
    const char *means;
    const struct state_rule *rules; /* of checks by rules; the last has `whom` 0 */
};

struct obs_state {
    const struct state_record *record;
    const struct state_record *moments; /* of the BSP, by enum state_moment; NULL on APs */
    const struct cpuid_record *cpuid;
    const struct state_question *question;
    bool bsp;
    enum state_slot planted; /* --break: this slot is there, with these bits inverted */
    uint64_t flip;           /* 0: nothing is planted */
};

static inline bool obs_state_has(const struct obs_state *seen, enum state_slot slot)
{
    return state_has(seen->record, slot) || (seen->flip && slot == seen->planted);
}

static inline uint64_t obs_state_value(const struct obs_state *seen, enum state_slot slot)
{
    return seen->record->value[slot] ^ (slot == seen->planted ? seen->flip : 0);
}

static inline enum state_coming obs_state_coming(const struct obs_state *seen)
{
    if (seen->bsp)
        return CAME_AS_BSP;
    return seen->record->by_mailbox ? CAME_BY_MAILBOX : CAME_BY_INIT;
}

#endif
