/* What firmware says of the CPUs, source by source, as plain data; and the notes taken while
 * reading it. */
#ifndef MUSTER_CLAIMS_H
#define MUSTER_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/claims_tables.h>
#include <muster/cpuset.h>

enum { NOTE_MAX = 64, NOTE_TEXT_MAX = 176 };

/* Something wrong or worth telling that was seen before the door. */
struct note {
    const char *check; /* the id of the check that judges it, or "" for one that is only told */
    char text[NOTE_TEXT_MAX];
};

struct notes {
    uint32_t count;
    uint32_t dropped; /* notes beyond NOTE_MAX */
    struct note list[NOTE_MAX];
};

/* Keeps a note; where there is no room, it or another one is dropped, and counted: one that a check
 * judges displaces one that is only told, and the first of each check is always kept, so that no
 * check passes for want of room. `check` must outlive the notes. Before the door. */
void note_add(struct notes *notes, const char *check, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One processor as EFI_MP_SERVICES_PROTOCOL.GetProcessorInfo tells it (PI 1.8 vol. 2, 13.4). */
struct mps_claim {
    uint32_t apic_id; /* ProcessorId, low 32 bits */
    bool bsp, enabled, healthy;
    uint32_t package, core, thread;
    bool has_location2;
    uint32_t module, tile, die;
};

/* One processor as the MADT tells it: Processor Local APIC (type 0) or Local x2APIC (type 9). */
struct madt_claim {
    uint32_t apic_id;
    uint32_t uid;
    uint8_t type;
    bool enabled, online_capable;
    uint32_t flags; /* as they stand in the entry */
};

/* Local APIC NMI (type 4) or Local x2APIC NMI (type 0xA). */
struct madt_nmi {
    uint32_t uid; /* 0xffffffff: all processors (type 4's 0xff is given so, too) */
    uint16_t flags;
    uint8_t lint;
};

/* Many machines list one for each CPU; type 4 tells 256 of them apart, with two lines each. */
enum { MADT_NMI_MAX = 512, IOAPIC_MAX = 32 };

/* I/O APIC (type 1). */
struct ioapic_claim {
    uint64_t address;
    uint32_t gsi_base; /* the number of its first pin, among all of the machine */
    uint8_t id;
};

struct madt_claims {
    bool present;
    uint8_t revision;
    bool pcat_compat;   /* a dual-8259 is there, too */
    uint64_t apic_base; /* local interrupt controller address (or its 64-bit override) */
    uint64_t mailbox;   /* Multiprocessor Wakeup mailbox (type 0x10); 0: none */
    uint32_t count;     /* entries in `cpus` */
    uint32_t beyond;    /* processor entries that did not fit */
    uint32_t nmi_count;
    struct madt_nmi nmis[MADT_NMI_MAX];
    uint32_t ioapic_count;
    struct ioapic_claim ioapics[IOAPIC_MAX];
    struct madt_claim cpus[CPU_MAX];
    uint32_t slot_count; /* processor entries with the broadcast APIC ID: no CPU is in them */
    uint32_t slot_uids[CPU_MAX]; /* of the first CPU_MAX of them */
};

struct mps_claims {
    bool present;
    uint32_t count; /* entries in `cpus` */
    uint32_t beyond;
    uint64_t total, enabled; /* as GetNumberOfProcessors said */
    uint32_t who_am_i;       /* WhoAmI on the BSP */
    struct mps_claim cpus[CPU_MAX];
};

struct claims {
    uint32_t bsp_apic_id; /* read by the BSP itself, from CPUID */
    struct mps_claims mps;
    struct madt_claims madt;
    struct srat_claims srat;
    struct pptt_claims pptt;
    struct smbios_claims smbios;
    struct notes notes;
};

/* Reads a MADT (ACPI 6.5, 5.2.12) of at most `size` readable bytes at `table` into `ret` and
 * `notes`. Wrong signature, length, checksum, a short or zero-length entry, an enabled processor
 * with the broadcast APIC ID: a note for roll.madt; what was read before it is kept. Entries of
 * unknown type are passed over, and so are those with the broadcast APIC ID but for their UIDs.
 * `ret->present` says that the table was one. Never reads outside [table, table+size). */
void madt_read(const void *table, uint32_t size, struct madt_claims *ret, struct notes *notes);

#endif
