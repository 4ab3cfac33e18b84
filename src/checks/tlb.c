/*
 * tlb.shootdown: one CPU after another makes the shared scratch page lead elsewhere, and asks all
 * others by IPI to forget it, as an OS does. Nothing is promised without that.
 *
 *   all        read the page, so that they hold its translation; meet
 *   initiator  changes the entry, INVLPG, IPI to all others          others: INVLPG in the handler
 *   all        meet; read: the new memory
 */
#include "ipi.h"
#include "registers.h"
#include "scratch.h"

enum { ROUNDS = 4, SHOOT = IPI_FIRST };

static uint32_t shared_page(const struct cpu *cpu)
{
    return cpu->fleet->count;
}

/* Planted: the CPU says that it has forgotten the page, and has not. */
static void forget(const struct cpu *cpu)
{
    if (!cpu->planted)
        tlb_forget(scratch_address(shared_page(cpu)));
}

static bool listen_shootdown(struct cpu *cpu, struct exception_frame *frame)
{
    if ((uint8_t)frame->vector != SHOOT)
        return false;
    forget(cpu);
    apic_end_of_interrupt(&cpu->fleet->apic);
    cpu->desk.taken++;
    return true;
}

/* What is asked is counted: an initiator that is lost before asks nobody. */
static void shoot(struct cpu *cpu, uint32_t which)
{
    struct fleet *fleet = cpu->fleet;

    scratch_point(fleet, shared_page(cpu), which, 0);
    forget(cpu);
    cpuset_for_each(index, &fleet->at_work)
    {
        struct cpu *to = fleet_cpu(fleet, index);
        if (to == cpu)
            continue;
        to->desk.ipis_due++;
        apic_send_fixed(&fleet->apic, to->apic_id, SHOOT);
    }
}

static void note(const struct cpu *cpu, struct obs_shootdown *seen, struct pair *into,
                 uint32_t which, uint32_t round)
{
    uint64_t word = scratch_read(shared_page(cpu));

    if (word == scratch_word(which) || seen->round)
        return;
    *into = (struct pair){scratch_word(which), word};
    seen->round = round + 1;
}

/* Initiators at even distances. */
static uint32_t initiator(const struct cpu *cpu, uint32_t round)
{
    uint32_t count = cpu->fleet->at_work_count;

    return cpuset_nth(&cpu->fleet->at_work, (uint32_t)((uint64_t)round * count / ROUNDS));
}

static bool do_round(struct cpu *cpu, struct obs_shootdown *seen, uint32_t round)
{
    uint32_t old = round % SCRATCH_PAGES, new = (round + 1) % SCRATCH_PAGES;

    note(cpu, seen, &seen->before, old, round);
    if (!meet(cpu))
        return false;
    if (initiator(cpu, round) == cpu->index) {
        shoot(cpu, new);
    } else {
        desk_wait(cpu, &cpu->desk.taken, ++seen->awaited);
    }
    if (!meet(cpu))
        return false;
    note(cpu, seen, &seen->after, new, round);
    return true;
}

_Static_assert(ROUNDS % SCRATCH_PAGES == 0, "the page leads to SCRATCH_A again");

static void observe_shootdown(struct cpu *cpu, struct observation *ret)
{
    struct obs_shootdown *seen = &ret->shootdown;

    for (uint32_t round = 0; round < ROUNDS; round++) {
        if (!do_round(cpu, seen, round)) {
            seen->unasked = UNASKED_NOT_MET;
            break;
        }
    }
}

/* Whatever happened: the next run begins with SCRATCH_A everywhere. */
static void settle_shootdown(struct cpu *cpu, struct observation *ret)
{
    scratch_point(cpu->fleet, shared_page(cpu), SCRATCH_A, 0);
    tlb_forget(scratch_address(shared_page(cpu)));
    ret->shootdown.shots = (struct pair){cpu->desk.ipis_due, cpu->desk.taken};
}

static const struct check rows[] = {
    IPI("tlb.shootdown",
        "a page that one CPU maps elsewhere is seen changed by every CPU after IPI and INVLPG",
        "SDM vol. 3A, 4.10.4 and 4.10.5; APM vol. 2, 5.5.3", "a CPU that skips its INVLPG",
        observe_shootdown, settle_shootdown, judge_shootdown, listen_shootdown),
};

FAMILY(tlb_family, rows);
