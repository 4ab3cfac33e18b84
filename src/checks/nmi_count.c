/*
 * nmi.pairs, nmi.broadcast: every NMI from another CPU arrives once. An OS stops its CPUs for a
 * crash dump by just this.
 *
 * While one NMI is handled one more is kept, and further ones merge with that (SDM vol. 3A, 6.7.1).
 * So that each can be counted, a sender first takes the receiver's slot, which the receiver's
 * handler frees: one is on its way to a CPU, at most. A slot that is still taken in the end: that
 * sender's NMI was lost.
 *
 * An NMI ends HLT and MWAIT whatever IF is, also of a CPU that is parked in firmware's hands, and
 * leads through an IDT that may be gone. Only a CPU that waits for SIPI (SDM vol. 3A, 9.4) takes
 * none. So there is no broadcast unless all CPUs are at work here.
 */
#include "ipi.h"
#include "shot.h"
#include "work.h"

enum { LINGER_US = 50, /* in which a second NMI would come */ SENDERS_MAX = IPI_STEPS_MAX };

/* --- the receiver ----------------------------------------------------------------------------- */

/* Counted after the slot is free: who waits for the count may take the slot. */
static bool listen_count(struct cpu *cpu, struct exception_frame *frame)
{
    struct desk *desk = &cpu->desk;

    if ((uint8_t)frame->vector != VECTOR_NMI)
        return false;
    uint32_t sender = desk_slot_free(&desk->nmi_slot);
    if (sender == CPU_NONE)
        desk->strays++;
    else if (!desk->strays)
        desk->nmi_from = sender;
    desk->nmis++;
    return true;
}

/* Nobody sends any more, and each CPU's own NMIs were pending before it was sent here. */
static void settle_count(struct cpu *cpu, struct observation *ret)
{
    struct obs_nmi_count *count = &ret->nmi_count;
    struct desk *desk = &cpu->desk;
    struct obs_probe stacks;

    desk_linger(cpu, LINGER_US);
    count->taken = (struct pair){desk->nmis_due, desk->nmis};
    count->missing = desk_slot_free(&desk->nmi_slot);
    count->strays = (struct pair){0, desk->strays};
    count->stray_after = desk->nmi_from;
    shot_settle_probe(cpu, &stacks); /* the next check finds its NMI stack painted */
}

/* --- nmi.pairs -------------------------------------------------------------------------------- */

/* False when the receiver took none for fleet->patience_us: its slot is not free. */
static bool take_slot(struct cpu *cpu, struct cpu *to)
{
    for (;;) {
        uint32_t seen = to->desk.nmis;
        if (desk_slot_take(&to->desk.nmi_slot, cpu->index))
            break;
        if (!desk_wait(cpu, &to->desk.nmis, seen + 1))
            return false;
    }
    __atomic_add_fetch(&to->desk.nmis_due, 1, __ATOMIC_ACQ_REL);
    return true;
}

/* Planted on the receiver: the first is not sent. */
static void observe_pairs(struct cpu *cpu, struct observation *ret)
{
    struct ipi_party party;

    ipi_party_read(cpu, &party);
    if (party.plan.ranks == 1)
        ret->nmi_count.unasked = UNASKED_ALONE;
    for (uint32_t step = 1; step < party.plan.steps; step++) { /* step 0 is the CPU itself */
        struct cpu *to = ipi_member(cpu, ipi_plan_target(&party.plan, party.rank, step));
        if (!take_slot(cpu, to)) {
            ret->nmi_count.unasked = UNASKED_NOT_TAKEN;
            return;
        }
        if (!to->planted || step != 1)
            apic_send_nmi(&cpu->fleet->apic, to->apic_id);
        cpu->heartbeat++;
    }
    desk_wait(cpu, &cpu->desk.nmis, party.plan.steps - 1);
}

/* --- nmi.broadcast ---------------------------------------------------------------------------- */

/* Whether there may be a CPU that no row stands for and that does not wait for SIPI: one that came
 * uncalled, or one behind a spare entry, of which MP Services do not say that nobody is there. */
static bool has_strangers(const struct fleet *fleet)
{
    const struct handoff *handoff = fleet->handoff;

    for (uint32_t index = 0; index < fleet->count; index++) {
        if (fleet_cpu(fleet, index)->claimed > 1)
            return true;
    }
    return fleet->strangers > 0 || (handoff->inventory.spare > 0 && !handoff->claims.mps.present);
}

/* While all that take part are at work. */
static enum unasked reason_against(const struct fleet *fleet)
{
    if (!ipi_nobody_else(fleet))
        return UNASKED_ASLEEP;
    if (has_strangers(fleet))
        return UNASKED_STRANGERS;
    return fleet->count == 1 ? UNASKED_ALONE : ASKED;
}

static void observe_broadcast(struct cpu *cpu, struct observation *ret)
{
    ret->nmi_count.unasked = reason_against(cpu->fleet);
}

/* Takes the slots of all others: none may be on its way. */
static bool take_all_slots(const struct cpu *cpu)
{
    const struct fleet *fleet = cpu->fleet;

    for (uint32_t index = 0; index < fleet->count; index++) {
        if (fleet_cpu(fleet, index)->desk.nmi_slot)
            return false;
    }
    for (uint32_t index = 0; index < fleet->count; index++) {
        struct desk *desk = &fleet_cpu(fleet, index)->desk;
        if (index != cpu->index && desk_slot_take(&desk->nmi_slot, cpu->index))
            desk->nmis_due++;
    }
    return true;
}

static void wait_for_all(struct cpu *cpu)
{
    const struct fleet *fleet = cpu->fleet;

    for (uint32_t index = 0; index < fleet->count; index++) {
        const struct cpu *to = fleet_cpu(fleet, index);
        if (!desk_wait(cpu, &to->desk.nmis, to->desk.nmis_due))
            return;
        if (to->planted && !to->desk.strays)
            apic_send_nmi(&fleet->apic, to->apic_id);
    }
}

/* One CPU, while the others are idle. NMI goes with no shorthand but this one (SDM vol. 3A, table
 * 11-3). */
static void broadcast_here(struct cpu *cpu, void *context)
{
    const struct fleet *fleet = cpu->fleet;
    struct obs_nmi_count *count = &cpu->observations[ROUND_TOGETHER].nmi_count;

    (void)context;
    if (cpuset_count(&fleet->online) != fleet->count) {
        count->unasked = UNASKED_ASLEEP; /* one was lost meanwhile */
        return;
    }
    if (!take_all_slots(cpu)) {
        count->unasked = UNASKED_NOT_TAKEN;
        return;
    }
    apic_command(&fleet->apic, 0, ICR_NMI | ICR_ASSERT | ICR_ALL_BUT_SELF);
    wait_for_all(cpu);
}

/* All, or as many as are asked for, at even distances. */
static void conduct_broadcast(struct fleet *fleet, const struct cpuset *set, struct cpuset *lost)
{
    uint32_t every = (fleet->count + SENDERS_MAX - 1) / SENDERS_MAX;

    if (reason_against(fleet))
        return;
    cpuset_for_each(index, set)
    {
        struct cpuset one = {{0}};
        cpuset_add(&one, index);
        if (index % every == 0)
            work_run(fleet, &one, broadcast_here, NULL, lost);
    }
}

#define COUNT(name, text, where, what, ask)                                                        \
    .info = {.id = name,                                                                           \
             .claim = text,                                                                        \
             .source = where,                                                                      \
             .needs = SHOT_NEEDS,                                                                  \
             .defect = what,                                                                       \
             .scope = SCOPE_EACH_CPU,                                                              \
             .hazard = HAZARD_MAY_HANG},                                                           \
    .planting = PLANTED_INSIDE, .observe = (ask), .settle = settle_count,                          \
    .judge = judge_nmi_count, .listen = listen_count

static const struct check rows[] = {
    {COUNT("nmi.pairs",
           "an NMI from every CPU to every other (beyond 64 CPUs: 63 targets each, seed "
           "0x6d7573746572) arrives once, all CPUs sending at once",
           "SDM vol. 3A, 6.7.1 and 11.6.1; APM vol. 2, 8.2.3 and 16.5", "an NMI that is not sent",
           observe_pairs)},
    {COUNT("nmi.broadcast",
           "an NMI to all others by every CPU in turn (beyond 64 CPUs, by at most 64), as an OS "
           "stops its CPUs, reaches each of them once and the sender never",
           "SDM vol. 3A, 6.7.1, 11.6.1 and table 11-3; APM vol. 2, 8.2.3 and 16.5",
           "an NMI that is sent twice", observe_broadcast),
     .conduct = conduct_broadcast},
};

FAMILY(nmi_count_family, rows);
