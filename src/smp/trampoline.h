/* The trampoline: what every AP runs first, in a page below 1 MiB, and the data it finds there. */
#ifndef SMP_TRAMPOLINE_H
#define SMP_TRAMPOLINE_H

#include <stdint.h>

#include "fleet.h"

/* One CPU that ran the trampoline; written in real mode, read by the BSP. */
struct log_entry {
    uint32_t apic_id;
    uint32_t valid;
    uint64_t tsc;
};

/* APIC ID -> the CPU's block, searched by the APs in 32-bit mode. */
struct slot {
    uint32_t apic_id;
    uint32_t cpu; /* physical address of its struct cpu: below 4 GiB */
};

/* At TRAMPOLINE_HEADER in the page; filled by the BSP. The assembly reads it by generated offsets.
 */
struct trampoline_header {
    uint32_t page;   /* linear address of the trampoline */
    uint32_t log_at; /* offset from the page of struct log_entry[] */
    uint32_t log_capacity;
    uint32_t log_count;   /* APs add; may pass the capacity */
    uint32_t break_stage; /* STAGE_SIPI_SENT or STAGE_REAL_MODE: the CPU below stops there */
    uint32_t break_apic_id;
    uint32_t slots; /* physical address of struct slot[] */
    uint32_t slot_count;
    uint32_t cr3;
    uint32_t cr0, cr4;
    uint32_t needs_nx, needs_la57;
    uint32_t strangers;       /* APs whose APIC ID has no slot */
    uint32_t protected_entry; /* far pointers for LJMP */
    uint16_t protected_selector;
    uint32_t long_entry;
    uint16_t long_selector;
    uint16_t gdt_limit; /* LGDT's operand */
    uint32_t gdt_base;
    uint64_t entry;         /* 64-bit code in the image */
    uint32_t mailbox_entry; /* where the Multiprocessor Wakeup mailbox is to send APs */
} __attribute__((packed));

enum {
    TRAMPOLINE_HEADER = 16,
    TRAMPOLINE_PAGE = 4096,
    TRAMPOLINE_CODE64 = 0x08, /* the same selectors as in every CPU's own GDT */
    TRAMPOLINE_DATA = 0x10,
    TRAMPOLINE_CODE32 = 0x18,
};

extern const uint8_t trampoline_blob[] __attribute__((visibility("hidden")));
extern const uint8_t trampoline_blob_end[] __attribute__((visibility("hidden")));

/* 64-bit entry in the image: RSI is the CPU's block, no stack yet. */
void ap_entry(void);

/* Copies the blob to low memory and fills its header for the CPUs of `fleet`. BSP, after
 * fleet_prepare(). `slots` has fleet->count entries below 4 GiB. */
void trampoline_lay(const struct fleet *fleet, struct slot *slots);

/* SIPI's vector: the number of the page. */
uint8_t trampoline_vector(const struct fleet *fleet);
/* The page as it lies in low memory. */
volatile struct trampoline_header *trampoline_header(const struct fleet *fleet);
/* Entry `n` of the log, or NULL when none has been written there. */
const volatile struct log_entry *trampoline_log(const struct fleet *fleet, uint32_t n);
/* Empties the log. BSP, with the page unsealed, while no CPU runs in it. */
void trampoline_forget_log(const struct fleet *fleet);

#endif
