/* All claims merged: one row per CPU that is to be called, the BSP first; its row number is the CPU
 * index. */
#ifndef MUSTER_INVENTORY_H
#define MUSTER_INVENTORY_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/claims.h>
#include <muster/cpuset.h>

enum { CLAIMED_BY_MPS = 1, CLAIMED_BY_MADT = 2, CLAIMED_BY_ITSELF = 4 /* the BSP, which runs */ };

struct inventory_row {
    uint32_t apic_id;
    uint32_t uid;                   /* MADT's ACPI Processor UID; CPU_NONE where no MADT entry */
    uint32_t package, core, thread; /* as MP Services says; CPU_NONE where it does not */
    uint8_t claimed_by;
};

/* An entry that its source lists as disabled. */
struct asleep_row {
    uint32_t apic_id;
    uint32_t uid;        /* MADT alone */
    uint8_t claimed_by;  /* CLAIMED_BY_MPS or CLAIMED_BY_MADT */
    bool online_capable; /* MADT alone */
    bool spare;          /* inventory_is_spare() */
};

struct inventory {
    uint32_t count;    /* rows, 1 to CPU_MAX */
    uint32_t disabled; /* CPUs that MP Services list and that are left asleep: no row */
    uint32_t spare;    /* APIC IDs that the MADT alone lists, and does not enable: no row */
    uint32_t spare_online_capable; /* of these, places where a CPU may be added later */
    uint32_t mps, madt; /* how many CPUs each of them lists; CPU_NONE: there is no such source */
    uint32_t asleep_count;
    struct asleep_row asleep[2 * CPU_MAX]; /* MP Services' first, each in its own order */
    struct inventory_row rows[CPU_MAX];
};

/* Row 0 is the BSP (claims->bsp_apic_id), then the CPUs that MP Services or the MADT call enabled,
 * in MP Services' order, then MADT's. A CPU that MP Services calls disabled is not called even
 * where the MADT enables it. Duplicates are merged; the roll.* judges read the claims for what
 * disagrees. */
void inventory_merge(const struct claims *claims, struct inventory *ret);

/* The row of an APIC ID, or CPU_NONE. */
uint32_t inventory_find(const struct inventory *inventory, uint32_t apic_id);

/* Whether an APIC ID of the MADT is one that is not enabled and that MP Services, which list
 * disabled CPUs, too (PI 1.8 vol. 2, 13.4), do not know: boards carry such entries as filler and
 * for CPUs to be added (ACPI 6.5, 5.2.12.2). Without MP Services nobody but the MADT says that
 * there is no CPU. */
bool inventory_is_spare(const struct claims *claims, const struct inventory *inventory,
                        uint32_t apic_id);

#endif
