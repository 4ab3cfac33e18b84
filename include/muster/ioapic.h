/* What the I/O APICs hold at hand-off: the redirection entries that would still interrupt. Pure. */
#ifndef MUSTER_IOAPIC_H
#define MUSTER_IOAPIC_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/handoff.h>

enum { IOAPIC_LIVE_KEPT = 2, IOAPIC_PAGE = 4096 };

/* An entry that firmware left unmasked. */
struct ioapic_live {
    uint32_t gsi;
    uint64_t entry;
};

struct ioapic_record {
    bool taken;
    bool asked;       /* where firmware put it is a place for a device: it was looked at */
    bool answers;     /* something is there */
    uint32_t version; /* the register: bits 7:0 version, 23:16 the last entry */
    uint32_t live;    /* entries in all; the first of them: */
    struct ioapic_live kept[IOAPIC_LIVE_KEPT];
};

/* Why nothing can be an I/O APIC at the address that the MADT gives; NULL: it may be one. */
const char *ioapic_refusal(const struct ioapic_claim *claim, const struct memory_map *memory);

/* Whether this entry would still interrupt: not what is masked, nor what leads to SMM, nor ExtINT,
 * which is virtual wire mode by way of the I/O APIC (MP specification 1.4, 3.6.2.2). */
bool ioapic_entry_live(uint64_t entry);

#endif
