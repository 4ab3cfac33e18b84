/*
 * debug.*: breakpoint registers are each CPU's own.
 *
 * All CPUs touch the same eight words, or run the same eight instructions, at the same time. Some
 * have a breakpoint, on the word or instruction that their number names, in the register that it
 * names: it must fire there each time, and on no other, and on nobody else, whatever the other CPUs
 * have set. None is taken back before all CPUs have touched or run everything; who has none goes on
 * until all that have one are done. Then each CPU has one alone.
 *
 * Together no more than OWNERS have one: under software emulation every hit throws away the code
 * that all run, and with hundreds of hits at once none gets on. There the rest pass over in turns.
 */
#include "offer.h"
#include "registers.h"
#include "shot.h"
#include "triggers_debug.h"
#include "turn.h"
#include "work.h"
#include <muster/text.h>

enum { PASSES = 8, SPARE = 8, REGISTERS = 4, OWNERS = 16 };
enum { SPIN_US = 30, NAP_US = 20000, OTHERS_US = 5000000 };

/* SDM vol. 3B, 18.2.3 and 18.2.4. */
#define DR6_NONE           UINT64_C(0xffff0ff0)
#define DR6_BD             (UINT64_C(1) << 13)
#define DR7_NONE           UINT64_C(0x400)
#define DR7_GD             (UINT64_C(1) << 13)
#define DR7_GLOBAL(n)      (UINT64_C(2) << 2 * (n))
#define DR7_WRITE(n)       (UINT64_C(1) << (16 + 4 * (n)))
#define DR7_EIGHT_BYTES(n) (UINT64_C(2) << (18 + 4 * (n)))

/* --- the debug registers ---------------------------------------------------------------------- */

static void address_write(uint32_t n, uint64_t address)
{
    if (n == 0)
        dr0_write(address);
    else if (n == 1)
        dr1_write(address);
    else if (n == 2)
        dr2_write(address);
    else
        dr3_write(address);
}

static void registers_read(uint64_t ret[DEBUG_REGISTERS])
{
    ret[0] = dr0_read();
    ret[1] = dr1_read();
    ret[2] = dr2_read();
    ret[3] = dr3_read();
    ret[4] = dr6_read();
    ret[5] = dr7_read();
}

static void keep(struct obs_debug *debug)
{
    uint64_t found[DEBUG_REGISTERS];

    registers_read(found);
    for (uint32_t n = 0; n < DEBUG_REGISTERS; n++)
        debug->kept[n].want = found[n];
    dr7_write(DR7_NONE);
    dr6_write(DR6_NONE);
}

static void put_back(struct obs_debug *debug)
{
    uint64_t now[DEBUG_REGISTERS];

    for (uint32_t n = 0; n < REGISTERS; n++)
        address_write(n, debug->kept[n].want);
    dr6_write(debug->kept[4].want);
    dr7_write(debug->kept[5].want);
    registers_read(now);
    for (uint32_t n = 0; n < DEBUG_REGISTERS; n++)
        debug->kept[n].seen = now[n];
}

/* --- the listener ----------------------------------------------------------------------------- */

/* An exception that comes again and again is cut off. RF lets the instruction of an instruction
 * breakpoint go through (SDM vol. 3B, 18.3.1.1). */
static bool listen_debug(struct cpu *cpu, struct exception_frame *frame)
{
    struct obs_debug *debug = (struct obs_debug *)cpu->probe.record; /* its first member */

    if ((uint8_t)frame->vector != VECTOR_DB || !cpu->probe.armed)
        return false;
    uint64_t dr6 = dr6_read();
    dr6_write(DR6_NONE);
    if (dr6 != debug->dr6.want && debug->dr6.seen == debug->dr6.want)
        debug->dr6.seen = dr6;
    probe_catch(cpu, frame);
    frame->rflags |= RFLAGS_RF;
    if (debug->probe.came > debug->probe.wanted + SPARE)
        dr7_write(DR7_NONE);
    return true;
}

/* --- debug.data, debug.instruction ------------------------------------------------------------ */

struct slot {
    uint32_t word, number; /* which of the words, by which of the registers */
    uint32_t passes;       /* how often it fires: 0, this CPU has no breakpoint in this round */
    uint32_t owners;       /* CPUs that have one */
};

static struct slot slot_of(const struct cpu *cpu)
{
    const struct fleet *fleet = cpu->fleet;
    uint32_t rank = cpuset_rank(&fleet->at_work, cpu->index);
    uint32_t every = (fleet->at_work_count + OWNERS - 1) / OWNERS, number = rank / every;

    return (struct slot){.word = number % WATCHED_WORDS,
                         .number = number % REGISTERS,
                         .passes = rank % every ? 0 : PASSES,
                         .owners = (fleet->at_work_count + every - 1) / every};
}

static uint64_t place(const char *first, const char *next, uint32_t word)
{
    return (uintptr_t)first + word * (uint64_t)(next - first);
}

/* Planted: the breakpoint is on the next one's place. */
static uint32_t set_on(const struct cpu *cpu, const struct slot *slot)
{
    return cpu->planted ? (slot->word + 1) % WATCHED_WORDS : slot->word;
}

static void want_db(const struct cpu *cpu, struct obs_debug *debug, uint64_t rip, uint64_t count,
                    uint64_t dr6)
{
    shot_want_df(cpu, &debug->probe, NULL);
    debug->probe.want.vector = VECTOR_DB;
    debug->probe.want.soft = true;
    debug->probe.want.rip = rip;
    debug->probe.want.frame = stack_top(cpu->index, STACK_DB) - FRAME_WITHOUT_ERROR;
    debug->probe.wanted = count;
    debug->probe.dirty_wanted = 1u << STACK_DB;
    debug->dr6 = (struct pair){dr6, dr6};
}

static void pass_in_turn(struct cpu *cpu, struct obs_debug *debug, const struct shot *shot)
{
    turn_begin(cpu, OWNERS);
    shot_take(cpu, &debug->probe, shot);
    turn_end(cpu);
    cpu->heartbeat++;
}

/* Spins at first, then rests in between: under software emulation the others want its time. */
static void pass_until_done(struct cpu *cpu, struct obs_debug *debug, const struct slot *slot,
                            const struct shot *shot)
{
    const struct meeting *meeting = &cpu->fleet->meeting;
    uint64_t begin = tsc_read(), passed = 0;

    pass_in_turn(cpu, debug, shot);
    while (!debug->probe.came && meeting->done < slot->owners && passed < OTHERS_US) {
        if (passed >= SPIN_US)
            work_nap(cpu->fleet, NAP_US);
        pass_in_turn(cpu, debug, shot);
        passed = clock_us(&cpu->fleet->clock, tsc_read() - begin);
    }
}

static void pass_together(struct cpu *cpu, struct obs_debug *debug, const struct slot *slot,
                          const struct shot *shot)
{
    meet(cpu); /* every breakpoint is set before anybody touches what they watch, … */
    if (slot->passes) {
        shot_take(cpu, &debug->probe, shot);
        __atomic_add_fetch(&cpu->fleet->meeting.done, 1, __ATOMIC_ACQ_REL);
    } else {
        pass_until_done(cpu, debug, slot, shot);
    }
    if (!meet(cpu)) /* … and until all have */
        debug->unasked = UNASKED_NOT_MET;
    put_back(debug);
}

static void observe_data(struct cpu *cpu, struct observation *ret)
{
    struct fleet *fleet = cpu->fleet;
    struct slot slot = slot_of(cpu);
    struct obs_debug *debug = &ret->debug;
    uint64_t rip = place(trigger_touch_rip, trigger_touch_next, slot.word);
    struct shot shot = {.fire = trigger_touch,
                        .argument = (uintptr_t)fleet->watched,
                        .count = PASSES,
                        .after_rip = rip};

    keep(debug);
    want_db(cpu, debug, rip, slot.passes, DR6_NONE | 1u << slot.number);
    address_write(slot.number, (uintptr_t)&fleet->watched[set_on(cpu, &slot)]);
    if (slot.passes)
        dr7_write(DR7_NONE | DR7_GLOBAL(slot.number) | DR7_WRITE(slot.number) |
                  DR7_EIGHT_BYTES(slot.number));
    pass_together(cpu, debug, &slot, &shot);
}

static void observe_instruction(struct cpu *cpu, struct observation *ret)
{
    struct slot slot = slot_of(cpu);
    struct obs_debug *debug = &ret->debug;
    uint64_t rip = place(trigger_walk_rip, trigger_walk_next, slot.word);
    struct shot shot = {.fire = trigger_walk, .count = PASSES, .after_rip = rip};

    keep(debug);
    want_db(cpu, debug, rip, slot.passes, DR6_NONE | 1u << slot.number);
    address_write(slot.number, place(trigger_walk_rip, trigger_walk_next, set_on(cpu, &slot)));
    if (slot.passes)
        dr7_write(DR7_NONE | DR7_GLOBAL(slot.number));
    pass_together(cpu, debug, &slot, &shot);
}

/* --- debug.general-detect --------------------------------------------------------------------- */

/* QEMU's helper_get_dr() in target/i386/tcg/sysemu/bpt_helper.c looks at DR7.GD since 9.1 only. */
static void observe_general_detect(struct cpu *cpu, struct observation *ret)
{
    struct obs_debug *debug = &ret->debug;
    struct shot shot = {.fire = trigger_read_debug};

    keep(debug);
    want_db(cpu, debug, (uintptr_t)trigger_read_debug_rip, 1, DR6_NONE | DR6_BD);
    debug->unmodelled = under_tcg() && !cpu->planted;
    if (!cpu->planted)
        dr7_write(DR7_NONE | DR7_GD);
    shot_take(cpu, &debug->probe, &shot);
    dr7_write(DR7_NONE);
    put_back(debug);
}

#define DEBUG(name, text, where, what, function)                                                   \
    {                                                                                              \
        .info = {.id = name,                                                                       \
                 .claim = text,                                                                    \
                 .source = where,                                                                  \
                 .needs = SHOT_NEEDS,                                                              \
                 .defect = what,                                                                   \
                 .scope = SCOPE_EACH_CPU,                                                          \
                 .hazard = HAZARD_TAKES_FAULT},                                                    \
        .rounds = ROUNDS_ALSO_ALONE, .planting = PLANTED_INSIDE, .observe = (function),            \
        .settle = shot_settle, .judge = judge_debug, .listen = listen_debug                        \
    }

static const struct check rows[] = {
    DEBUG(
        "debug.data",
        "a data breakpoint fires on the CPU that set it, after each write, and on no other, though "
        "all CPUs write there (16 CPUs at most have one at once, then each alone)",
        "SDM vol. 3B, 18.2.4 and 18.3.1.2; APM vol. 2, 13.1.1", "a breakpoint on another word",
        observe_data),
    DEBUG("debug.instruction",
          "an instruction breakpoint fires on the CPU that set it, before the instruction, and on "
          "no other, though all CPUs run it (16 CPUs at most have one at once, then each alone)",
          "SDM vol. 3B, 18.2.4 and 18.3.1.1; APM vol. 2, 13.1.1",
          "a breakpoint on another instruction", observe_instruction),
    DEBUG("debug.general-detect", "with DR7.GD a MOV from a debug register raises #DB, DR6.BD set",
          "SDM vol. 3B, 18.2.3 and 18.2.4; APM vol. 2, 13.1.1.4", "a DR7 without GD",
          observe_general_detect),
};

FAMILY(debug_family, rows);
