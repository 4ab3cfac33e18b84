/* What a report says besides results: the ground the run stood on, notes, and interrupts nobody
 * sent. */
#ifndef CHECKS_ANNOUNCE_H
#define CHECKS_ANNOUNCE_H

#include "run.h"

/* Clock, low memory, consoles, what firmware left unmasked, and the notes taken before the door. */
void announce_ground(struct run *run);
/* Interrupts that arrived though nobody had sent them, by vector and CPU. Once, at the end. */
void announce_uncalled(struct run *run);
/* Every register of a CPU that met an unexpected exception; nothing where it met none. */
void announce_last_words(struct run *run, const struct cpu *cpu);
/* How deep each stack was used at most, and by which CPU. */
void announce_stacks(struct run *run);
/* What a person at a serial line can do next, where the machine stays on. */
void announce_then(struct run *run);
/* One benchmark figure. */
void announce_bench(struct run *run, const char *name, uint64_t us);

/* What the CPUs were handed over with, where a check of state.* asks for it. */
void announce_state(struct run *run);
/* "# record: …", what becomes of --record. */
void announce_record(struct run *run, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
