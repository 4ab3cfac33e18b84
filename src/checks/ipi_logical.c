/*
 * ipi.logical: IPIs to logical destinations, one CPU and several at once.
 *
 * In xAPIC mode the first eight CPUs get one bit each in the flat model (SDM vol. 3A, 11.6.2.2),
 * and what firmware had set is put back; the others get none and must be left alone. In x2APIC mode
 * the IDs follow from the APIC ID (SDM vol. 3A, 11.12.10.2).
 */
#include "ipi.h"
#include "ipi_count.h"
#include <muster/inventory.h>

enum {
    FLAT_CPUS = 8,
    SINGLES = 8,       /* targets of each sender, one at a time */
    CLUSTER_CPUS = 16, /* x2APIC */
};
#define FLAT_MODEL UINT32_C(0xffffffff)

static bool x2apic(const struct cpu *cpu)
{
    return cpu->fleet->apic.x2apic;
}

static uint32_t takes_part(const struct ipi_party *party, const struct cpu *cpu)
{
    uint32_t ranks = party->plan.ranks;

    return x2apic(cpu) || ranks < FLAT_CPUS ? ranks : FLAT_CPUS;
}

static uint32_t id_of(const struct cpu *cpu, uint32_t rank)
{
    if (x2apic(cpu))
        return cpu->apic_id >> 4 << 16 | 1u << (cpu->apic_id & 15);
    return rank < FLAT_CPUS ? 1u << rank : 0;
}

/* The sender's number among those that reach this CPU with one mask. */
static uint32_t mask_number(const struct cpu *cpu, uint32_t rank)
{
    return x2apic(cpu) ? cpu->apic_id & 15 : rank;
}

/* The rank of the CPU with that number in `cpu`'s cluster, or CPU_NONE. */
static uint32_t in_cluster(const struct cpu *cpu, const struct ipi_party *party, uint32_t number)
{
    const struct fleet *fleet = cpu->fleet;

    if (!x2apic(cpu))
        return number < takes_part(party, cpu) ? number : CPU_NONE;
    uint32_t index = inventory_find(&fleet->handoff->inventory, cpu->apic_id >> 4 << 4 | number);
    if (index == CPU_NONE || !cpuset_has(&fleet->at_work, index))
        return CPU_NONE;
    return cpuset_rank(&fleet->at_work, index);
}

/* The logical destination of all in its cluster but the CPU itself; 0: there are none. */
static uint32_t mask_of(const struct cpu *cpu, const struct ipi_party *party)
{
    uint32_t mask = 0;

    for (uint32_t number = 0; number < CLUSTER_CPUS; number++) {
        uint32_t rank = in_cluster(cpu, party, number);
        if (rank != CPU_NONE && rank != party->rank)
            mask |= id_of(ipi_member(cpu, rank), rank);
    }
    return mask;
}

static uint32_t singles(const struct ipi_party *party, const struct cpu *cpu)
{
    uint32_t part = takes_part(party, cpu);

    return party->rank >= part ? 0 : part < SINGLES ? part : SINGLES;
}

static void send_all(const struct cpu *cpu, const struct ipi_party *party)
{
    const struct apic *apic = &cpu->fleet->apic;
    uint32_t part = takes_part(party, cpu), mask = mask_of(cpu, party);

    for (uint32_t step = 0; step < singles(party, cpu); step++) {
        uint32_t rank = (party->rank + step) % part;
        apic_command(apic, id_of(ipi_member(cpu, rank), rank),
                     ICR_FIXED | ICR_ASSERT | ICR_LOGICAL | (IPI_FIRST + step));
    }
    if (mask && party->rank < part)
        apic_command(apic, mask,
                     ICR_FIXED | ICR_ASSERT | ICR_LOGICAL |
                         (IPI_FIRST + SINGLES + mask_number(cpu, party->rank)));
}

/* Steps: singles by distance, then masks by the sender's number. */
static uint32_t expect_logical(const struct cpu *cpu, const struct ipi_party *party, uint32_t step,
                               uint32_t *ret_rank)
{
    uint32_t part = takes_part(party, cpu);

    if (party->rank >= part || step >= SINGLES + CLUSTER_CPUS)
        return 0;
    if (step < SINGLES) {
        *ret_rank = step < singles(party, cpu) ? (party->rank + part - step) % part : CPU_NONE;
        return step < singles(party, cpu);
    }
    *ret_rank = in_cluster(cpu, party, step - SINGLES);
    if (*ret_rank == party->rank)
        *ret_rank = CPU_NONE;
    return *ret_rank != CPU_NONE;
}

static uint32_t due(const struct cpu *cpu, const struct ipi_party *party)
{
    uint32_t sum = 0, rank;

    for (uint32_t step = 0; step < SINGLES + CLUSTER_CPUS; step++)
        sum += expect_logical(cpu, party, step, &rank);
    return sum;
}

static void exchange(struct cpu *cpu, const struct ipi_party *party, struct obs_ipi *ipi)
{
    if (!meet(cpu))
        ipi->unasked = UNASKED_NOT_MET;
    send_all(cpu, party);
    desk_wait(cpu, &cpu->desk.taken, due(cpu, party));
    if (!meet(cpu)) /* nobody's ID may go while somebody still sends */
        ipi->unasked = UNASKED_NOT_MET;
}

static void exchange_flat(struct cpu *cpu, const struct ipi_party *party, struct obs_ipi *ipi)
{
    const struct apic *apic = &cpu->fleet->apic;
    uint32_t model = apic_read(apic, APIC_DESTINATION), id = apic_read(apic, APIC_LOGICAL);

    apic_write(apic, APIC_DESTINATION, FLAT_MODEL);
    apic_write(apic, APIC_LOGICAL, id_of(cpu, party->rank) << 24);
    ipi->logical_id = (struct pair){id_of(cpu, party->rank), apic_read(apic, APIC_LOGICAL) >> 24};
    exchange(cpu, party, ipi);
    apic_write(apic, APIC_LOGICAL, id);
    apic_write(apic, APIC_DESTINATION, model);
}

static void observe_logical(struct cpu *cpu, struct observation *ret)
{
    struct ipi_party party;

    if (!ipi_nobody_else(cpu->fleet)) {
        ret->ipi.unasked = UNASKED_ASLEEP;
        return;
    }
    ipi_begin(cpu, &party);
    if (x2apic(cpu)) {
        ret->ipi.logical_id =
            (struct pair){id_of(cpu, party.rank), apic_read(&cpu->fleet->apic, APIC_LOGICAL)};
        exchange(cpu, &party, &ret->ipi);
    } else {
        exchange_flat(cpu, &party, &ret->ipi);
    }
    ipi_send_planted(cpu, IPI_FIRST + SINGLES);
}

static void settle_logical(struct cpu *cpu, struct observation *ret)
{
    ipi_count(cpu, ret, expect_logical);
}

static const struct check rows[] = {
    IPI("ipi.logical",
        "IPIs to logical destinations, to one CPU and to several, reach exactly those (xAPIC: the "
        "first 8 CPUs, flat model)",
        "SDM vol. 3A, 11.6.2.2 and 11.12.10.2; APM vol. 2, 16.6.1", "one IPI too many",
        observe_logical, settle_logical, judge_ipi, ipi_listen),
};

FAMILY(ipi_logical_family, rows);
