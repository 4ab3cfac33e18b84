/* What is known before the door of the record that a run is to leave in non-volatile variables. */
#ifndef MUSTER_RECORD_CLAIM_H
#define MUSTER_RECORD_CLAIM_H

#include <stdbool.h>
#include <stdint.h>

enum { RECORD_SYSTEM_MAX = 64, RECORD_WHY_MAX = 160 };

/* As GetTime told it; year 0: it did not. */
struct record_time {
    uint16_t year;
    uint8_t month, day, hour, minute, second;
};

/* The store as QueryVariableInfo tells of it (UEFI 2.10, 8.2.4), in bytes. */
struct record_store_claim {
    uint64_t size, remaining, variable_max;
};

struct record_claim {
    bool kept;                    /* --record was given, and a record can be kept */
    char why_not[RECORD_WHY_MAX]; /* else: why not, or empty where nobody asked */
    struct record_store_claim store;
    uint32_t budget; /* bytes of the store that this run may write in all */
    uint32_t piece;  /* bytes that one variable may hold */
    uint32_t id;     /* of the run: its pieces belong together */
    uint64_t trail;  /* the page of struct record_trail; 0: none */
    struct record_time began;
    char system[RECORD_SYSTEM_MAX]; /* the machine's name, printable ASCII; or empty */
};

/* Sets `kept`, `budget`, `piece` or `why_not` from `store`: at most half of the store may be used
 * when all is written, and pieces are at most 1 KiB with all that firmware adds. Pure. */
void record_plan(struct record_claim *claim);

enum { RECORD_MARKS = 32 }; /* marks at most before the last one: flash wears */

/* Whether one more mark may be written, after `marks` of them and `spent` bytes in all: half of the
 * budget is for the result. Pure. */
bool record_may_mark(const struct record_claim *claim, uint32_t spent, uint32_t marks);

#endif
