/* One exception as the manual describes it, and how it is raised: what a row of fault.* is made of.
 */
#ifndef CHECKS_FAULT_CASE_H
#define CHECKS_FAULT_CASE_H

#include "fault_triggers.h"
#include "shot.h"

/* SDM vol. 3A, 6.5; vol. 3B, 18.3.1.1: what RFLAGS.RF is in the frame. */
enum fault_class {
    CLASS_FAULT,      /* RIP of the instruction; RF set */
    CLASS_TRAP,       /* RIP behind it; RF as it was */
    CLASS_BREAKPOINT, /* an instruction breakpoint: RIP of the instruction, RF as it was */
    CLASS_INTERRUPT,  /* between two instructions; RF as it was */
};

struct fault_case {
    uint32_t vector;
    uint32_t error;  /* where the vector has an error code */
    bool ext_inside; /* `error` has EXT for an exception from inside, which the APM leaves clear */
    enum fault_class class;
    trigger *fire;
    const char *rip;  /* NULL: aim() says */
    const char *user; /* not NULL: ring 3 runs this label of user_code.S instead of `fire`; and
                         `rip` is one of its labels */
    bool compat;      /* in compatibility mode */
    uint64_t argument;
    uint64_t rflags; /* besides PROBE_RFLAGS */
    uint64_t dr6;    /* #DB: what it must hold */
    bool reads_dr6;
    uint32_t at_once;   /* CPUs that take it at the same time, at most; 0: all */
    struct deviant tcg; /* applies where QEMU's software emulation is seen */
    /* What only the running CPU knows: addresses. */
    void (*aim)(struct cpu *cpu, struct shot *shot, struct obs_probe *probe);
    void (*arrange)(struct cpu *cpu);
    void (*undo)(struct cpu *cpu);
    const char *(*lacks)(const struct cpu *cpu); /* why it cannot be raised here, or NULL */
};

/* What QEMU's software emulation does otherwise, read in its target/i386/tcg/. */
#define TCG_NO_EXT                                                                                 \
    "EXT is not set (all versions), and vector * 16 is in the place of vector * 8 (7.2)"
#define TCG_VECTOR_16 "vector * 16 in the place of vector * 8 (7.2)"
#define TCG_SS_AS_GP  "#GP(0) for every non-canonical address, on the stack, too (all versions seen)"

/* Takes the exception on this CPU and records it. The CPU itself, at work. */
void fault_case_take(struct cpu *cpu, const struct fault_case *fault, struct obs_probe *probe);

/* A check's observe: cpu->subject is a struct fault_case. --break gives the vector's gate a stack
 * it should not have. */
void fault_case_observe(struct cpu *cpu, struct observation *ret);

/* A row of fault.*; the rest of the arguments are the fields of its case. */
#define FAULT(name, text, where, ...)                                                              \
    {                                                                                              \
        .info = {.id = "fault." name,                                                              \
                 .claim = text,                                                                    \
                 .source = where,                                                                  \
                 .needs = SHOT_NEEDS,                                                              \
                 .defect = "the probe stack in the gate of its vector",                            \
                 .scope = SCOPE_EACH_CPU,                                                          \
                 .hazard = HAZARD_TAKES_FAULT},                                                    \
        .rounds = ROUNDS_ALSO_ALONE, .subject = &(const struct fault_case){__VA_ARGS__},           \
        .planting = PLANTED_INSIDE, .observe = fault_case_observe, .settle = shot_settle,          \
        .judge = judge_probe                                                                       \
    }

#endif
