/* Instructions that fault, each with the address of the one that does. */
#ifndef SMP_TRIGGERS_H
#define SMP_TRIGGERS_H

#include "probe.h"

#define TRIGGER(name)                                                                              \
    extern trigger trigger_##name __attribute__((visibility("hidden")));                           \
    extern const char trigger_##name##_rip[] __attribute__((visibility("hidden")));

/* RSP = argument, then PUSH. */
TRIGGER(push)
/* The same `count` times; the handler resumes at trigger_storm_next. */
TRIGGER(storm)
extern const char trigger_storm_next[] __attribute__((visibility("hidden")));
/* A load from `argument`. */
TRIGGER(load)
/* DIV by zero with RSP = argument. */
TRIGGER(divide)
/* UD2. */
TRIGGER(undefined)
/* INT 8; the saved RIP is trigger_soft_df_rip, behind it. */
TRIGGER(soft_df)
/* RDMSR of MSR `argument`; `count` is the address of the uint64_t that takes it. Needs no GS. */
TRIGGER(read_msr)
/* WRMSR of `count`, 32 bits, to MSR `argument`. Needs no GS. */
TRIGGER(write_msr)

#undef TRIGGER

#endif
