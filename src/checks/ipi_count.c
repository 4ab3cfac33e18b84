#include "ipi_count.h"
#include "registers.h"

enum { LINGER_US = 20 };

void ipi_party_read(const struct cpu *cpu, struct ipi_party *ret)
{
    const struct fleet *fleet = cpu->fleet;

    ipi_plan_make(&ret->plan, fleet->at_work_count);
    ret->rank = cpuset_rank(&fleet->at_work, cpu->index);
}

struct cpu *ipi_member(const struct cpu *cpu, uint32_t rank)
{
    return fleet_cpu(cpu->fleet, cpuset_nth(&cpu->fleet->at_work, rank));
}

void ipi_send_self(const struct cpu *cpu, uint8_t vector)
{
    apic_command(&cpu->fleet->apic, 0, ICR_FIXED | ICR_ASSERT | ICR_SELF | vector);
}

bool ipi_nobody_else(const struct fleet *fleet)
{
    return fleet->handoff->inventory.disabled == 0 && fleet->at_work_count == fleet->count;
}

/* The step's letter must be there when its interrupt is: round 1, 2, … */
static void read_letter(struct desk *desk, uint8_t vector)
{
    uint32_t step = vector - (uint32_t)IPI_FIRST;

    if (step < IPI_STEPS_MAX && desk->letters[step] && desk->letters[step] != desk->counts[vector])
        desk->misread++;
}

bool ipi_listen(struct cpu *cpu, struct exception_frame *frame)
{
    uint8_t vector = (uint8_t)frame->vector;
    struct desk *desk = &cpu->desk;

    if (vector < IPI_FIRST || vector > IPI_LAST)
        return false;
    desk->counts[vector]++;
    read_letter(desk, vector);
    apic_end_of_interrupt(&cpu->fleet->apic);
    desk->taken++;
    return true;
}

static void count_vector(const struct cpu *cpu, const struct ipi_party *party, uint32_t step,
                         expectation *expect, struct obs_ipi *ipi)
{
    uint32_t rank = CPU_NONE;
    uint32_t want = expect(cpu, party, step, &rank);
    uint32_t seen = cpu->desk.counts[IPI_FIRST + step];

    ipi->taken.want += want;
    if (seen == want || ipi->vector)
        return;
    ipi->vector = IPI_FIRST + step;
    ipi->count = (struct pair){want, seen};
    ipi->from = rank == CPU_NONE ? CPU_NONE : ipi_member(cpu, rank)->index;
}

/* Nobody sends any more. What nobody should have sent had time to come while others were waited
 * for; some more is given. */
void ipi_count(struct cpu *cpu, struct observation *ret, expectation *expect)
{
    struct obs_ipi *ipi = &ret->ipi;
    struct ipi_party party;

    if (ipi->unasked)
        return;
    if (cpu->fleet->at_work_count != cpu->desk.mode) {
        ipi->unasked = UNASKED_NOT_MET; /* a CPU was lost meanwhile: its IPIs are missing */
        return;
    }
    desk_linger(cpu, LINGER_US);
    ipi_party_read(cpu, &party);
    for (uint32_t step = 0; step <= IPI_LAST - IPI_FIRST; step++)
        count_vector(cpu, &party, step, expect, ipi);
    ipi->taken.seen = cpu->desk.taken;
    ipi->misread.seen = cpu->desk.misread;
}

void ipi_begin(struct cpu *cpu, struct ipi_party *party)
{
    ipi_party_read(cpu, party);
    cpu->desk.mode = party->plan.ranks;
}

void ipi_send_planted(const struct cpu *cpu, uint8_t vector)
{
    if (cpu->planted)
        ipi_send_self(cpu, vector);
}
