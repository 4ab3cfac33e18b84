/* A step: one thing that ring 3 or ring 0 tries, and what must come of it. A check of ring3.*,
 * iobm.* or prot.* is a row of steps. */
#ifndef CHECKS_STEP_H
#define CHECKS_STEP_H

#include "shot.h"
#include <muster/judge_ring.h>

/* In the place of a vector: ring 0 is not stopped. Ring 3 is not when VECTOR_RING3 comes. */
enum { STEP_THROUGH = 256 };

struct step {
    const char *what; /* "SIDT": for the report */
    const char *code; /* ring 3 runs this label of user_code.S; NULL: ring 0 runs `fire` */
    trigger *fire;
    bool compat;     /* ring 3 in compatibility mode */
    uint32_t vector; /* that comes */
    uint64_t error;  /* with this error code, if it has one; no INT n has */
    /* The label whose address is saved; NULL: `code` itself, or user_return_rip for VECTOR_RING3.
     */
    const char *rip;
    uint64_t at; /* not 0: this address instead */
    uint64_t cr2;
    uint64_t argument, count; /* RDI, RSI */
    uint64_t rflags, data;    /* see struct ring3 */
    uint64_t rsp_below;       /* bytes ring 3 has pushed by then */
    uint64_t tcg_error;       /* what QEMU software emulation gives instead, where it is known to */
    void (*arrange)(struct cpu *cpu);
    void (*undo)(struct cpu *cpu);
};

/* Says what the check is about; before the first step. False: this CPU does not offer `feature`. */
bool steps_begin(const struct cpu *cpu, struct observation *ret, enum ring_subject subject,
                 enum feature feature);
/* Takes one step; false: it did not go as it should, and no further one is to be taken. The record
 * is that of the first step that went wrong, or of the last. */
bool step_take(struct cpu *cpu, struct observation *ret, const struct step *step);
/* Takes them all, as far as they go well. */
bool steps_take(struct cpu *cpu, struct observation *ret, const struct step *steps, uint32_t count);
/* The same, but nothing stops it. */
struct step step_allowed(struct step step);

#define STEPS(steps) (steps), sizeof(steps) / sizeof((steps)[0])

#define STEP_NEEDS SHOT_NEEDS ",ring3.gate"

/* A row of a check that takes steps on each CPU. */
#define STEP_CHECK(name, text, where, what, how_often, function, asks)                             \
    {                                                                                              \
        .info = {.id = name,                                                                       \
                 .claim = text,                                                                    \
                 .source = where,                                                                  \
                 .needs = asks,                                                                    \
                 .defect = what,                                                                   \
                 .scope = SCOPE_EACH_CPU,                                                          \
                 .hazard = HAZARD_TAKES_FAULT},                                                    \
        .rounds = (how_often), .planting = PLANTED_INSIDE, .observe = (function),                  \
        .settle = shot_settle, .judge = judge_ring                                                 \
    }

#endif
