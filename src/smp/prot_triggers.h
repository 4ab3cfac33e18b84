/* What ring 0 does against a protection, each with the address of the instruction that must fault.
 */
#ifndef SMP_PROT_TRIGGERS_H
#define SMP_PROT_TRIGGERS_H

#include "probe.h"

#define TRIGGER(name)                                                                              \
    extern trigger trigger_##name __attribute__((visibility("hidden")));                           \
    extern const char trigger_##name##_rip[] __attribute__((visibility("hidden")));

/* A store to `argument`. */
TRIGGER(store)
/* A byte at `argument` written with what it holds. */
TRIGGER(rewrite)
/* A jump to `argument` with RSI = probe_no_fault; the saved RIP is the target's. */
TRIGGER(jump)
/* MOV to CR4 of `argument`. */
TRIGGER(write_cr4)
/* A load from `argument` between STAC and CLAC. */
TRIGGER(open_load)
/* The same, and once more behind CLAC: that one must fault. */
TRIGGER(closed_load)

#undef TRIGGER

#endif
