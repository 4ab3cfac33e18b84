/* Segment descriptors, gates and the TSS as the CPU reads them, and functions that make and read
 * them. */
#ifndef MUSTER_DESCRIPTOR_H
#define MUSTER_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The GDT of every CPU (order fixed by SYSCALL/SYSRET, SDM vol. 3A, 5.8.8):
 *
 *   0x00 null   0x08 kernel code64   0x10 kernel data
 *   0x18 user code32   0x20 user data   0x28 user code64   0x30 spare   0x38 TSS (two slots)
 */
enum {
    SELECTOR_KERNEL_CODE = 0x08,
    SELECTOR_KERNEL_DATA = 0x10,
    SELECTOR_USER_CODE32 = 0x18,
    SELECTOR_USER_DATA = 0x20,
    SELECTOR_USER_CODE64 = 0x28,
    SELECTOR_TSS = 0x38,
    SELECTOR_RPL = 3, /* of ring 3's selectors */
    GDT_SLOTS = 9,
    IDT_GATES = 256,
};

/* Bit 0 of an error code with a selector: raised while an event was delivered (SDM vol. 3A, 6.13).
 */
enum { ERROR_EXT = 1 };

enum { IST_NONE = 0, IST_DF = 1, IST_NMI = 2, IST_MC = 3, IST_DB = 4, IST_PROBE = 5 };

enum {
    VECTOR_DE = 0,
    VECTOR_DB = 1,
    VECTOR_NMI = 2,
    VECTOR_BP = 3,
    VECTOR_OF = 4,
    VECTOR_BR = 5,
    VECTOR_UD = 6,
    VECTOR_NM = 7,
    VECTOR_DF = 8,
    VECTOR_TS = 10,
    VECTOR_NP = 11,
    VECTOR_SS = 12,
    VECTOR_GP = 13,
    VECTOR_PF = 14,
    VECTOR_MF = 16,
    VECTOR_AC = 17,
    VECTOR_MC = 18,
    VECTOR_XM = 19,
    VECTOR_VE = 20,
    VECTOR_CP = 21,
    VECTOR_EXCEPTIONS = 32, /* the first vector that is not an exception */
};

/* "#DF"; "vector" outside the exceptions. */
const char *vector_name(uint32_t vector);
/* Whether the exception pushes an error code (SDM vol. 3A, table 6-1). */
bool vector_has_error_code(uint32_t vector);

/* 64-bit TSS (SDM vol. 3A, 8.7, figure 8-11). */
struct tss {
    uint32_t reserved0;
    uint64_t rsp[3];
    uint64_t reserved1;
    uint64_t ist[7]; /* ist[0] is IST1 */
    uint64_t reserved2;
    uint16_t reserved3;
    uint16_t io_map_base;
} __attribute__((packed));

_Static_assert(sizeof(struct tss) == 104, "SDM vol. 3A, figure 8-11");
_Static_assert(offsetof(struct tss, rsp) == 4, "RSP0");
_Static_assert(offsetof(struct tss, ist) == 36, "IST1");
_Static_assert(offsetof(struct tss, io_map_base) == 102, "I/O map base address");

enum {
    IO_MAP_PORTS = 1024,                 /* ports the bitmap covers; those beyond the limit fault */
    IO_MAP_BYTES = IO_MAP_PORTS / 8 + 1, /* the last byte is 0xFF (SDM vol. 1, 19.5.2) */
};

/* A TSS and its I/O permission bitmap, as one descriptor covers them. */
struct tss_block {
    struct tss tss;
    uint8_t io_map[IO_MAP_BYTES];
} __attribute__((packed));

/* 64-bit interrupt gate (SDM vol. 3A, figure 6-8). */
struct gate {
    uint16_t offset_low;
    uint16_t selector;
    uint8_t ist;
    uint8_t type; /* P, DPL, 0, type */
    uint16_t offset_middle;
    uint32_t offset_high;
    uint32_t reserved;
};

_Static_assert(sizeof(struct gate) == 16, "SDM vol. 3A, figure 6-8");

enum {
    GATE_INTERRUPT = 0x8e,
    GATE_USER = 0xee /* DPL 3 */,
    GATE_ABSENT = 0x0e,
    GATE_PRESENT = 0x80
};

/* What LGDT, LIDT, SGDT and SIDT move (SDM vol. 3A, figure 2-6). */
struct table_register {
    uint16_t limit;
    uint64_t base;
} __attribute__((packed));

/* What a system-segment descriptor in a GDT says. */
struct system_segment {
    uint64_t base;
    uint32_t limit;
    uint8_t type; /* 9: available 64-bit TSS, 0xB: busy */
    bool present;
};

enum { TSS_AVAILABLE = 0x9, TSS_BUSY = 0xb };

/* Fills all GDT_SLOTS; the TSS descriptor is available and covers `tss`. */
void gdt_encode(uint64_t gdt[GDT_SLOTS], const struct tss_block *tss);
/* Writes the TSS descriptor alone, available: what LTR asks for (it faults on a busy one). */
void gdt_encode_tss(uint64_t gdt[GDT_SLOTS], const struct tss_block *tss);
struct system_segment gdt_decode_tss(const uint64_t gdt[GDT_SLOTS]);

struct gate gate_encode(uint64_t handler, uint8_t ist, uint8_t type);
uint64_t gate_handler(const struct gate *gate);

/* Zeroes `block`, points io_map_base at the bitmap and denies every port. */
void tss_encode(struct tss_block *block);
/* Only the latter two. */
void tss_close_ports(struct tss_block *block);

#endif
