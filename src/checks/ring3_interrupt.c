/* ring3.interrupt: what happens to ring 3 most often under an OS: an interrupt comes, and it goes
 * on.
 */
#include "ipi.h"
#include "registers.h"
#include "step.h"

enum { USER_IPI = IPI_FIRST, TURNS = 100000 };

static bool listen_user(struct cpu *cpu, struct exception_frame *frame)
{
    if ((uint8_t)frame->vector != USER_IPI)
        return false;
    ring3_note(cpu, frame);
    apic_end_of_interrupt(&cpu->fleet->apic);
    return true;
}

/* Planted: it comes on another stack. */
static void make_pending(struct cpu *cpu)
{
    static const uint8_t vector = USER_IPI;

    if (cpu->planted)
        cpu->idt[USER_IPI].ist = IST_PROBE;
    ipi_make_pending(cpu, &vector, 1);
}

static void gate_back(struct cpu *cpu)
{
    cpu->idt[USER_IPI].ist = IST_NONE;
}

/* IRETQ lets in what is pending: ring 3 is where it comes, and where it must lead back to. */
static bool interrupted(struct cpu *cpu, struct observation *ret, const struct step *step)
{
    const struct ring3 way = {
        .code = step->code, .compat = step->compat, .rflags = step->rflags, .count = step->count};
    struct obs_ring *ring = &ret->ring;
    struct obs_probe interrupt;

    ring3_want_interrupt(cpu, &way, USER_IPI, &interrupt);
    bool back = step_take(cpu, ret, step);
    cpu->desk.interrupted = NULL;
    ring->values[RING_INTERRUPTS] = (struct pair){1, interrupt.came};
    ring->values[RING_TURNS] = (struct pair){0, (uint32_t)cpu->probe.user.rcx};
    if (!interrupt.differs && !interrupt.changed)
        return back && interrupt.came == 1;
    ring->probe = interrupt;
    return false;
}

static void observe_interrupt(struct cpu *cpu, struct observation *ret)
{
    struct step step = {.what = "an interrupt",
                        .code = user_wait,
                        .rip = user_wait_rip,
                        .vector = VECTOR_RING3,
                        .count = TURNS,
                        .rflags = PROBE_RFLAGS | RFLAGS_IF,
                        .arrange = make_pending,
                        .undo = gate_back};

    steps_begin(cpu, ret, RING_WAY, FEATURE_NONE);
    if (!interrupted(cpu, ret, &step))
        return;
    step.what = "an interrupt in 32-bit code";
    step.compat = true;
    interrupted(cpu, ret, &step);
}

static const struct check rows[] = {
    {.info = {.id = "ring3.interrupt",
              .claim = "an interrupt in 64-bit and in 32-bit ring 3 arrives once, on RSP0 with all "
                       "five words of the frame, and IRETQ leads back to where it came",
              .source = "SDM vol. 3A, 6.8.1, 6.12.1 and 6.14.2; APM vol. 2, 8.9",
              .needs = STEP_NEEDS ",ring3.compat",
              .defect = "a stack of its own in the gate",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_TAKES_FAULT},
     .rounds = ROUNDS_ALSO_ALONE,
     .planting = PLANTED_INSIDE,
     .observe = observe_interrupt,
     .settle = shot_settle,
     .judge = judge_ring,
     .listen = listen_user},
};

FAMILY(ring3_interrupt_family, rows);
