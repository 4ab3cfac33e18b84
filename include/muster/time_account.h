/* What the time of a run goes to: each tick from the door to the last verdict counts once. */
#ifndef MUSTER_TIME_ACCOUNT_H
#define MUSTER_TIME_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

/* Their numbers stand in records: new ones come behind. */
enum time_use {
    TIME_OTHER,    /* what none of the others is */
    TIME_CHECKS,   /* from a check's start to its verdict */
    TIME_SETUP,    /* page tables, the clock's rate, the BSP's own tables */
    TIME_BRING_UP, /* until the last CPU that comes has come; where the CPUs sit */
    TIME_WAITING,  /* for CPUs that do not come, and for all of them to answer once more */
    TIME_SERIAL,   /* the report's text, made and sent */
    TIME_SCREEN,
    TIME_RECORD, /* its marks */
    TIME_BENCH,  /* --bench: calling the CPUs over and over */
    TIME_USES
};

/* "bring-up"; as a key of JSON "bring_up". */
const char *time_use_name(enum time_use use);
const char *time_use_key(enum time_use use);

struct time_account {
    uint64_t ticks[TIME_USES];
    enum time_use use; /* what it goes to since … */
    uint64_t since;    /* … this tick */
};

/* An account that begins at `now`, a count of the BSP's TSC. Pure, as is the next one. */
void time_account_begin(struct time_account *ret, enum time_use use, uint64_t now);
/* From `now` on, time goes to `use`; returns what it went to before. A `now` before the last turn
 * counts as that. */
enum time_use time_account_turn(struct time_account *account, enum time_use use, uint64_t now);

/* The account of a run that has ended, in microseconds. */
struct time_spent {
    bool known;
    uint64_t us[TIME_USES];
};

#endif
