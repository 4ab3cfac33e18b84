/* The entries of a MADT, one by one: what the walk in madt.c has marked out and found in bounds. */
#ifndef MUSTER_MADT_ENTRIES_H
#define MUSTER_MADT_ENTRIES_H

#include <muster/claims.h>

#define MADT_CHECK "roll.madt" /* the check that judges the notes taken here */

/* `size` bytes that may be read: a whole table, or one entry of it. */
struct extent {
    const uint8_t *bytes;
    uint32_t size;
};

struct madt_walk {
    struct madt_claims *ret;
    struct notes *notes;
    uint32_t offset; /* of the entry being read, from the table's start */
    uint32_t nmis_beyond, ioapics_beyond;
    bool overridden, has_mailbox;
};

/* Adds what an entry of at least 2 bytes says to `walk->ret`; one that is shorter than its type
 * demands is noted and passed over. Types not known are passed over: OSPM must skip them
 * (ACPI 6.5, 5.2.12). */
void madt_read_entry(struct madt_walk *walk, const struct extent *entry);

#endif
