#include <muster/descriptor.h>
#include <muster/memory.h>

enum {
    ACCESS_PRESENT = 0x80,
    ACCESS_DPL3 = 0x60,
    ACCESS_SEGMENT = 0x10, /* code or data, not a system segment */
    ACCESS_CODE = 0x0a,    /* execute, read */
    ACCESS_DATA = 0x02,    /* read, write */
    ACCESS_ACCESSED = 0x01 /* set from the start: the CPU then never writes the GDT for it */
};

enum { FLAG_4K = 0x8, FLAG_32BIT = 0x4, FLAG_LONG = 0x2 };

static uint64_t flat_segment(uint8_t access, uint8_t flags)
{
    uint64_t full = ACCESS_PRESENT | ACCESS_SEGMENT | ACCESS_ACCESSED | access;
    return UINT64_C(0x000f00000000ffff) | full << 40 | (uint64_t)flags << 52;
}

void gdt_encode_tss(uint64_t gdt[GDT_SLOTS], const struct tss_block *tss)
{
    uint64_t base = (uint64_t)(uintptr_t)tss;
    uint64_t limit = sizeof *tss - 1;
    uint64_t access = ACCESS_PRESENT | TSS_AVAILABLE;
    uint32_t slot = SELECTOR_TSS / 8;

    gdt[slot] = (limit & 0xffff) | (base & 0xffffff) << 16 | access << 40 |
                (limit >> 16 & 0xf) << 48 | (base >> 24 & 0xff) << 56;
    gdt[slot + 1] = base >> 32;
}

void gdt_encode(uint64_t gdt[GDT_SLOTS], const struct tss_block *tss)
{
    memset(gdt, 0, GDT_SLOTS * sizeof gdt[0]);
    gdt[SELECTOR_KERNEL_CODE / 8] = flat_segment(ACCESS_CODE, FLAG_4K | FLAG_LONG);
    gdt[SELECTOR_KERNEL_DATA / 8] = flat_segment(ACCESS_DATA, FLAG_4K | FLAG_32BIT);
    gdt[SELECTOR_USER_CODE32 / 8] = flat_segment(ACCESS_CODE | ACCESS_DPL3, FLAG_4K | FLAG_32BIT);
    gdt[SELECTOR_USER_DATA / 8] = flat_segment(ACCESS_DATA | ACCESS_DPL3, FLAG_4K | FLAG_32BIT);
    gdt[SELECTOR_USER_CODE64 / 8] = flat_segment(ACCESS_CODE | ACCESS_DPL3, FLAG_4K | FLAG_LONG);
    gdt_encode_tss(gdt, tss);
}

struct system_segment gdt_decode_tss(const uint64_t gdt[GDT_SLOTS])
{
    uint64_t low = gdt[SELECTOR_TSS / 8];
    uint64_t high = gdt[SELECTOR_TSS / 8 + 1];

    return (struct system_segment){
        .base = (low >> 16 & 0xffffff) | (low >> 56 & 0xff) << 24 | (high & 0xffffffff) << 32,
        .limit = (uint32_t)((low & 0xffff) | (low >> 48 & 0xf) << 16),
        .type = low >> 40 & 0x1f,
        .present = low >> 47 & 1,
    };
}

struct gate gate_encode(uint64_t handler, uint8_t ist, uint8_t type)
{
    return (struct gate){
        .offset_low = (uint16_t)handler,
        .selector = SELECTOR_KERNEL_CODE,
        .ist = ist,
        .type = type,
        .offset_middle = (uint16_t)(handler >> 16),
        .offset_high = (uint32_t)(handler >> 32),
    };
}

uint64_t gate_handler(const struct gate *gate)
{
    return gate->offset_low | (uint64_t)gate->offset_middle << 16 |
           (uint64_t)gate->offset_high << 32;
}

void tss_encode(struct tss_block *block)
{
    memset(block, 0, sizeof *block);
    tss_close_ports(block);
}

void tss_close_ports(struct tss_block *block)
{
    block->tss.io_map_base = offsetof(struct tss_block, io_map);
    memset(block->io_map, 0xff, sizeof block->io_map);
}

const char *vector_name(uint32_t vector)
{
    static const char names[VECTOR_EXCEPTIONS][5] = {
        "#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD", "#NM", "#DF", "#CSO", "#TS",
        "#NP", "#SS", "#GP", "#PF", "#15", "#MF", "#AC", "#MC", "#XM", "#VE",  "#CP",
        "#22", "#23", "#24", "#25", "#26", "#27", "#HV", "#VC", "#SX", "#31"};

    return vector < VECTOR_EXCEPTIONS ? names[vector] : "interrupt";
}

bool vector_has_error_code(uint32_t vector)
{
    /* #DF, #TS to #PF, #AC, #CP, #VC, #SX */
    const uint32_t pushing = 1u << 8 | 0x1fu << 10 | 1u << 17 | 1u << 21 | 1u << 29 | 1u << 30;

    return vector < VECTOR_EXCEPTIONS && pushing >> vector & 1;
}
