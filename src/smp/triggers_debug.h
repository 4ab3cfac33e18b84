/* What all CPUs touch and run while each has its own breakpoint. */
#ifndef SMP_TRIGGERS_DEBUG_H
#define SMP_TRIGGERS_DEBUG_H

#include "probe.h"

enum { WATCHED_WORDS = 8 };

/* …_rip: of slot 0; …_next: of slot 1, and so on at equal distances. */
#define TRIGGER(name)                                                                              \
    extern trigger trigger_##name __attribute__((visibility("hidden")));                           \
    extern const char trigger_##name##_rip[] __attribute__((visibility("hidden")));                \
    extern const char trigger_##name##_next[] __attribute__((visibility("hidden")));

/* Reads, then writes, each of WATCHED_WORDS words at `argument`, `count` times; …_rip is behind the
 * write. */
TRIGGER(touch)
/* Runs WATCHED_WORDS instructions `count` times; …_rip is the first. */
TRIGGER(walk)
/* MOV from DR7. */
TRIGGER(read_debug)

#undef TRIGGER

#endif
