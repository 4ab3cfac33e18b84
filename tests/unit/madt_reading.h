/* Reading an invented MADT, and what it left in the notes. */
#ifndef TEST_MADT_READING_H
#define TEST_MADT_READING_H

#include "unit.h"

#include "madt_table.h"

#include <muster/claims.h>

static struct madt_table table;
static struct madt_claims claims;
static struct notes notes;

static inline int fresh(void **state)
{
    (void)state;
    table_begin(&table);
    memset(&notes, 0, sizeof(notes));
    memset(&claims, 0x5a, sizeof(claims));
    return 0;
}

/* Reads `size` bytes from a block of just that size, so that ASan sees one byte too many. */
static inline void read_size(uint32_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    memcpy(copy, table.bytes, size);
    madt_read(copy, size, &claims, &notes);
    free(copy);
}

static inline void read_table(void)
{
    table_seal(&table);
    read_size(table.size);
}

static inline void assert_noted(uint32_t n, const char *part)
{
    assert_true(notes.count > n);
    assert_string_equal(notes.list[n].check, "roll.madt");
    if (!strstr(notes.list[n].text, part)) {
        fail_msg("\"%s\" is not in \"%s\"", part, notes.list[n].text);
    }
}

static inline void assert_one_note(const char *part)
{
    assert_noted(0, part);
    assert_int_equal(notes.count, 1);
}

static inline void add_four_cpus(void)
{
    for (uint8_t cpu = 0; cpu < 4; cpu++) {
        table_apic(&table, cpu, cpu, 1);
    }
}

#endif
