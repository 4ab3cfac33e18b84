/*
 * nmi.*: NMIs by IPI, to the CPU itself and from a neighbour. nmi_count.c counts those from all.
 *
 * The NMI's own gate is used, with IST2. An NMI asks for no EOI, and cannot be held off: the
 * listener must know what to do with it at any moment, so it takes NMIs outside a probe as well.
 */
#include "registers.h"
#include "shot.h"
#include "triggers_nmi.h"
#include "work.h"
#include <muster/memory.h>

enum {
    ASK = 0x30,        /* to the neighbour: send me an NMI after desk.delay_us */
    ROUNDS = 5000000,  /* of trigger_nmi_wait: 20 ms or more; what comes later is late, not lost */
    LINGER_US = 50,    /* in which a second NMI would come */
    LOST_US = 2000000, /* nmi.halted: the timer ends the halt then */
    TRIES = 6,
    FIRST_DELAY_US = 100,
    LATE_US = 1000, /* nmi.cross, planted: well behind one round */
};

enum { MODE_PROBE, MODE_BLOCKED, MODE_BLOCKED_PLANTED };

static void send_nmi(const struct cpu *cpu, const struct cpu *to)
{
    apic_command(&cpu->fleet->apic, to->apic_id, ICR_NMI | ICR_ASSERT);
}

/* --- the listener ----------------------------------------------------------------------------- */

/* An IRET, which is what lets the next NMI in (SDM vol. 3A, 6.7.1). */
static void iret_to_here(void)
{
    __asm__ volatile("movq %%rsp, %%rax\n\t"
                     "pushq %[data]\n\t"
                     "pushq %%rax\n\t"
                     "pushfq\n\t"
                     "pushq %[code]\n\t"
                     "leaq 1f(%%rip), %%rax\n\t"
                     "pushq %%rax\n\t"
                     "iretq\n"
                     "1:"
                     :
                     : [data] "i"(SELECTOR_KERNEL_DATA), [code] "i"(SELECTOR_KERNEL_CODE)
                     : "rax", "memory", "cc");
}

/* The first of three: two more are sent before its IRET. */
static void handle_first(struct cpu *cpu)
{
    send_nmi(cpu, cpu);
    send_nmi(cpu, cpu);
    if (cpu->desk.mode == MODE_BLOCKED_PLANTED)
        iret_to_here();
    clock_delay(&cpu->fleet->clock, LINGER_US);
    cpu->desk.during = cpu->desk.nmis - 1;
}

static void take_nmi(struct cpu *cpu, struct exception_frame *frame)
{
    if (cpu->probe.armed) {
        probe_catch(cpu, frame);
        return;
    }
    if (++cpu->desk.nmis == 1 && cpu->desk.mode != MODE_PROBE)
        handle_first(cpu);
}

/* On the neighbour. */
static void answer(struct cpu *cpu)
{
    const struct cpu *asker = cpu->desk.asker;

    clock_delay(&cpu->fleet->clock, cpu->desk.delay_us);
    send_nmi(cpu, asker);
}

static bool listen_nmi(struct cpu *cpu, struct exception_frame *frame)
{
    uint8_t vector = (uint8_t)frame->vector;

    if (vector == VECTOR_NMI) {
        take_nmi(cpu, frame);
        return true;
    }
    if (vector != ASK)
        return false;
    apic_end_of_interrupt(&cpu->fleet->apic);
    answer(cpu);
    return true;
}

/* Interrupts are on at the halt: an NMI may come while another interrupt is being handled. Taken by
 * the probe, it would leave that handler before its EOI, and no such vector would come again. */
static bool inside_halt(const struct exception_frame *frame)
{
    return frame->rip >= (uintptr_t)trigger_nmi_halt &&
           frame->rip < (uintptr_t)trigger_nmi_halt_end;
}

/* nmi.halted: planted, the neighbour sends nothing; the timer ends the halt. */
static bool listen_halted(struct cpu *cpu, struct exception_frame *frame)
{
    uint8_t vector = (uint8_t)frame->vector;

    if (vector == VECTOR_NMI && cpu->probe.armed && !inside_halt(frame)) {
        cpu->desk.strays++;
        return true;
    }
    if (vector == VECTOR_TIMER && cpu->probe.armed) {
        frame->rip = (uintptr_t)trigger_nmi_halt_end;
        apic_end_of_interrupt(&cpu->fleet->apic);
        return true;
    }
    if (vector == ASK && cpu->desk.asker->planted) {
        apic_end_of_interrupt(&cpu->fleet->apic);
        return true;
    }
    return listen_nmi(cpu, frame);
}

/* --- nmi.self, nmi.cross ---------------------------------------------------------------------- */

static struct interrupt_command command_to(const struct cpu *cpu, const struct cpu *to,
                                           uint32_t low)
{
    const struct apic *apic = &cpu->fleet->apic;

    return (struct interrupt_command){
        .icr = apic->x2apic ? 0 : apic->base + APIC_ICR_LOW,
        .high = apic->x2apic ? to->apic_id : to->apic_id << 24,
        .low = low | ICR_ASSERT,
    };
}

/* The frame of an NMI, wherever between two instructions it was taken. */
static void want_nmi(const struct cpu *cpu, struct obs_nmi *nmi, const char *first, const char *end)
{
    shot_want_df(cpu, &nmi->probe, NULL);
    nmi->probe.want.vector = VECTOR_NMI;
    nmi->probe.want.soft = true;
    nmi->probe.want.frame = stack_top(cpu->index, STACK_NMI) - FRAME_WITHOUT_ERROR;
    nmi->probe.fields = FAULT_ALL & ~(uint32_t)FAULT_RIP;
    nmi->probe.dirty_wanted = 1u << STACK_NMI;
    nmi->rip_first = (uintptr_t)first;
    nmi->rip_end = (uintptr_t)end;
}

/* A second NMI, outside the probe, would come now. */
static void linger(struct cpu *cpu, struct obs_nmi *nmi)
{
    clock_delay(&cpu->fleet->clock, LINGER_US);
    nmi->probe.came += cpu->desk.nmis;
    cpu->desk.nmis = 0;
}

/* False: the NMI came, but when the trigger no longer waited for it. A hypervisor may hold the
 * sender for any time; only what does not come for fleet->patience_us is lost. */
static bool take_one(struct cpu *cpu, struct obs_nmi *nmi, const struct shot *shot)
{
    cpu->heartbeat++;
    cpu->desk.nmis = 0;
    shot_take(cpu, &nmi->probe, shot);
    bool in_time = nmi->probe.came;
    if (!in_time && !cpu->desk.strays)
        desk_wait(cpu, &cpu->desk.nmis, 1);
    linger(cpu, nmi);
    nmi->unasked = in_time || nmi->probe.came != 1 ? ASKED : UNASKED_LATE;
    return !nmi->unasked;
}

static void take_in_time(struct cpu *cpu, struct obs_nmi *nmi, const struct shot *shot)
{
    for (uint32_t n = 0; n < TRIES && !take_one(cpu, nmi, shot); n++) {
    }
}

static void nmi_on_probe_stack(struct cpu *cpu)
{
    cpu->idt[VECTOR_NMI].ist = IST_PROBE;
}

static void nmi_on_own_stack(struct cpu *cpu)
{
    cpu->idt[VECTOR_NMI].ist = IST_NMI;
}

static void observe_self(struct cpu *cpu, struct observation *ret)
{
    struct interrupt_command command = command_to(cpu, cpu, ICR_NMI);
    struct shot shot = {.fire = trigger_nmi_wait, .argument = (uintptr_t)&command, .count = ROUNDS};

    want_nmi(cpu, &ret->nmi, trigger_nmi_wait_rip, trigger_nmi_wait_end);
    if (cpu->planted) {
        shot.arrange = nmi_on_probe_stack;
        shot.undo = nmi_on_own_stack;
    }
    take_in_time(cpu, &ret->nmi, &shot);
}

/* True when there is a neighbour to ask. */
static bool neighbour(struct cpu *cpu, struct obs_nmi *nmi, uint32_t delay_us, struct cpu **ret)
{
    *ret = fleet_cpu(cpu->fleet, fleet_neighbour(cpu->fleet, cpu->index));
    if (*ret == cpu) {
        nmi->unasked = UNASKED_ALONE;
        return false;
    }
    (*ret)->desk.asker = cpu;
    (*ret)->desk.delay_us = delay_us;
    return true;
}

/* False: it was taken for lost. */
static bool take_late(struct cpu *cpu, struct cpu *other, struct obs_nmi *nmi, struct shot shot)
{
    shot.count = 1;
    other->desk.delay_us = LATE_US;
    take_one(cpu, nmi, &shot);
    other->desk.delay_us = 0;
    return nmi->probe.came;
}

/* Planted: a shot that does not wait for its NMI, then one with an NMI too many. */
static void observe_cross(struct cpu *cpu, struct observation *ret)
{
    struct cpu *other;

    if (!neighbour(cpu, &ret->nmi, 0, &other))
        return;
    struct interrupt_command command = command_to(cpu, other, ICR_FIXED | ASK);
    struct shot shot = {.fire = trigger_nmi_wait, .argument = (uintptr_t)&command, .count = ROUNDS};
    want_nmi(cpu, &ret->nmi, trigger_nmi_wait_rip, trigger_nmi_wait_end);
    if (cpu->planted && !take_late(cpu, other, &ret->nmi, shot))
        return;
    take_in_time(cpu, &ret->nmi, &shot);
    if (cpu->planted) {
        send_nmi(cpu, cpu);
        linger(cpu, &ret->nmi);
    }
}

/* --- nmi.halted ------------------------------------------------------------------------------- */

/* One try; false: the NMI came before the CPU halted, elsewhere than at the halt, or late. */
static bool halt_once_for(struct cpu *cpu, struct obs_nmi *nmi, const struct shot *shot)
{
    struct fleet *fleet = cpu->fleet;

    want_nmi(cpu, nmi, trigger_nmi_halt_rip, trigger_nmi_halt_rip + 1);
    nmi->probe.fields &= ~(uint32_t)FAULT_RFLAGS; /* IF is on, unless it came too early */
    interrupts_take();                            /* a wake-up that is late would end the halt */
    cpu->desk.strays = 0;
    work_alarm(fleet, fleet->patience_us < LOST_US ? fleet->patience_us : LOST_US);
    bool in_time = take_one(cpu, nmi, shot);
    work_alarm(fleet, 0);
    if (!in_time || cpu->desk.strays)
        return false;
    uint64_t rip = nmi->probe.seen.rip;
    return nmi->probe.came != 1 || rip < (uintptr_t)trigger_nmi_halt ||
           rip >= (uintptr_t)trigger_nmi_halt_rip;
}

static void observe_halted(struct cpu *cpu, struct observation *ret)
{
    uint32_t delay_us = FIRST_DELAY_US;
    struct cpu *other;

    if (!cpu->fleet->timer_interrupts)
        ret->nmi.unasked = UNASKED_NO_TIMER;
    if (ret->nmi.unasked || !neighbour(cpu, &ret->nmi, delay_us, &other))
        return;
    struct interrupt_command command = command_to(cpu, other, ICR_FIXED | ASK);
    struct shot shot = {.fire = trigger_nmi_halt, .argument = (uintptr_t)&command};
    for (uint32_t n = 0; n < TRIES; n++, delay_us *= 4) {
        other->desk.delay_us = delay_us;
        if (halt_once_for(cpu, &ret->nmi, &shot))
            return;
    }
    if (!ret->nmi.unasked)
        ret->nmi.unasked = UNASKED_NO_HALT;
}

/* --- nmi.blocked ------------------------------------------------------------------------------ */

/* On the running stack, where one inside the other would do no harm. */
static void observe_blocked(struct cpu *cpu, struct observation *ret)
{
    uint64_t begin = tsc_read();

    cpu->desk.mode = cpu->planted ? MODE_BLOCKED_PLANTED : MODE_BLOCKED;
    cpu->idt[VECTOR_NMI].ist = IST_NONE;
    send_nmi(cpu, cpu);
    while (cpu->desk.nmis < 2 && clock_us(&cpu->fleet->clock, tsc_read() - begin) < LOST_US)
        cpu->heartbeat++;
    clock_delay(&cpu->fleet->clock, LINGER_US);
    cpu->idt[VECTOR_NMI].ist = IST_NMI;
    ret->nmi_blocked = (struct obs_nmi_blocked){
        .taken = {2, cpu->desk.nmis},
        .during = {0, cpu->desk.during},
    };
}

#define NMI(name, text, where, what, how_often, ask, end, judge_it, listener_of)                   \
    {                                                                                              \
        .info = {.id = name,                                                                       \
                 .claim = text,                                                                    \
                 .source = where,                                                                  \
                 .needs = SHOT_NEEDS,                                                              \
                 .defect = what,                                                                   \
                 .scope = SCOPE_EACH_CPU,                                                          \
                 .hazard = HAZARD_MAY_HANG},                                                       \
        .rounds = (how_often), .planting = PLANTED_INSIDE, .observe = (ask), .settle = (end),      \
        .judge = (judge_it), .listen = (listener_of)                                               \
    }

static const struct check rows[] = {
    NMI("nmi.self",
        "an NMI that a CPU sends to itself comes once, though IF is clear, on its own NMI stack",
        "SDM vol. 3A, 6.7.1 and 11.6.1; APM vol. 2, 8.2.3", "another stack for NMIs",
        ROUNDS_ALSO_ALONE, observe_self, shot_settle, judge_nmi, listen_nmi),
    NMI("nmi.cross",
        "an NMI from another CPU comes once, though IF is clear, on this CPU's own NMI stack",
        "SDM vol. 3A, 6.7.1 and 11.6.1; APM vol. 2, 8.2.3", "a late NMI, then one too many",
        ROUNDS_ONLY_ALONE, observe_cross, shot_settle, judge_nmi, listen_nmi),
    NMI("nmi.halted", "an NMI from another CPU wakes this one from HLT and returns behind it",
        "SDM vol. 2A, HLT; SDM vol. 3A, 6.7.1", "an NMI that is not sent", ROUNDS_ONLY_ALONE,
        observe_halted, shot_settle, judge_nmi, listen_halted),
    NMI("nmi.blocked",
        "while an NMI is handled no other comes; of two sent meanwhile one is kept until IRET",
        "SDM vol. 3A, 6.7.1; APM vol. 2, 8.2.3", "an IRET inside the handler", ROUNDS_ALSO_ALONE,
        observe_blocked, NULL, judge_nmi_blocked, listen_nmi),
};

FAMILY(nmi_family, rows);
