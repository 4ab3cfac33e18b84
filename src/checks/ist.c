/* ist.named, ist.aligned, ist.mc-gate, ist.reentry: where a delivery begins. */
#include "fault_triggers.h"
#include "install.h"
#include "ist_guard.h"
#include "shot.h"
#include <muster/memory.h>

enum {
    IST_COUNT = 7,
    VECTOR_TRIAL = 0x40, /* and the next seven: gates that name IST1 to IST7 in turn */
    STEPS = 16,          /* every alignment */
    ROOM = 256,          /* kept free above a stack pointer that is not aligned */
};

static uint64_t top_of_ist(const struct cpu *cpu, uint32_t ist)
{
    /* IST6 and IST7 are free: they point to the probe stack for the while. */
    return stack_top(cpu->index, (enum stack_id)(ist > IST_PROBE ? IST_PROBE : ist));
}

/* --- ist.named ---------------------------------------------------------------------------------
 */

static void want_int(const struct cpu *cpu, uint32_t vector, uint32_t ist, struct obs_probe *probe)
{
    shot_want_df(cpu, probe, trigger_int + vector * INT_TRIGGER_BYTES + INT_BYTES);
    probe->want.vector = vector;
    probe->want.soft = true;
    probe->want.frame = ist ? top_of_ist(cpu, ist) - FRAME_WITHOUT_ERROR : 0;
    probe->fields &= ~(uint32_t)FAULT_CR2;
}

static void deliver(struct cpu *cpu, uint32_t vector, uint32_t ist, struct obs_named *seen)
{
    /* The code at this place is a trigger like any other. */
    trigger *fire = (trigger *)((uintptr_t)trigger_int + vector * INT_TRIGGER_BYTES);
    struct obs_probe probe;

    want_int(cpu, vector, ist, &probe);
    probe_run(cpu, fire, 0, 0, 0, &probe);
    seen->asked++;
    if (probe.came == 1 && !probe.differs)
        return;
    if (!seen->wrong++) {
        seen->vector = (struct pair){vector, probe.came ? probe.seen.vector : UINT64_MAX};
        seen->frame = (struct pair){probe.want.frame, probe.seen.frame};
    }
}

static void name_all(struct cpu *cpu, bool named)
{
    struct tss *tss = &cpu->tss->tss;

    for (uint32_t ist = 1; ist <= IST_COUNT; ist++)
        cpu->idt[VECTOR_TRIAL + ist].ist = named ? (uint8_t)ist : IST_NONE;
    tss->ist[5] = tss->ist[6] = named ? top_of_ist(cpu, IST_PROBE) : 0;
}

static void observe_named(struct cpu *cpu, struct observation *ret)
{
    cpu->probe.any_vector = true;
    if (cpu->planted)
        cpu->idt[VECTOR_TRIAL].ist = IST_PROBE;
    for (uint32_t vector = 0; vector < IDT_GATES; vector++)
        deliver(cpu, vector, tables_gate(vector).ist, &ret->named);
    name_all(cpu, true);
    deliver(cpu, VECTOR_TRIAL, IST_NONE, &ret->named);
    for (uint32_t ist = 1; ist <= IST_COUNT; ist++)
        deliver(cpu, VECTOR_TRIAL + ist, ist, &ret->named);
    deliver(cpu, VECTOR_TRIAL + IST_COUNT + 1, IST_NONE, &ret->named);
    name_all(cpu, false);
    cpu->idt[VECTOR_TRIAL].ist = IST_NONE;
    cpu->probe.any_vector = false;
}

/* Nothing is said of footprints here; their paint is renewed all the same. */
static void settle_paint(struct cpu *cpu, struct observation *ret)
{
    struct obs_probe unused = {0};

    (void)ret;
    shot_settle_probe(cpu, &unused);
}

/* --- ist.aligned: every alignment of RSP, and of an IST entry, with and without error code ------
 */

struct alignment {
    uint64_t rsp, ist; /* ist 0: the running stack */
    bool error_code;
};

static void want_aligned(const struct cpu *cpu, const struct alignment *at, struct obs_probe *probe)
{
    uint64_t words = at->error_code ? FRAME_WITH_ERROR : FRAME_WITHOUT_ERROR;

    shot_want_df(cpu, probe, at->error_code ? trigger_read_on_rip : trigger_ud_on_rip);
    probe->want.vector = at->error_code ? VECTOR_GP : VECTOR_UD;
    probe->want.soft = !at->error_code;
    probe->want.rsp = at->rsp;
    probe->want.frame = ((at->ist ? at->ist : at->rsp) & ~UINT64_C(15)) - words;
    probe->dirty_wanted = 1u << STACK_RSP0 | 1u << STACK_PROBE;
}

static void take_aligned(struct cpu *cpu, const struct alignment *at, struct obs_probe *probe)
{
    struct shot shot = {.fire = at->error_code ? trigger_read_on : trigger_ud_on,
                        .argument = at->rsp,
                        .count = NONCANONICAL};
    uint32_t vector = at->error_code ? VECTOR_GP : VECTOR_UD;

    want_aligned(cpu, at, probe);
    cpu->tss->tss.ist[IST_PROBE - 1] = at->ist ? at->ist : stack_top(cpu->index, STACK_PROBE);
    cpu->idt[vector].ist = at->ist || cpu->planted ? IST_PROBE : IST_NONE;
    shot_take(cpu, probe, &shot);
    cpu->idt[vector].ist = IST_NONE;
    cpu->tss->tss.ist[IST_PROBE - 1] = stack_top(cpu->index, STACK_PROBE);
}

/* The first that is not as wanted is kept, else the last. */
static void observe_aligned(struct cpu *cpu, struct observation *ret)
{
    uint64_t running = stack_top(cpu->index, STACK_RSP0) - ROOM;
    uint64_t probe_stack = stack_top(cpu->index, STACK_PROBE) - ROOM;

    for (uint32_t n = 0; n < 4 * STEPS; n++) {
        struct alignment at = {.rsp = running - n % STEPS,
                               .ist = n & 2 * STEPS ? probe_stack - n % STEPS : 0,
                               .error_code = n & STEPS};
        take_aligned(cpu, &at, &ret->probe);
        if (ret->probe.came != 1 || ret->probe.differs || ret->probe.changed)
            return;
    }
}

/* --- ist.mc-gate --------------------------------------------------------------------------------
 */

static void observe_mc_gate(struct cpu *cpu, struct observation *ret)
{
    struct shot shot = {.fire =
                            (trigger *)((uintptr_t)trigger_int + VECTOR_MC * INT_TRIGGER_BYTES)};

    want_int(cpu, VECTOR_MC, IST_MC, &ret->probe);
    ret->probe.dirty_wanted = 1u << STACK_MC;
    if (cpu->planted)
        cpu->idt[VECTOR_MC].ist = IST_PROBE;
    shot_take(cpu, &ret->probe, &shot);
    cpu->idt[VECTOR_MC].ist = IST_MC;
}

/* --- ist.reentry --------------------------------------------------------------------------------
 */

struct second {
    uint32_t ist;
    struct obs_reentry *seen;
};

/* On the IST stack, in the handler of the first INT: the same once more. */
static void enter_again(struct cpu *cpu, void *context)
{
    const struct second *second = context;
    uint64_t top = top_of_ist(cpu, second->ist), bit = UINT64_C(1) << second->ist;
    const void *first = (const void *)(uintptr_t)(top - FRAME_WITHOUT_ERROR);
    uint64_t kept[5];
    struct obs_probe probe;

    if (cpu->planted)
        cpu->stacks_in_use = 0;
    memcpy(kept, first, sizeof kept);
    want_int(cpu, VECTOR_RING3, second->ist, &probe);
    probe_run(cpu, trigger_gate, 0, 0, 0, &probe);
    if (probe.reentered & bit)
        second->seen->noticed.seen |= bit;
    if (memcmp(kept, first, sizeof kept) == 0)
        second->seen->whole.seen |= bit;
    if (probe.came == 1 && probe.seen.frame == top - IST_GUARD_STEP - FRAME_WITHOUT_ERROR)
        second->seen->landed.seen |= bit;
}

static void observe_reentry(struct cpu *cpu, struct observation *ret)
{
    struct obs_reentry *seen = &ret->reentry;
    struct obs_probe probe;

    for (uint32_t ist = IST_DF; ist <= IST_PROBE; ist++) {
        struct second second = {ist, seen};
        struct shot shot = {.fire = trigger_gate, .inside = enter_again, .inside_context = &second};
        uint64_t bit = UINT64_C(1) << ist;
        seen->noticed.want |= bit;
        seen->whole.want |= bit;
        seen->landed.want |= bit;
        cpu->idt[VECTOR_RING3].ist = (uint8_t)ist;
        want_int(cpu, VECTOR_RING3, ist, &probe);
        shot_take(cpu, &probe, &shot);
    }
    cpu->idt[VECTOR_RING3] = tables_gate(VECTOR_RING3);
}

#define IST_ROW(name, text, where, what, function, settled, judged)                                \
    {                                                                                              \
        .info = {.id = "ist." name,                                                                \
                 .claim = text,                                                                    \
                 .source = where,                                                                  \
                 .needs = SHOT_NEEDS,                                                              \
                 .defect = what,                                                                   \
                 .scope = SCOPE_EACH_CPU,                                                          \
                 .hazard = HAZARD_TAKES_FAULT},                                                    \
        .rounds = ROUNDS_TOGETHER, .planting = PLANTED_INSIDE, .observe = (function),              \
        .settle = (settled), .judge = (judged)                                                     \
    }

static const struct check rows[] = {
    IST_ROW("named",
            "each of 256 vectors is delivered on the stack its gate names, IST1 to IST7, and "
            "without one on the running stack",
            "SDM vol. 3A, 6.14.5; APM vol. 2, 8.9.4", "an IST in the gate of vector 64",
            observe_named, settle_paint, judge_named),
    IST_ROW("aligned",
            "whatever RSP or the IST entry is, the frame begins at a multiple of 16, and the old "
            "RSP is in it",
            "SDM vol. 3A, 6.14.2 and 6.14.5; APM vol. 2, 8.9.3", "the probe stack in the gates",
            observe_aligned, shot_settle, judge_probe),
    IST_ROW("mc-gate", "INT 18 reaches the gate of #MC on its own stack, without an error code",
            "SDM vol. 3A, 6.4.2 and 6.14.5; APM vol. 2, 8.2.19", "the probe stack in its gate",
            observe_mc_gate, shot_settle, judge_probe),
    IST_ROW("reentry",
            "a second exception on an IST stack in use is noticed, and the first frame is whole",
            "SDM vol. 3A, 6.14.5; APM vol. 2, 8.9.4", "a lost note that the stack is in use",
            observe_reentry, settle_paint, judge_reentry),
};

FAMILY(ist_family, rows);
