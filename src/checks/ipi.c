/*
 * ipi.pairs, ipi.self, ipi.broadcast: every interrupt arrives once, where it was sent.
 *
 * No two senders use one vector to one CPU: the IRR has one bit for a vector, and equal vectors
 * would merge (SDM vol. 3A, 11.8.4). All CPUs send at once. Each waits for what is its own to come;
 * when all have ended, each counts.
 */
#include "ipi_count.h"

enum {
    ROUNDS = 2,  /* of ipi.pairs */
    SELVES = 64, /* of ipi.self */
};

/* --- ipi.pairs -------------------------------------------------------------------------------- */

static void send_round(struct cpu *cpu, const struct ipi_party *party, uint32_t round)
{
    for (uint32_t step = 0; step < party->plan.steps; step++) {
        struct cpu *to = ipi_member(cpu, ipi_plan_target(&party->plan, party->rank, step));
        to->desk.letters[step] = round;
        apic_send_fixed(&cpu->fleet->apic, to->apic_id, (uint8_t)(IPI_FIRST + step));
        cpu->heartbeat++;
    }
}

static void observe_pairs(struct cpu *cpu, struct observation *ret)
{
    struct ipi_party party;

    ipi_begin(cpu, &party);
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        if (!meet(cpu))
            ret->ipi.unasked = UNASKED_NOT_MET;
        send_round(cpu, &party, round);
        desk_wait(cpu, &cpu->desk.taken, round * party.plan.steps);
    }
    ipi_send_planted(cpu, (uint8_t)(IPI_FIRST + party.plan.steps - 1));
}

static uint32_t expect_pairs(const struct cpu *cpu, const struct ipi_party *party, uint32_t step,
                             uint32_t *ret_rank)
{
    (void)cpu;
    if (step >= party->plan.steps)
        return 0;
    *ret_rank = ipi_plan_sender(&party->plan, party->rank, step);
    return ROUNDS;
}

static void settle_pairs(struct cpu *cpu, struct observation *ret)
{
    ipi_count(cpu, ret, expect_pairs);
}

/* --- ipi.self --------------------------------------------------------------------------------- */

/* Half by the shorthand, half by the register that only x2APIC has, or by the CPU's own ID. */
static void send_to_self(const struct cpu *cpu, uint32_t n)
{
    const struct apic *apic = &cpu->fleet->apic;

    if (n % 2)
        ipi_send_self(cpu, IPI_FIRST);
    else if (apic->x2apic)
        apic_write(apic, APIC_SELF_IPI, IPI_FIRST);
    else
        apic_send_fixed(apic, cpu->apic_id, IPI_FIRST);
}

static void observe_self(struct cpu *cpu, struct observation *ret)
{
    struct ipi_party party;

    ipi_begin(cpu, &party);
    for (uint32_t n = 0; n < SELVES; n++) {
        send_to_self(cpu, n);
        if (!desk_wait(cpu, &cpu->desk.taken, n + 1))
            break;
    }
    ipi_send_planted(cpu, IPI_FIRST);
    (void)ret;
}

static uint32_t expect_self(const struct cpu *cpu, const struct ipi_party *party, uint32_t step,
                            uint32_t *ret_rank)
{
    (void)cpu;
    *ret_rank = step ? CPU_NONE : party->rank;
    return step ? 0 : SELVES;
}

static void settle_self(struct cpu *cpu, struct observation *ret)
{
    ipi_count(cpu, ret, expect_self);
}

/* --- ipi.broadcast ---------------------------------------------------------------------------- */

/* Who broadcasts: all, or as many as there are vectors, at even distances. The broadcaster's
 * number, or IPI_STEPS_MAX. */
static uint32_t broadcaster(const struct ipi_party *party)
{
    uint32_t every = (party->plan.ranks + IPI_STEPS_MAX - 1) / IPI_STEPS_MAX;

    return party->rank % every ? IPI_STEPS_MAX : party->rank / every;
}

static uint32_t broadcasters(const struct ipi_party *party)
{
    uint32_t every = (party->plan.ranks + IPI_STEPS_MAX - 1) / IPI_STEPS_MAX;

    return (party->plan.ranks + every - 1) / every;
}

/* Vectors: the first IPI_STEPS_MAX for "all but self", the next for "all". */
static uint32_t expect_broadcast(const struct cpu *cpu, const struct ipi_party *party,
                                 uint32_t step, uint32_t *ret_rank)
{
    (void)cpu;
    uint32_t every = (party->plan.ranks + IPI_STEPS_MAX - 1) / IPI_STEPS_MAX;
    uint32_t number = step % IPI_STEPS_MAX;

    if (number >= broadcasters(party))
        return 0;
    *ret_rank = number * every;
    return step >= IPI_STEPS_MAX || number != broadcaster(party);
}

static void broadcast(const struct cpu *cpu, uint32_t number)
{
    const struct apic *apic = &cpu->fleet->apic;
    uint32_t vector = IPI_FIRST + number;

    apic_command(apic, 0, ICR_FIXED | ICR_ASSERT | ICR_ALL_BUT_SELF | vector);
    apic_command(apic, 0, ICR_FIXED | ICR_ASSERT | ICR_ALL | (vector + IPI_STEPS_MAX));
}

static void observe_broadcast(struct cpu *cpu, struct observation *ret)
{
    struct ipi_party party;

    if (!ipi_nobody_else(cpu->fleet)) {
        ret->ipi.unasked = UNASKED_ASLEEP;
        return;
    }
    ipi_begin(cpu, &party);
    if (!meet(cpu))
        ret->ipi.unasked = UNASKED_NOT_MET;
    uint32_t number = broadcaster(&party);
    if (number < IPI_STEPS_MAX)
        broadcast(cpu, number);
    uint32_t due = 2 * broadcasters(&party) - (number < IPI_STEPS_MAX);
    desk_wait(cpu, &cpu->desk.taken, due);
    ipi_send_planted(cpu, IPI_FIRST + IPI_STEPS_MAX);
}

static void settle_broadcast(struct cpu *cpu, struct observation *ret)
{
    ipi_count(cpu, ret, expect_broadcast);
}

static const struct check rows[] = {
    IPI("ipi.pairs",
        "a fixed IPI from every CPU to every CPU, itself too (beyond 64 CPUs: 64 targets each, "
        "seed 0x6d7573746572), arrives once, after what its sender wrote",
        "SDM vol. 3A, 11.6.1 and 11.8.4; APM vol. 2, 16.5", "one IPI too many", observe_pairs,
        settle_pairs, judge_ipi, ipi_listen),
    IPI("ipi.self",
        "IPIs that a CPU sends to itself, by ID, shorthand or SELF IPI, each arrive once",
        "SDM vol. 3A, 11.6.1 and 11.12.11; APM vol. 2, 16.5", "one IPI too many", observe_self,
        settle_self, judge_ipi, ipi_listen),
    IPI("ipi.broadcast",
        "broadcasts by every CPU (beyond 64 CPUs, by at most 64), with and without itself, reach "
        "every CPU once and the sender as asked",
        "SDM vol. 3A, 11.6.1; APM vol. 2, 16.5", "one IPI too many", observe_broadcast,
        settle_broadcast, judge_ipi, ipi_listen),
};

FAMILY(ipi_family, rows);
