/* gdt.*, idt.*, tss.*: what was installed, read back from the registers and from memory. */
#include "check.h"
#include "exception.h"
#include "install.h"
#include "registers.h"
#include <muster/memory.h>

enum { PAGE = 4096 };

static struct cpu *first_other(const struct cpu *cpu)
{
    return fleet_cpu(cpu->fleet, cpu->index ? 0 : 1 % cpu->fleet->count);
}

/* The loaded TSS is busy; everything else is as gdt_encode() makes it. */
static uint64_t gdt_wanted(const struct cpu *cpu, uint32_t slot)
{
    uint64_t gdt[GDT_SLOTS];

    gdt_encode(gdt, cpu->tss);
    if (slot == SELECTOR_TSS / 8)
        gdt[slot] |= UINT64_C(2) << 40;
    return gdt[slot];
}

static void observe_gdt(struct cpu *cpu, struct observation *ret)
{
    struct table_register gdtr = gdtr_read();
    const uint64_t *gdt = (const uint64_t *)(uintptr_t)gdtr.base;
    struct obs_gdt *seen = &ret->gdt;

    *seen = (struct obs_gdt){
        .base = {(uintptr_t)cpu->gdt, gdtr.base},
        .limit = {GDT_SLOTS * 8 - 1, gdtr.limit},
        .cs = {SELECTOR_KERNEL_CODE, cs_read()},
        .ss = {SELECTOR_KERNEL_DATA, ss_read()},
        .slot = GDT_SLOTS,
    };
    /* The TSS descriptor is tss.loaded's to judge. */
    for (uint32_t slot = 0; slot < SELECTOR_TSS / 8 && seen->slot == GDT_SLOTS; slot++) {
        if (gdt[slot] == gdt_wanted(cpu, slot))
            continue;
        seen->slot = slot;
        seen->slot_value = (struct pair){gdt_wanted(cpu, slot), gdt[slot]};
    }
}

/* The classic: all CPUs on the BSP's GDT. */
static void plant_gdt(struct cpu *cpu)
{
    struct table_register gdtr = {.limit = GDT_SLOTS * 8 - 1,
                                  .base = (uintptr_t)first_other(cpu)->gdt};

    if (first_other(cpu) == cpu)
        gdtr.limit -= 8;
    gdtr_write(&gdtr);
}

static void heal_gdt(struct cpu *cpu)
{
    struct table_register gdtr = {.limit = GDT_SLOTS * 8 - 1, .base = (uintptr_t)cpu->gdt};

    gdtr_write(&gdtr);
}

static void compare_gate(const struct gate *gate, uint32_t vector, struct obs_idt *seen)
{
    struct gate want = tables_gate(vector);

    if (memcmp(gate, &want, sizeof want) == 0)
        return;
    seen->gate = vector;
    seen->handler = (struct pair){gate_handler(&want), gate_handler(gate)};
    seen->ist = (struct pair){want.ist, gate->ist};
    seen->type = (struct pair){want.type, gate->type};
    seen->selector = (struct pair){want.selector, gate->selector};
}

static void observe_idt(struct cpu *cpu, struct observation *ret)
{
    struct table_register idtr = idtr_read();
    struct obs_idt *seen = &ret->idt;

    *seen = (struct obs_idt){
        .base = {(uintptr_t)cpu->idt, idtr.base},
        .limit = {IDT_GATES * sizeof(struct gate) - 1, idtr.limit},
        .gate = IDT_GATES,
    };
    for (uint32_t vector = 0; vector < IDT_GATES && seen->gate == IDT_GATES; vector++)
        compare_gate(&cpu->idt[vector], vector, seen);
}

static void plant_idt(struct cpu *cpu)
{
    cpu->idt[VECTOR_DF].ist = IST_NONE; /* a #DF gate without a stack of its own */
}

static void heal_idt(struct cpu *cpu)
{
    cpu->idt[VECTOR_DF].ist = IST_DF;
}

static void observe_tss(struct cpu *cpu, struct observation *ret)
{
    struct system_segment segment = gdt_decode_tss(cpu->gdt);
    uint64_t first = (uintptr_t)cpu->tss;

    ret->tss = (struct obs_tss){
        .selector = {SELECTOR_TSS, tr_read()},
        .base = {first, segment.base},
        .limit = {sizeof *cpu->tss - 1, segment.limit},
        .type = {TSS_BUSY, segment.type},
        .present = segment.present,
        .crosses_page = first / PAGE != (first + sizeof(struct tss) - 1) / PAGE,
        .io_map_base = {offsetof(struct tss_block, io_map), cpu->tss->tss.io_map_base},
        .io_map_last = cpu->tss->io_map[IO_MAP_BYTES - 1],
    };
}

/* A limit that leaves the IST out of reach. */
static void plant_tss(struct cpu *cpu)
{
    cpu->gdt[SELECTOR_TSS / 8] ^= 0x80;
}

static void observe_ist(struct cpu *cpu, struct observation *ret)
{
    for (enum stack_id id = STACK_DF; id <= STACK_PROBE; id++)
        ret->ist.ist[id - 1] = (struct pair){stack_top(cpu->index, id), cpu->tss->tss.ist[id - 1]};
    ret->ist.rsp0 = (struct pair){stack_top(cpu->index, STACK_RSP0), cpu->tss->tss.rsp[0]};
}

/* The classic again: two CPUs share a #DF stack. */
static void plant_ist(struct cpu *cpu)
{
    const struct cpu *other = first_other(cpu);

    cpu->tss->tss.ist[IST_DF - 1] =
        other == cpu ? stack_top(cpu->index, STACK_NMI) : stack_top(other->index, STACK_DF);
}

static void heal_ist(struct cpu *cpu)
{
    cpu->tss->tss.ist[IST_DF - 1] = stack_top(cpu->index, STACK_DF);
}

static const struct check rows[] = {
    {.info = {.id = "gdt.loaded",
              .claim = "each CPU runs on its own GDT, whole and unchanged",
              .source = "SDM vol. 3A, 2.4.1 and 3.5.1",
              .needs = "",
              .defect = "a CPU on another CPU's GDT",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .observe = observe_gdt,
     .judge = judge_gdt,
     .plant = plant_gdt,
     .heal = heal_gdt},
    {.info = {.id = "idt.loaded",
              .claim = "each CPU has its own IDT of 256 gates, each with its handler and stack",
              .source = "SDM vol. 3A, 2.4.3 and 6.14.1",
              .needs = "",
              .defect = "a #DF gate without an IST",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .observe = observe_idt,
     .judge = judge_idt,
     .plant = plant_idt,
     .heal = heal_idt},
    {.info = {.id = "tss.loaded",
              .claim = "TR names this CPU's own busy TSS, in one page, with its I/O bitmap",
              .source = "SDM vol. 3A, 8.2.2 and 8.7; vol. 1, 19.5.2",
              .needs = "gdt.loaded",
              .defect = "a TSS descriptor with another limit",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .observe = observe_tss,
     .judge = judge_tss,
     .plant = plant_tss,
     .heal = plant_tss},
    {.info = {.id = "tss.ist",
              .claim =
                  "every IST entry and RSP0 is this CPU's own stack, aligned, shared with nobody",
              .source = "SDM vol. 3A, 6.14.5",
              .needs = "tss.loaded",
              .defect = "another CPU's #DF stack in IST1",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_READS},
     .observe = observe_ist,
     .judge = judge_ist,
     .plant = plant_ist,
     .heal = heal_ist},
};

FAMILY(tables_family, rows);
