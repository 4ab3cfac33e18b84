/* A CPU's desk: where the listener of the running check notes what arrived on this CPU. */
#ifndef SMP_DESK_H
#define SMP_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/ipi_plan.h>

struct cpu;
struct obs_probe;

enum { DESK_EVENTS = 16, DESK_STAMPS = 8 };

/* Empty when a check begins to listen. Written by the CPU itself unless said otherwise. */
struct desk {
    volatile uint32_t taken; /* interrupts the listener has taken */
    uint32_t counts[256];    /* of these, by vector */
    /* By step of the plan: what the sender wrote here before it sent. Written by that CPU. */
    volatile uint32_t letters[IPI_STEPS_MAX];
    uint32_t misread; /* interrupts that came without their letter */

    uint8_t events[DESK_EVENTS]; /* in the order they came */
    uint32_t event_count;
    uint32_t mode; /* what the listener is to do: the check's own numbers */

    struct cpu *volatile asker;   /* who wants an answer. Written by that CPU. */
    volatile uint32_t delay_us;   /* … and how late */
    uint64_t tsc;                 /* when the last interrupt was taken */
    uint64_t stamps[DESK_STAMPS]; /* when the first ones were taken */

    struct obs_probe *interrupted; /* where interrupts of ring 3 are noted, or NULL (ring3.h), … */
    uint32_t in_ring3;             /* … and how many were */

    volatile uint32_t nmis;   /* NMIs outside a probe */
    volatile uint32_t strays; /* NMIs that came while another interrupt was handled */
    uint32_t depth, deepest;
    uint32_t during; /* NMIs that came while another was being handled */

    /* Slots: the sender's index + 1 while one is on its way here; how many were sent. Written by
     * all, atomically. */
    uint32_t ipi_slot, nmi_slot;
    uint32_t ipis_due, nmis_due;
    uint32_t nmi_from; /* who sent the last NMI that was taken from its slot */
};

/* An IPI, or anything else that was sent, is lost when nothing has come for this long (in
 * fleet->patience_us). What a planted defect keeps back never comes: the self-test looks first
 * whether the shorter time tells. */
enum { DESK_LOST_US = 3000000, DESK_PLANTED_US = 100000 };

/* Interrupts on for some instructions, on the calling CPU. */
void desk_open(void);
/* Takes interrupts until `*count` has reached `want`; false when nothing came for so long.
 * Halts between. The calling CPU at work. */
bool desk_wait(struct cpu *cpu, const volatile uint32_t *count, uint32_t want);
/* Takes interrupts for `us` microseconds: whatever is still on its way arrives. */
void desk_linger(struct cpu *cpu, uint64_t us);
/* A sender takes the receiver's slot before it sends: no two are on their way to one CPU, so none
 * can merge with another. False when one is already. */
bool desk_slot_take(uint32_t *slot, uint32_t sender);
/* In the receiver's handler: the sender. CPU_NONE: the slot was free, nobody sent this one. */
uint32_t desk_slot_free(uint32_t *slot);
/* Appends to desk.events what fits. */
void desk_note(struct cpu *cpu, uint8_t event);

#endif
