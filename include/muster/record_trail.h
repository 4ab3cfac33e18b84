/* The trail: a page of memory that tells, after a warm reset, which check the run was in and which
 * CPUs had not come back from it. It costs no flash; where firmware or the power took it, the
 * record's last mark must do. */
#ifndef MUSTER_RECORD_TRAIL_H
#define MUSTER_RECORD_TRAIL_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/cpuset.h>

/* Two, written by turns: a reset in the middle of one leaves the other whole. */
struct trail_step {
    uint32_t sequence;   /* the newer one counts; 0: never written */
    uint32_t result;     /* the check, as the report numbers them, or TRAIL_ENDED */
    struct cpuset asked; /* who was sent into it */
    uint32_t crc;        /* of all above and the run's id; stored last */
    struct cpuset heard; /* who came back: each CPU sets its own bit */
} __attribute__((aligned(64)));

enum { TRAIL_STEPS = 2, TRAIL_BYTES = 4096 };

#define TRAIL_ENDED     UINT32_MAX /* no check: the run has come to its end */
#define TRAIL_SELF_TEST 0x10000    /* added to the number: the self-test puts it to them */

struct record_trail {
    struct trail_step steps[TRAIL_STEPS];
};

_Static_assert(sizeof(struct record_trail) <= TRAIL_BYTES, "one page");

/* Begins the next step of run `run_id`. Returns it, so that the caller can write it out of its
 * cache. */
struct trail_step *trail_begin(struct record_trail *trail, uint32_t run_id, uint32_t result,
                               const struct cpuset *asked);

/* The step that run `run_id` was in, or NULL where the page holds none of its own. */
const struct trail_step *trail_read(const struct record_trail *trail, uint32_t run_id);

#endif
