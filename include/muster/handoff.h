/* The one struct that survives ExitBootServices: everything the far side of the door may know. */
#ifndef MUSTER_HANDOFF_H
#define MUSTER_HANDOFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <muster/claims.h>
#include <muster/inventory.h>
#include <muster/observe_mps.h>
#include <muster/options.h>
#include <muster/record_claim.h>
#include <muster/state.h>

/* A range of physical memory, byte units, 4 KiB aligned where it is mapped. */
struct range {
    uint64_t base, size;
};

/* All memory muster has: taken below 4 GiB before the door, given out once, never freed. */
struct arena {
    uint64_t base, size, used;
};

/* `size` zeroed bytes at `align` (a power of two up to 4096), or NULL
 * when the arena is exhausted. Before the door, or on the BSP after it. */
void *arena_take(struct arena *arena, uint64_t size, uint64_t align);

/* UEFI 2.10, 7.2: memory types and attributes as far as muster asks for them. */
enum {
    MEMORY_RESERVED = 0,
    MEMORY_LOADER_CODE = 1,
    MEMORY_LOADER_DATA = 2,
    MEMORY_BOOT_CODE = 3,
    MEMORY_BOOT_DATA = 4,
    MEMORY_RUNTIME_CODE = 5,
    MEMORY_RUNTIME_DATA = 6,
    MEMORY_CONVENTIONAL = 7,
    MEMORY_MAPPED_IO = 11,
};
#define MEMORY_ATTRIBUTE_UC      UINT64_C(0x1)
#define MEMORY_ATTRIBUTE_WC      UINT64_C(0x2)
#define MEMORY_ATTRIBUTE_WT      UINT64_C(0x4)
#define MEMORY_ATTRIBUTE_WB      UINT64_C(0x8)
#define MEMORY_ATTRIBUTE_XP      UINT64_C(0x4000)
#define MEMORY_ATTRIBUTE_RO      UINT64_C(0x20000)
#define MEMORY_ATTRIBUTE_RUNTIME UINT64_C(0x8000000000000000)

struct memory_region {
    uint64_t base, size;
    uint64_t attribute;
    uint32_t type;
};

/* Three maps of so many take 384 KiB of the handoff. */
enum { MEMORY_REGION_MAX = 2048 };

/* A descriptor that describes nothing: empty, or past the end of the address space. */
struct memory_odd {
    uint32_t number; /* of the descriptor, from 0 */
    uint32_t type;
    uint64_t base, pages;
};

enum { MEMORY_ODD_MAX = 4 };

struct memory_map {
    uint32_t count;
    uint32_t beyond;    /* descriptors that did not fit */
    uint32_t odd_count; /* descriptors left out of `regions`; the first of them in `odd` */
    struct memory_odd odd[MEMORY_ODD_MAX];
    struct memory_region regions[MEMORY_REGION_MAX];
};

/* The Memory Attributes Table (UEFI 2.10, 4.6.4) as it stands in memory. */
struct attributes_claim {
    bool present;
    uint32_t version, entries, stride; /* of its header; 0 where not even that can be read */
    uint64_t readable;                 /* bytes of memory from its start on, up to 1 MiB */
    struct memory_map list;            /* the entries, when all can be read */
};

/* What must stay where it is once an operating system gives memory out. */
struct kept_place {
    const char *what; /* "the local APIC" */
    uint64_t base, size;
    bool table; /* an ACPI table: an operating system may have copied it when it takes
                   boot-services memory */
};

enum { KEPT_MAX = 24 };

struct kept_claim {
    uint32_t count;
    struct kept_place places[KEPT_MAX];
};

enum pixel_order { PIXEL_NONE, PIXEL_RGBX, PIXEL_BGRX }; /* byte order in memory */

struct framebuffer_claim {
    enum pixel_order order; /* PIXEL_NONE: no linear framebuffer */
    uint64_t base, size;
    uint32_t width, height; /* pixels */
    uint32_t stride;        /* pixels from one line to the next */
};

struct serial_claim {
    enum serial_kind kind; /* SERIAL_PORT or SERIAL_MMIO; SERIAL_NONE: no console there */
    uint64_t address;
    uint32_t stride;        /* bytes from one register to the next: 1 or 4 */
    uint32_t access;        /* bytes of one access: 1 or 4 */
    uint32_t baud;          /* 0: leave the line as firmware set it */
    const char *decided_by; /* "--serial", "SPCR", "default" */
};

/* What the FADT offers for keeping time and for leaving (ACPI 6.5, 4.8.3.6 and 5.2.9), and the HPET
 * table. */
struct platform_claim {
    uint64_t hpet_base;     /* 0: none */
    uint32_t pm_timer_port; /* 0: none */
    bool pm_timer_32bit;
    uint8_t reset_space; /* ACPI address space id: 0 memory, 1 I/O, 2 PCI configuration */
    uint8_t reset_value;
    uint64_t reset_address; /* 0: no reset register */
};

typedef uint64_t(__attribute__((ms_abi))
                 runtime_set_variable)(const uint16_t *name, const void *guid, uint32_t attributes,
                                       uint64_t size, const void *data);
typedef void(__attribute__((ms_abi)) runtime_reset_system)(uint32_t type, uint64_t status,
                                                           uint64_t size, const void *data);

struct runtime_claim {
    runtime_set_variable *set_variable;
    runtime_reset_system *reset_system;
    bool attributes_known; /* a Memory Attributes Table split code from data; `regions` comes from
                              it */
    struct memory_map regions; /* EFI_MEMORY_RUNTIME descriptors */
};

/* Low memory for the trampoline: 1 page of code and data, more pages make the log of arrivals
 * longer. */
struct low_memory {
    uint64_t base; /* 4 KiB aligned, below 1 MiB - size */
    uint32_t pages;
    bool from_final_map; /* no page could be allocated; this one is boot-services memory, free after
                            the door */
};

/* The program's own sections as loaded, 4 KiB aligned. */
struct image_layout {
    uint64_t base;
    struct range text, rodata, data; /* R-X, R--, RW- */
};

struct bench_claim {
    uint32_t startup_all_aps_us; /* firmware's StartupAllAPs with an empty procedure, best of three;
                                    0: none */
};

struct handoff {
    struct range self; /* where this struct lies: its own pages, below 4 GiB */
    struct options options;
    struct arena arena;
    struct low_memory low;
    struct image_layout image;
    struct claims claims;
    struct inventory inventory;
    struct framebuffer_claim framebuffer;
    struct serial_claim serial;
    struct platform_claim platform;
    struct runtime_claim runtime;
    struct memory_map memory; /* the final map, as ExitBootServices took it */
    struct attributes_claim attributes;
    struct kept_claim kept;
    struct bench_claim bench;
    struct record_claim record;
    struct state_record bsp_state[MOMENT_COUNT]; /* by enum state_moment */
    struct mps_record mps;                       /* MP Services put to the test */
    char firmware_vendor[96];
    uint32_t firmware_revision;
};

/* Bytes of arena that everything after the door needs for these CPUs, this framebuffer and these
 * options. */
uint64_t muster_arena_size(const struct handoff *handoff);

/* The far side of the door: runs the checks and never returns. BSP, interrupts off, on a stack of
 * at least 64 KiB, with firmware's page tables still loaded. */
_Noreturn void muster_main(struct handoff *handoff);

#endif
