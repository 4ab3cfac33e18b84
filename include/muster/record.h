/*
 * The record of a run: what non-volatile variables keep of a report, so that it survives a reset.
 *
 *   stream   items, one after the other: tag, length (16 bits), contents. What matters most comes
 *            first; an item that a reader does not know, or whose tail is missing, is passed over
 *   piece    a part of a stream in one variable, with magic, version, place and CRC-32
 *
 * MusterRecord0 holds the mark: a short stream in one piece, written anew as the run goes on.
 * MusterRecord1 and so on hold the result, once there is one. Both tell of the same run by its id.
 */
#ifndef MUSTER_RECORD_H
#define MUSTER_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/handoff.h>
#include <muster/record_trail.h>
#include <muster/report.h>
#include <muster/selection.h>
#include <muster/state_groups.h>

enum {
    RECORD_VERSION = 1,
    RECORD_PIECES = 33,         /* variables at most: the mark and 32 of the result */
    RECORD_VARIABLE_MAX = 1024, /* bytes of one variable with what firmware adds: edk2's limit */
    RECORD_OVERHEAD = 96,       /* of that, at most: its header and name in firmware's store */
    RECORD_HEADER = 20,         /* bytes of a piece before its part of the stream */
    RECORD_STREAM_MAX = (RECORD_PIECES - 1) * (RECORD_VARIABLE_MAX - RECORD_OVERHEAD),
};

/* --- writing --- */

enum record_kind { RECORD_MARK, RECORD_RESULT };

struct record_source {
    const struct handoff *handoff;
    const struct report *report;
    const struct catalogue *catalogue;
    const char *doing; /* the running check or step */
    bool last_mark;    /* a mark: none will be written until the run has ended */
};

/* Writes the stream of `kind` into `size` bytes at `buffer` and returns its length. What does not
 * fit is left out, the least important first, and counted in the stream. Pure; no allocation. */
uint32_t record_write(const struct record_source *source, enum record_kind kind, uint8_t *buffer,
                      uint32_t size);

/* How many pieces of `piece` bytes, header included, a stream of `length` takes. */
uint32_t record_pieces(uint32_t length, uint32_t piece);

/* Makes piece `index` (0: the mark; from 1 on: the result) in `ret`, which has room for `piece`
 * bytes, and returns its length. */
uint32_t record_piece_make(uint8_t *ret, uint32_t piece, uint32_t index, uint32_t run_id,
                           const uint8_t *stream, uint32_t length);

/* --- reading --- */

/* The variables as they were found; size 0: there was none. */
struct record_variables {
    uint32_t sizes[RECORD_PIECES];
    uint8_t bytes[RECORD_PIECES][RECORD_VARIABLE_MAX];
};

enum record_state {
    RECORD_NONE,       /* no record */
    RECORD_LEFTOVER,   /* none, but pieces whose record has been removed */
    RECORD_UNREADABLE, /* variables are there, but nothing in them can be read */
    RECORD_DIED,       /* a run that never came to its end, or whose verdict is not there */
    RECORD_ENDED,      /* a run whose verdict is there, though some of its record may be missing */
};

enum { RECORD_WORD_MAX = 32 };
enum { THEN_NOT_TOLD = THEN_DEBUG_EXIT + 1 }; /* the record says nothing of --then */

struct record_contents {
    enum record_state state;
    uint32_t damaged; /* variables whose magic or CRC is wrong, or that belong to another run */
    uint32_t other;   /* of another version: the last such version; 0: none */
    uint32_t missing; /* pieces of the result that were not found */
    bool cut;         /* the result's last item is missing */
    bool mark_only;   /* the run ended, but of its result nothing is there */
    uint32_t findings_out; /* findings left out for want of room */
    uint32_t remarks_out;  /* remarks, sets and arrivals left out so */
    uint32_t details_out;  /* items left out so of what only the document tells */
    bool foreign; /* its checks are not this program's: those without a name got a number */
    uint32_t id;
    uint64_t trail;          /* where the run's trail was; 0: nowhere */
    bool trailed;            /* it was still there: `doing` is the very check, and … */
    struct cpuset not_heard; /* … these CPUs had not come back from it */
    struct record_time began;
    char system[RECORD_SYSTEM_MAX];
    char doing[RECORD_WORD_MAX]; /* a died run: the check or step that was begun last */
    uint32_t done;               /* how many checks were done before it */
    bool last_mark;              /* what was begun after it was not marked */
    bool end_lost;               /* it came to its end, but its verdict is not there */
    char version[RECORD_WORD_MAX], build[RECORD_WORD_MAX];
    struct options options; /* those that the document tells, as far as they are known */
    bool identity_known, inventory_known;
    struct identity identity;
    struct inventory inventory; /* rows that are not known are claimed by nobody */
    struct topology topology;   /* report.topology where any row is known; without an order */
    struct topology_row topology_rows[CPU_MAX];
    struct state_groups states;
    bool states_of_others; /* there are some, in slots that this program calls otherwise */
    bool arrivals_known;   /* of all CPUs; else of lost ones only */
    struct report report;  /* .ended as it was; its strings lie in this struct or the catalogue */
    struct arrival arrivals[CPU_MAX];
    char ids[CHECK_MAX][RECORD_WORD_MAX];
    struct self_test self_test; /* report.self_test where the record tells of one */
    char planting_ids[PLANTINGS_MAX][RECORD_WORD_MAX]; /* of those that are no check's */
    bool self_testing; /* died in the self-test: `doing` is the check, or "self-test" */
};

/* Reads what is there into `ret`, whatever its bytes are; `room` has RECORD_STREAM_MAX bytes. Pure.
 */
void record_read(const struct record_variables *variables, const struct catalogue *catalogue,
                 struct record_contents *ret, uint8_t *room);

/* Adds what the trail of a run that died tells; nothing where the page holds none of its. */
void record_follow(struct record_contents *contents, const struct record_trail *trail);

/* --- words --- */

enum { RECORD_DEATH_MAX = 512 }; /* characters of record_death(), with the terminator */

/* "the previous run ended in df.guard-page; 15 of 135 checks were done before; …": for a run that
 * died, or whose verdict is not in its record. `catalogue` tells what such a check may do. */
void record_death(struct text *out, const struct record_contents *contents,
                  const struct catalogue *catalogue);

/* Which run it tells of, as a comment line. */
void record_origin(struct text *out, const struct record_contents *contents);

/* What is missing, as comment lines; nothing where all is there. */
void record_remarks(struct text *out, const struct record_contents *contents);

/* "muster-2026-11-20-155500-Standard-PC", with "-2" behind it where `number` is 2: a name that any
 * FAT volume takes. */
void record_file_name(struct text *out, const struct record_contents *contents, uint32_t number);

#endif
