/* The catalogue of checks as a record knows it: by number, with a checksum of all names. */
#ifndef SRC_RECORD_CATALOGUE_H
#define SRC_RECORD_CATALOGUE_H

#include <muster/crc32.h>
#include <muster/df_table.h>
#include <muster/selection.h>

static inline uint32_t catalogue_crc(const struct catalogue *catalogue)
{
    uint32_t crc = 0;
    for (uint32_t n = 0; n < catalogue->count; n++) {
        const char *id = catalogue->get(n)->id;
        crc = crc32_add(crc, id, (uint32_t)string_length(id) + 1);
    }
    return crc;
}

/* What the running check of a result showed, in 4 bits of ITEM_PLAN. */
enum { PLAN_VERDICT = 7, PLAN_EXAMINED = 8 /* it examined CPUs */ };

/* Which parts an ITEM_DETAIL has. A check that examined CPUs and has no DETAIL_EXAMINED examined
 * those that the last one before it told. DETAIL_GAP: between the ITEM_DETAIL before and this one
 * a set found no room, so nothing is known of checks there. */
enum {
    DETAIL_EXAMINED = 1,
    DETAIL_FAILED = 2,
    DETAIL_SET_ASIDE = 4,
    DETAIL_RUNS = 8,
    DETAIL_NOTE = 16,
    DETAIL_DROPPED = 32,
    DETAIL_GAP = 64,
};

/* What an ITEM_OPTIONS says with one bit, and --self-test's two. It follows the last ITEM_DETAIL:
 * OPTIONS_GAP is a DETAIL_GAP behind that. */
enum {
    OPTIONS_CPUS = 1,
    OPTIONS_BENCH = 2,
    OPTIONS_SWITCH_BSP = 4,
    OPTIONS_BASELINE = 8,
    OPTIONS_GAP = 16,
    OPTIONS_SELF_TEST_SHIFT = 5,
};

/* How much one item holds; what one holds is lost together. */
enum {
    DF_CELLS = FIRST_COUNT * DF_COLUMNS,
    ARRIVALS_EACH_ITEM = 64, /* CPUs */
    ROWS_EACH_ITEM = 256,    /* of a table */
    GROUPS_EACH_ITEM = 24,   /* of CPUs whose state has one value */
    TIMES_EACH_ITEM = 64,    /* of checks */
};

#endif
