/*
 * storm.mixed: everything at once. Each CPU draws its events from a seed of its own: faults, double
 * faults and ring changes, each compared like any probe, and IPIs and NMIs to others. NMIs arrive
 * in the midst of theirs, IPIs between two events and in ring 3, which lets interrupts in: these
 * are compared, too.
 *
 * So that every IPI and NMI can be counted, a sender first takes the receiver's slot, which the
 * receiver's handler frees: no two are on their way to one CPU, so none can merge with another.
 */
#include "fault_mix.h"
#include "ipi.h"
#include "registers.h"
#include <muster/random.h>

/* As seldom as ring 3 is drawn: of what has come, either takes its share. */
enum { OPEN_EVERY = STORM_KINDS };

enum { EVENTS = 200, IPI_VECTOR = MIX_INTERRUPT };
#define STORM_SEED UINT64_C(0x5eed5702)
/* Spreads seeds that lie close together: 2^64 / golden ratio. */
#define STORM_SPREAD UINT64_C(0x9e3779b97f4a7c15)

static uint64_t seed_of(const struct cpu *cpu)
{
    uint64_t number = (uint64_t)cpu->fleet->repeat * CPU_MAX + cpu->index + 1;

    return STORM_SEED ^ number * STORM_SPREAD;
}

/* --- IPIs and NMIs ---------------------------------------------------------------------------- */

static void free_slot(struct cpu *cpu, uint32_t *slot)
{
    if (desk_slot_free(slot) == CPU_NONE)
        cpu->desk.misread++;
}

static bool listen_storm(struct cpu *cpu, struct exception_frame *frame)
{
    uint8_t vector = (uint8_t)frame->vector;
    struct desk *desk = &cpu->desk;

    if (vector == VECTOR_NMI) {
        free_slot(cpu, &desk->nmi_slot);
        desk->nmis++;
        return true;
    }
    if (vector != IPI_VECTOR)
        return false;
    ring3_note(cpu, frame);
    free_slot(cpu, &desk->ipi_slot);
    desk->taken++;
    apic_end_of_interrupt(&cpu->fleet->apic);
    return true;
}

static void send(const struct cpu *cpu, struct cpu *to, bool nmi)
{
    uint32_t *slot = nmi ? &to->desk.nmi_slot : &to->desk.ipi_slot;
    uint32_t *due = nmi ? &to->desk.nmis_due : &to->desk.ipis_due;
    uint32_t command = nmi ? ICR_NMI | ICR_ASSERT : ICR_FIXED | ICR_ASSERT | IPI_VECTOR;

    if (!desk_slot_take(slot, cpu->index))
        return; /* one is on its way already */
    __atomic_add_fetch(due, 1, __ATOMIC_ACQ_REL);
    apic_command(&cpu->fleet->apic, to->apic_id, command);
}

/* --- the storm -------------------------------------------------------------------------------- */

static void ud_on_probe_stack(struct cpu *cpu)
{
    cpu->idt[VECTOR_UD].ist = IST_PROBE;
}

static void ud_on_running_stack(struct cpu *cpu)
{
    cpu->idt[VECTOR_UD].ist = IST_NONE;
}

/* Planted: in the middle, a #UD that is delivered on another stack. */
static bool take_event(struct cpu *cpu, struct obs_storm *storm, uint64_t *state)
{
    bool spoilt = cpu->planted && storm->event == EVENTS / 2;
    enum storm_kind kind = spoilt ? STORM_UD : (enum storm_kind)random_below(state, STORM_KINDS);

    storm->kind = kind;
    storm->count[kind]++;
    if (kind >= STORM_IPI) {
        uint32_t rank = random_below(state, cpu->fleet->at_work_count);
        send(cpu, ipi_member(cpu, rank), kind == STORM_NMI);
        return true;
    }
    if (spoilt)
        return fault_mix_take(cpu, kind, &storm->probe, ud_on_probe_stack, ud_on_running_stack);
    return fault_mix_take(cpu, kind, &storm->probe, NULL, NULL);
}

static void observe_storm(struct cpu *cpu, struct observation *ret)
{
    struct obs_storm *storm = &ret->storm;
    uint64_t state = seed_of(cpu);
    bool right = true;

    if (!meet(cpu))
        storm->unasked = UNASKED_NOT_MET;
    for (storm->event = 1; right && storm->event <= EVENTS; storm->event += right) {
        right = take_event(cpu, storm, &state);
        cpu->heartbeat++;
        if (storm->event % OPEN_EVERY == 0)
            desk_open();
    }
    if (!meet(cpu))
        storm->unasked = UNASKED_NOT_MET;
    desk_wait(cpu, &cpu->desk.taken, cpu->desk.ipis_due);
    desk_wait(cpu, &cpu->desk.nmis, cpu->desk.nmis_due);
}

static void settle_storm(struct cpu *cpu, struct observation *ret)
{
    struct obs_storm *storm = &ret->storm;

    desk_open();
    storm->probe.dirty_wanted = 1u << STACK_DF | 1u << STACK_NMI | 1u << STACK_RSP0;
    shot_settle(cpu, ret);
    storm->ipis = (struct pair){cpu->desk.ipis_due, cpu->desk.taken};
    storm->nmis = (struct pair){cpu->desk.nmis_due, cpu->desk.nmis};
    storm->strays.seen = cpu->desk.misread;
    storm->in_ring3 = cpu->desk.in_ring3;
}

/* --- what it was made of ---------------------------------------------------------------------- */

static void remark_storm(const struct fleet *fleet, const struct cpuset *set, struct text *out)
{
    uint32_t in_ring3 = 0;

    text_format(out, "seed 0x%lx:", (unsigned long)STORM_SEED);
    for (enum storm_kind kind = 0; kind < STORM_KINDS; kind++) {
        uint64_t sum = 0;
        cpuset_for_each(index, set) sum +=
            fleet_cpu(fleet, index)->observations[ROUND_TOGETHER].storm.count[kind];
        text_format(out, "%s %lu %s", kind ? "," : "", (unsigned long)sum, storm_kind_name(kind));
    }
    cpuset_for_each(index, set) in_ring3 +=
        fleet_cpu(fleet, index)->observations[ROUND_TOGETHER].storm.in_ring3;
    text_format(out, "; IPIs in ring 3: %u", in_ring3);
}

static const struct check rows[] = {
    {.info = {.id = "storm.mixed",
              .claim = "200 faults, double faults, ring changes, IPIs and NMIs on each CPU, drawn "
                       "with a seed, all CPUs at once, are each right",
              .source = DF_TABLE "; SDM vol. 3A, 6.7.1, 6.12.1 and 11.6.1",
              .needs = SHOT_NEEDS ",ring3.gate",
              .defect = "one #UD on another stack",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_MAY_HANG},
     .planting = PLANTED_INSIDE,
     .observe = observe_storm,
     .settle = settle_storm,
     .judge = judge_storm,
     .listen = listen_storm,
     .remark = remark_storm},
};

FAMILY(storm_family, rows);
