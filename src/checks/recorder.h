/* Where the report goes so that it survives a reset: non-volatile variables, by --record. Few
 * writes, since flash wears and each may take a second. BSP only, after the door. */
#ifndef CHECKS_RECORDER_H
#define CHECKS_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/check.h>
#include <muster/closing.h>
#include <muster/handoff.h>
#include <muster/record_trail.h>

struct run;

/* A call of SetVariable is ended after this long: a store that is cleaned up meanwhile takes
 * seconds. */
enum { RECORD_WRITE_US = 10000000 };

struct recorder {
    bool on;      /* SetVariable may be called: it has always come back */
    bool refused; /* it refused a mark: the next that is tried is that of the end */
    bool calling; /* SetVariable has been called and is not back */
    uint8_t *stream, *variable;
    const char *marked;               /* what the last mark named, … */
    uint32_t failures;                /* … and how many checks had failed then */
    struct trail_step *volatile step; /* of the trail; NULL: none */
    uint32_t spent;                   /* bytes of the store, with what firmware adds */
    uint32_t writes, marks;
    uint32_t slowest_us;
    struct record_kept kept;
};

/* Bytes of arena that recorder_prepare() takes. */
uint64_t recorder_size(void);

/* Takes memory, where a record is kept. False when the arena is exhausted. */
bool recorder_prepare(struct recorder *recorder, struct handoff *handoff);

/* Marks what is begun now, so that a run that dies in it can be told. A check is marked when it may
 * do harm and its family is not that of the last mark. */
void recorder_mark(struct run *run, const char *doing);
void recorder_mark_check(struct run *run, const struct check_info *check);

/* The check `result` is put to `asked` now: the trail says so, until somebody else is asked. */
void recorder_ask(struct run *run, uint32_t result, const struct cpuset *asked);
/* The calling CPU has come back from it. Any CPU. */
void recorder_heard(const struct recorder *recorder, uint32_t cpu);

/* Marks the end, writes the whole result, and tells what became of it. Where firmware takes
 * neither, the last mark is removed, which would tell of a death. Phase: the report has ended. */
void recorder_finish(struct run *run);

/* SetVariable did not come back: nothing is recorded from here on. */
void recorder_give_up(struct run *run);

#endif
