/* Where this firmware keeps its APs once boot services are gone: a loop that polls the
 * Multiprocessor Wakeup mailbox (ACPI 6.5, 5.2.12.19). */
#ifndef FAULTS_PARKING_H
#define FAULTS_PARKING_H

#include <efi.h>

#include <stdint.h>

enum { ODD_NONE = UINT32_MAX };

/* APIC IDs of APs that do not do as the others do; ODD_NONE: all do. */
struct parking_odd {
    uint32_t deaf;    /* never looks at the mailbox */
    uint32_t cached;  /* its MTRRs make all memory WB, devices too */
    uint32_t guarded; /* CET's shadow stacks and branch tracking are on, and PCIDs */
};

/* What outlives boot services; all in reserved memory, and the mailbox in ACPI NVS. */
struct parking {
    uint64_t page;          /* below 1 MiB: the APs' code */
    uint64_t mailbox;       /* 4 KiB, as 5.2.12.19 wants it */
    uint64_t ticks_each_us; /* of the TSC */
    uint32_t aps;           /* that are to come */
};

/* Takes all memory and lays code and page tables; no CPU is touched. Boot services. */
EFI_STATUS parking_lay(EFI_SYSTEM_TABLE *system, uint32_t aps, const struct parking_odd *odd,
                       struct parking *ret);

/* Starts every AP with INIT and SIPI and waits, a second at most, until all are in the loop. BSP,
 * after boot services. */
void parking_call(const struct parking *parking);

#endif
