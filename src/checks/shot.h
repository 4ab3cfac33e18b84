/* A shot: one probe with what is arranged around it, for checks that take faults. */
#ifndef CHECKS_SHOT_H
#define CHECKS_SHOT_H

#include "check.h"
#include "ring3.h"
#include "triggers.h"

enum {
    FRAME_WITH_ERROR = 6 * 8, /* error code, RIP, CS, RFLAGS, RSP, SS */
    FRAME_WITHOUT_ERROR = 5 * 8,
};

/* Not canonical with 4 nor with 5 levels. */
#define NONCANONICAL UINT64_C(0x0100000000001000)

/* What a check changes before it fires, and what undoes it. */
struct shot {
    trigger *fire;
    uint64_t argument, count;
    uint64_t after_rip;        /* see probe_run() */
    const struct ring3 *ring3; /* not NULL: ring 3 is entered this way, in the place of `fire` */
    work *inside;              /* what happens in the handler, on its stack; or NULL */
    void *inside_context;
    void (*arrange)(struct cpu *cpu);
    void (*undo)(struct cpu *cpu);
};

/* The lowest address of this CPU's main stack: a push there meets the guard page. */
uint64_t shot_stack_edge(const struct cpu *cpu);
/* Well below the running frames, well above the edge. */
uint64_t shot_stack_middle(const struct cpu *cpu);

/* What every double fault has in common; a check changes what its own differs in. want.rsp 0: as it
 * was when the trigger began; want.frame 0: on the running stack. */
void shot_want_df(const struct cpu *cpu, struct obs_probe *probe, const char *rip);
/* CR2 of a fault on the guard page. A CPU may push its frame in any order: the first address it
 * touches lies within one frame of the edge. */
void shot_want_guard_cr2(const struct cpu *cpu, struct obs_probe *probe);

/* Arranges, fires, undoes, and compares the CPU before with the CPU after. The CPU itself, at work.
 */
void shot_take(struct cpu *cpu, struct obs_probe *probe, const struct shot *shot);
/* When nobody fires any more: footprints on this CPU's stacks; then the paint is renewed. */
void shot_settle_probe(struct cpu *cpu, struct obs_probe *probe);
/* The same for a check whose observation is one probe. */
void shot_settle(struct cpu *cpu, struct observation *ret);

void gate_absent(struct cpu *cpu, uint32_t vector);
void gate_present(struct cpu *cpu, uint32_t vector);

#define SHOT_NEEDS "gdt.loaded,idt.loaded,tss.loaded,tss.ist,stack.guard,gs.base"

/* A row of a check that takes one shot on each CPU. */
#define SHOT(name, text, where, what, how_often, function)                                         \
    {                                                                                              \
        .info = {.id = name,                                                                       \
                 .claim = text,                                                                    \
                 .source = where,                                                                  \
                 .needs = SHOT_NEEDS,                                                              \
                 .defect = what,                                                                   \
                 .scope = SCOPE_EACH_CPU,                                                          \
                 .hazard = HAZARD_TAKES_FAULT},                                                    \
        .rounds = (how_often), .planting = PLANTED_INSIDE, .observe = (function),                  \
        .settle = shot_settle, .judge = judge_probe                                                \
    }

/* The SDM leaves the saved CS:RIP of a #DF undefined, and the APM its RIP; every CPU known so far
 * saves the faulting instruction's, so they are compared, and undefined_place_means() says what it
 * means where they alone differ. */
#define DF_TABLE "SDM vol. 3A, 6.15 (#DF), table 6-5; APM vol. 2, 8.2.9"

#endif
