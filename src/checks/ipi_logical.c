/*
 * ipi.logical: IPIs to logical destinations, one CPU and several at once.
 *
 * In xAPIC mode the flat model has eight bits (SDM vol. 3A, 11.6.2.2): eight CPUs after the other
 * get one each, while all others have none and must be left alone. What firmware had set is put
 * back. In x2APIC mode the IDs follow from the APIC ID (SDM vol. 3A, 11.12.10.2).
 */
#include "ipi.h"
#include "ipi_count.h"
#include <muster/inventory.h>

enum {
    FLAT_CPUS = 8,
    FLAT_MOST = 64,            /* CPUs that get a bit at all */
    CLUSTER_CPUS = 16,         /* x2APIC */
    MASK_STEPS = IPI_STEPS_MAX /* the first step of those to several at once */
};
#define FLAT_MODEL UINT32_C(0xffffffff)

static bool x2apic(const struct cpu *cpu)
{
    return cpu->fleet->apic.x2apic;
}

/* The CPUs that send to each other: those from rank `first` on. */
struct group {
    uint32_t first;
    struct ipi_plan plan;
};

/* False: this CPU gets no bit. */
static bool group_of(const struct cpu *cpu, const struct ipi_party *party, struct group *ret)
{
    uint32_t ranks = party->plan.ranks;

    *ret = (struct group){.plan = party->plan};
    if (x2apic(cpu))
        return true;
    ret->first = party->rank / FLAT_CPUS * FLAT_CPUS;
    uint32_t left = ranks - ret->first;
    ipi_plan_make(&ret->plan, left < FLAT_CPUS ? left : FLAT_CPUS);
    return party->rank < FLAT_MOST;
}

static uint32_t id_of(const struct cpu *cpu, uint32_t rank)
{
    if (x2apic(cpu))
        return cpu->apic_id >> 4 << 16 | 1u << (cpu->apic_id & 15);
    return 1u << rank % FLAT_CPUS;
}

/* The sender's number among those that reach this CPU with one mask. */
static uint32_t mask_number(const struct cpu *cpu, uint32_t rank)
{
    return x2apic(cpu) ? cpu->apic_id & 15 : rank % FLAT_CPUS;
}

/* The rank of the CPU with that number in `cpu`'s cluster, or CPU_NONE. */
static uint32_t in_cluster(const struct cpu *cpu, const struct group *group, uint32_t number)
{
    const struct fleet *fleet = cpu->fleet;

    if (!x2apic(cpu))
        return number < group->plan.ranks ? group->first + number : CPU_NONE;
    uint32_t index = inventory_find(&fleet->handoff->inventory, cpu->apic_id >> 4 << 4 | number);
    if (index == CPU_NONE || !cpuset_has(&fleet->at_work, index))
        return CPU_NONE;
    return cpuset_rank(&fleet->at_work, index);
}

/* The logical destination of all in its cluster but the CPU itself; 0: there are none. */
static uint32_t mask_of(const struct cpu *cpu, const struct group *group, uint32_t own)
{
    uint32_t mask = 0;

    for (uint32_t number = 0; number < CLUSTER_CPUS; number++) {
        uint32_t rank = in_cluster(cpu, group, number);
        if (rank != CPU_NONE && rank != own)
            mask |= id_of(ipi_member(cpu, rank), rank);
    }
    return mask;
}

static void send(const struct cpu *cpu, uint32_t destination, uint32_t step)
{
    apic_command(&cpu->fleet->apic, destination,
                 ICR_FIXED | ICR_ASSERT | ICR_LOGICAL | (IPI_FIRST + step));
}

static void send_all(const struct cpu *cpu, const struct group *group, uint32_t own)
{
    uint32_t mask = mask_of(cpu, group, own);

    for (uint32_t step = 0; step < group->plan.steps; step++) {
        uint32_t rank = group->first + ipi_plan_target(&group->plan, own - group->first, step);
        send(cpu, id_of(ipi_member(cpu, rank), rank), step);
    }
    if (mask)
        send(cpu, mask, MASK_STEPS + mask_number(cpu, own));
}

/* Steps: singles by the plan, then masks by the sender's number. */
static uint32_t expect_logical(const struct cpu *cpu, const struct ipi_party *party, uint32_t step,
                               uint32_t *ret_rank)
{
    struct group group;

    *ret_rank = CPU_NONE;
    if (!group_of(cpu, party, &group) || step >= MASK_STEPS + CLUSTER_CPUS)
        return 0;
    if (step < group.plan.steps)
        *ret_rank = group.first + ipi_plan_sender(&group.plan, party->rank - group.first, step);
    else if (step >= MASK_STEPS)
        *ret_rank = in_cluster(cpu, &group, step - MASK_STEPS);
    if (step >= MASK_STEPS && *ret_rank == party->rank)
        *ret_rank = CPU_NONE;
    return *ret_rank != CPU_NONE;
}

static uint32_t due(const struct cpu *cpu, const struct ipi_party *party)
{
    uint32_t sum = 0, rank;

    for (uint32_t step = 0; step < MASK_STEPS + CLUSTER_CPUS; step++)
        sum += expect_logical(cpu, party, step, &rank);
    return sum;
}

static void exchange(struct cpu *cpu, const struct ipi_party *party, const struct group *group)
{
    send_all(cpu, group, party->rank);
    desk_wait(cpu, &cpu->desk.taken, due(cpu, party));
}

static void flat_id_set(const struct cpu *cpu, uint32_t id, struct obs_ipi *ipi)
{
    const struct apic *apic = &cpu->fleet->apic;

    apic_write(apic, APIC_LOGICAL, id << 24);
    ipi->logical_id = (struct pair){id, apic_read(apic, APIC_LOGICAL) >> 24};
}

/* The groups one after the other: nobody's ID may go while somebody still sends. */
static bool exchange_groups(struct cpu *cpu, const struct ipi_party *party,
                            const struct group *group, struct obs_ipi *ipi)
{
    uint32_t ranks = party->plan.ranks < FLAT_MOST ? party->plan.ranks : FLAT_MOST;
    bool met = true;

    for (uint32_t first = 0; met && first < ranks; first += FLAT_CPUS) {
        bool own = group->first == first;
        if (own)
            flat_id_set(cpu, id_of(cpu, party->rank), ipi);
        met = meet_first(cpu, ranks);
        if (met && own)
            exchange(cpu, party, group);
        met = met && meet_first(cpu, ranks);
        if (own)
            apic_write(&cpu->fleet->apic, APIC_LOGICAL, 0);
    }
    return met;
}

static bool exchange_flat(struct cpu *cpu, const struct ipi_party *party, struct obs_ipi *ipi)
{
    const struct apic *apic = &cpu->fleet->apic;
    uint32_t model = apic_read(apic, APIC_DESTINATION), id = apic_read(apic, APIC_LOGICAL);
    struct group group;

    apic_write(apic, APIC_DESTINATION, FLAT_MODEL);
    flat_id_set(cpu, 0, ipi);
    bool met = meet(cpu);
    if (met && group_of(cpu, party, &group))
        met = exchange_groups(cpu, party, &group, ipi);
    bool met_again = meet(cpu);
    apic_write(apic, APIC_LOGICAL, id);
    apic_write(apic, APIC_DESTINATION, model);
    return met && met_again;
}

static bool exchange_x2apic(struct cpu *cpu, const struct ipi_party *party, struct obs_ipi *ipi)
{
    struct group group;

    group_of(cpu, party, &group);
    ipi->logical_id =
        (struct pair){id_of(cpu, party->rank), apic_read(&cpu->fleet->apic, APIC_LOGICAL)};
    if (!meet(cpu))
        return false;
    exchange(cpu, party, &group);
    return meet(cpu);
}

static void observe_logical(struct cpu *cpu, struct observation *ret)
{
    struct ipi_party party;

    if (!ipi_nobody_else(cpu->fleet)) {
        ret->ipi.unasked = UNASKED_ASLEEP;
        return;
    }
    ipi_begin(cpu, &party);
    bool met = x2apic(cpu) ? exchange_x2apic(cpu, &party, &ret->ipi)
                           : exchange_flat(cpu, &party, &ret->ipi);
    if (!met)
        ret->ipi.unasked = UNASKED_NOT_MET;
    ipi_send_planted(cpu, IPI_FIRST + MASK_STEPS);
}

static void settle_logical(struct cpu *cpu, struct observation *ret)
{
    ipi_count(cpu, ret, expect_logical);
}

static const struct check rows[] = {
    IPI("ipi.logical",
        "IPIs to logical destinations, to one CPU and to several, reach exactly those (xAPIC: 64 "
        "CPUs at most, in groups of 8, flat model; x2APIC: 64 targets each at most)",
        "SDM vol. 3A, 11.6.2.2 and 11.12.10.2; APM vol. 2, 16.6.1", "one IPI too many",
        observe_logical, settle_logical, judge_ipi, ipi_listen),
};

FAMILY(ipi_logical_family, rows);
