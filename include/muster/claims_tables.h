/* What SRAT, PPTT and SMBIOS say of the CPUs, as plain data. */
#ifndef MUSTER_CLAIMS_TABLES_H
#define MUSTER_CLAIMS_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/cpuset.h>
#include <muster/identity.h>

struct notes;

/* SRAT: Processor Local APIC (type 0) or x2APIC (type 2) Affinity (ACPI 6.5, 5.2.16.1, 5.2.16.3).
 */
struct srat_claim {
    uint32_t apic_id, domain;
    uint8_t type;
    bool enabled;
};

struct srat_claims {
    bool present;
    uint32_t count, beyond; /* entries in `cpus`, and those that did not fit */
    struct srat_claim cpus[CPU_MAX];
};

/* PPTT: Processor Hierarchy Node (type 0; ACPI 6.5, 5.2.30.1). */
struct pptt_node {
    uint32_t offset; /* of the node in the table: what others call it by */
    uint32_t parent; /* offset of another node; 0: none */
    uint32_t flags;  /* enum pptt_flag */
    uint32_t uid;    /* ACPI processor ID */
};

enum pptt_flag {
    PPTT_PACKAGE = 1 << 0,
    PPTT_UID_VALID = 1 << 1,
    PPTT_THREAD = 1 << 2,
    PPTT_LEAF = 1 << 3,
};

enum { PPTT_NODE_MAX = 2 * CPU_MAX };

struct pptt_claims {
    bool present;
    uint8_t revision;       /* below 2 there is no PPTT_LEAF */
    uint32_t count, beyond; /* entries in `nodes`, in rising order of their offsets */
    struct pptt_node nodes[PPTT_NODE_MAX];
};

/* SMBIOS Processor Information (type 4; SMBIOS 3.7, 7.5), as far as it counts; 0: not told. */
struct smbios_socket {
    uint16_t handle;
    uint8_t type;   /* 3: a central processor */
    uint8_t status; /* bit 6: populated; bits 2:0: 1 is enabled */
    uint8_t cores_short, enabled_short, threads_short; /* the fields of one byte */
    uint16_t cores_long, enabled_long, threads_long;   /* and of two (3.0) */
    uint16_t cores, enabled, threads;                  /* what the two of each say together */
    uint16_t threads_enabled;                          /* 3.6 */
    bool has_long;
};

/* Processor Additional Information (type 44; SMBIOS 3.3, 7.45). */
struct smbios_extra {
    uint16_t handle, refers_to;
};

enum { SMBIOS_SOCKET_MAX = 256 };

struct smbios_claims {
    bool present;
    uint8_t major, minor;
    uint32_t structures; /* in the table */
    uint32_t socket_count, socket_beyond;
    uint32_t extra_count, extra_beyond;
    bool by_qemu; /* the first socket's manufacturer is "QEMU" */
    struct identity identity;
    struct smbios_socket sockets[SMBIOS_SOCKET_MAX];
    struct smbios_extra extras[SMBIOS_SOCKET_MAX];
};

/* Read a SRAT or PPTT of at most `size` readable bytes at `table` into `ret` and `notes`, as
 * madt_read() does the MADT: what is wrong with the table becomes a note for roll.srat or
 * roll.pptt, what was read before it is kept, and nothing outside [table, table+size) is read. */
void srat_read(const void *table, uint32_t size, struct srat_claims *ret, struct notes *notes);
void pptt_read(const void *table, uint32_t size, struct pptt_claims *ret, struct notes *notes);

/* The node at `offset`, or NULL. */
const struct pptt_node *pptt_find(const struct pptt_claims *pptt, uint32_t offset);

/* Where an SMBIOS entry point says that the structures are. */
struct smbios_entry {
    uint64_t address;
    uint32_t size; /* at most */
    uint8_t major, minor;
    uint32_t count; /* of structures; 0: not told (3.x) */
};

/* Longest entry point there is. */
enum { SMBIOS_ENTRY_MAX = 32 };

/* Reads an entry point, 3.x ("_SM3_") or 2.x ("_SM_"), of at most `size` readable bytes. False,
 * with a note for roll.smbios, where it is none; a wrong checksum is a note only. */
bool smbios_read_entry(const void *entry, uint32_t size, struct smbios_entry *ret,
                       struct notes *notes);

/* Reads the structures that `entry` leads to, of which `size` bytes at `table` can be read. */
void smbios_read(const struct smbios_entry *entry, const void *table, uint32_t size,
                 struct smbios_claims *ret, struct notes *notes);

#endif
