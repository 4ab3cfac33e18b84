/* Sections are those of ACPI 6.5. */
#include "madt_entries.h"

#include <muster/bytes.h>
#include <muster/text.h>

enum { APIC_ID_NONE = 0xff /* the broadcast id of xAPIC mode */ };

#define FLAG_ENABLED        1u /* 5.2.12.2, table 5.22 */
#define FLAG_ONLINE_CAPABLE 2u

static void add_cpu(struct madt_walk *walk, uint8_t type, uint32_t uid, uint32_t apic_id,
                    uint32_t flags)
{
    struct madt_claims *ret = walk->ret;
    if (ret->count == CPU_MAX) {
        ret->beyond++;
        return;
    }
    ret->cpus[ret->count++] = (struct madt_claim){
        .apic_id = apic_id,
        .uid = uid,
        .type = type,
        .enabled = (flags & FLAG_ENABLED) != 0,
        .online_capable = (flags & (FLAG_ENABLED | FLAG_ONLINE_CAPABLE)) == FLAG_ONLINE_CAPABLE,
        .flags = flags,
    };
}

/* No CPU has the broadcast id. Firmware fills unused slots with it, which is no fault as long as
 * they are disabled; either way there is nobody to call, but the PPTT may have a leaf for it. */
static void pass_over_slot(struct madt_walk *walk, uint32_t uid, uint32_t apic_id, uint32_t flags)
{
    struct madt_claims *ret = walk->ret;
    if (ret->slot_count < CPU_MAX) {
        ret->slot_uids[ret->slot_count] = uid;
    }
    ret->slot_count++;
    if (flags & FLAG_ENABLED) {
        note_add(walk->notes, MADT_CHECK,
                 "MADT entry at offset 0x%x: processor UID 0x%x is enabled with APIC ID 0x%x, the "
                 "broadcast ID, which no CPU has",
                 walk->offset, uid, apic_id);
    }
}

/* 5.2.12.2 */
static void read_local_apic(struct madt_walk *walk, const struct extent *entry)
{
    const uint32_t uid = entry->bytes[2];
    const uint32_t apic_id = entry->bytes[3];
    const uint32_t flags = bytes_u32(entry->bytes + 4);
    if (apic_id == APIC_ID_NONE) {
        pass_over_slot(walk, uid, apic_id, flags);
    } else {
        add_cpu(walk, 0, uid, apic_id, flags);
    }
}

/* 5.2.12.12 */
static void read_local_x2apic(struct madt_walk *walk, const struct extent *entry)
{
    const uint32_t apic_id = bytes_u32(entry->bytes + 4);
    const uint32_t flags = bytes_u32(entry->bytes + 8);
    const uint32_t uid = bytes_u32(entry->bytes + 12);
    if (apic_id == CPU_NONE) {
        pass_over_slot(walk, uid, apic_id, flags);
    } else {
        add_cpu(walk, 9, uid, apic_id, flags);
    }
}

static void add_nmi(struct madt_walk *walk, uint32_t uid, uint32_t flags, uint32_t lint)
{
    struct madt_claims *ret = walk->ret;
    if (lint > 1) {
        note_add(walk->notes, MADT_CHECK,
                 "MADT entry at offset 0x%x: NMI on LINT%u of processor UID 0x%x; a local APIC has "
                 "LINT0 and LINT1",
                 walk->offset, lint, uid);
        return;
    }
    if (ret->nmi_count == MADT_NMI_MAX) {
        walk->nmis_beyond++;
        return;
    }
    ret->nmis[ret->nmi_count++] =
        (struct madt_nmi){.uid = uid, .flags = (uint16_t)flags, .lint = (uint8_t)lint};
}

/* 5.2.12.3 */
static void read_ioapic(struct madt_walk *walk, const struct extent *entry)
{
    struct madt_claims *ret = walk->ret;
    if (ret->ioapic_count == IOAPIC_MAX) {
        walk->ioapics_beyond++;
        return;
    }
    ret->ioapics[ret->ioapic_count++] = (struct ioapic_claim){
        .address = bytes_u32(entry->bytes + 4),
        .gsi_base = bytes_u32(entry->bytes + 8),
        .id = entry->bytes[2],
    };
}

/* 5.2.12.7; here 0xff means all processors, while a processor of type 9 may well be number 0xff. */
static void read_local_apic_nmi(struct madt_walk *walk, const struct extent *entry)
{
    const uint32_t uid = entry->bytes[2];
    add_nmi(walk, uid == 0xff ? CPU_NONE : uid, bytes_u16(entry->bytes + 3), entry->bytes[5]);
}

/* 5.2.12.13 */
static void read_local_x2apic_nmi(struct madt_walk *walk, const struct extent *entry)
{
    add_nmi(walk, bytes_u32(entry->bytes + 4), bytes_u16(entry->bytes + 2), entry->bytes[8]);
}

/* 5.2.12.8: "Only one Local APIC Address Override Structure may be defined." */
static void read_address_override(struct madt_walk *walk, const struct extent *entry)
{
    if (walk->overridden) {
        note_add(walk->notes, MADT_CHECK,
                 "MADT entry at offset 0x%x: a second Local APIC Address Override; one may be "
                 "defined",
                 walk->offset);
        return;
    }
    walk->overridden = true;
    walk->ret->apic_base = bytes_u64(entry->bytes + 4);
}

/* 5.2.12.19; version 1 (ACPI 6.6) appends a reset vector. */
static void read_wakeup(struct madt_walk *walk, const struct extent *entry)
{
    const uint32_t version = bytes_u16(entry->bytes + 2);
    const uint64_t mailbox = bytes_u64(entry->bytes + 8);
    const char *wrong = NULL;
    if (walk->has_mailbox) {
        wrong = "there is one already";
    } else if (version > 1) {
        wrong = "versions 0 and 1 are known";
    } else if (version == 1 && entry->size < 24) {
        wrong = "version 1 has 24 bytes";
    } else if (mailbox == 0 || mailbox % 4096 != 0) {
        wrong = "the mailbox must lie on a 4 KiB boundary";
    }
    if (wrong) {
        note_add(walk->notes, MADT_CHECK,
                 "MADT entry at offset 0x%x: Multiprocessor Wakeup version %u, length %u, mailbox "
                 "0x%lx not used: %s",
                 walk->offset, version, entry->size, (unsigned long)mailbox, wrong);
        return;
    }
    walk->has_mailbox = true;
    walk->ret->mailbox = mailbox;
}

/* Entry types a PC may have (table 5.21), with the length their definition gives. */
static const struct entry_type {
    uint8_t type, length;
    const char *name;
    void (*read)(struct madt_walk *walk, const struct extent *entry); /* NULL: not about CPUs */
} entry_types[] = {
    {0x00, 8, "Processor Local APIC", read_local_apic},
    {0x01, 12, "I/O APIC", read_ioapic},
    {0x02, 10, "Interrupt Source Override", NULL},
    {0x03, 8, "NMI Source", NULL},
    {0x04, 6, "Local APIC NMI", read_local_apic_nmi},
    {0x05, 12, "Local APIC Address Override", read_address_override},
    {0x06, 16, "I/O SAPIC", NULL},
    {0x07, 16, "Local SAPIC", NULL},
    {0x08, 16, "Platform Interrupt Sources", NULL},
    {0x09, 16, "Processor Local x2APIC", read_local_x2apic},
    {0x0a, 12, "Local x2APIC NMI", read_local_x2apic_nmi},
    {0x10, 16, "Multiprocessor Wakeup", read_wakeup},
};

void madt_read_entry(struct madt_walk *walk, const struct extent *entry)
{
    const uint32_t type = entry->bytes[0];
    for (uint32_t i = 0; i < sizeof(entry_types) / sizeof(entry_types[0]); i++) {
        const struct entry_type *known = &entry_types[i];
        if (known->type != type) {
            continue;
        }
        if (entry->size < known->length) {
            note_add(walk->notes, MADT_CHECK,
                     "MADT entry at offset 0x%x: %s (type 0x%x) of %u bytes; it has at least %u",
                     walk->offset, known->name, type, entry->size, known->length);
        } else if (known->read) {
            known->read(walk, entry);
        }
        return;
    }
}
