#include "install.h"
#include "exception.h"
#include "lapic.h"
#include "offer.h"
#include "registers.h"
#include "state.h"
#include "work.h"

/* PAT as at reset, but entry 1 (PWT) write-combining instead of write-through (SDM vol.
 * 3A, 12.12.4). */
#define PAT_VALUE UINT64_C(0x0007040600070106)

static uint8_t ist_of(uint32_t vector)
{
    switch (vector) {
    case VECTOR_DF:
        return IST_DF;
    case VECTOR_NMI:
        return IST_NMI;
    case VECTOR_MC:
        return IST_MC;
    case VECTOR_DB:
        return IST_DB;
    default:
        return IST_NONE;
    }
}

struct gate tables_gate(uint32_t vector)
{
    uint64_t stub = (uint64_t)(uintptr_t)entry_stubs + vector * ENTRY_STUB_BYTES;

    uint8_t type = vector == VECTOR_RING3 ? GATE_USER : GATE_INTERRUPT;

    return gate_encode(stub, ist_of(vector), type);
}

/* Every GDT's page ends with the address of its CPU's block. */
static struct cpu **owner_field(const uint64_t *gdt)
{
    return (struct cpu **)((uintptr_t)gdt + TABLES_OWNER_AT);
}

struct cpu *tables_owner(const uint64_t *gdt)
{
    return *owner_field(gdt);
}

static void tables_make_gates(struct cpu *cpu)
{
    for (uint32_t vector = 0; vector < IDT_GATES; vector++)
        cpu->idt[vector] = tables_gate(vector);
}

void tables_make(struct cpu *cpu)
{
    *owner_field(cpu->gdt) = cpu;
    gdt_encode(cpu->gdt, cpu->tss);
    tss_encode(cpu->tss);
    cpu->tss->tss.rsp[0] = stack_top(cpu->index, STACK_RSP0);
    for (enum stack_id id = STACK_DF; id <= STACK_PROBE; id++)
        cpu->tss->tss.ist[id - 1] = stack_top(cpu->index, id);
    tables_make_gates(cpu);
}

void stage_reach(struct cpu *cpu, enum stage stage)
{
    cpu->stage_tsc[stage] = tsc_read();
    cpu->stage = stage;
    if (cpu->break_stage == stage || cpu->abandoned)
        halt_for_good();
}

static void load_gdt(const struct cpu *cpu)
{
    struct table_register gdtr = {.limit = GDT_SLOTS * 8 - 1, .base = (uintptr_t)cpu->gdt};

    gdtr_write(&gdtr);
    __asm__ volatile("pushq %[code]\n\t"
                     "leaq 1f(%%rip), %%rax\n\t"
                     "pushq %%rax\n\t"
                     "lretq\n"
                     "1:\n\t"
                     "movl %[data], %%eax\n\t"
                     "movw %%ax, %%ss\n\t"
                     "movw %%ax, %%ds\n\t"
                     "movw %%ax, %%es\n\t"
                     "xorl %%eax, %%eax\n\t"
                     "movw %%ax, %%fs\n\t"
                     "movw %%ax, %%gs"
                     :
                     : [code] "i"(SELECTOR_KERNEL_CODE), [data] "i"(SELECTOR_KERNEL_DATA)
                     : "rax", "memory");
}

static void load_tss(struct cpu *cpu)
{
    /* LTR faults on a busy TSS, and this CPU may have come this far before (SDM vol. 2A, LTR). */
    gdt_encode_tss(cpu->gdt, cpu->tss);
    tr_write(SELECTOR_TSS);
}

static void load_idt(const struct cpu *cpu)
{
    struct table_register idtr = {.limit = IDT_GATES * sizeof(struct gate) - 1,
                                  .base = (uintptr_t)cpu->idt};

    idtr_write(&idtr);
}

uint64_t kernel_gs_of(const struct cpu *cpu)
{
    return UINT64_C(0xffffc00000000000) + cpu->index;
}

static void load_gs(struct cpu *cpu)
{
    msr_write(MSR_GS_BASE, (uintptr_t)cpu);
    msr_write(MSR_KERNEL_GS_BASE, kernel_gs_of(cpu));
}

uint64_t control_cr4(const struct fleet *fleet)
{
    uint64_t cr4 = CR4_PAE | CR4_MCE | CR4_OSFXSR | CR4_OSXMMEXCPT;

    return fleet->paging.levels == 5 ? cr4 | CR4_LA57 : cr4;
}

void tables_guard(struct cpu *cpu)
{
    struct table_register gdtr = {.limit = GDT_SLOTS * 8 - 1, .base = (uintptr_t)cpu->gdt};

    /* The TSS is not loaded yet: until it is, every exception stays on the running stack. */
    for (uint32_t vector = 0; vector < VECTOR_EXCEPTIONS; vector++)
        cpu->idt[vector].ist = IST_NONE;
    gdtr_write(&gdtr);
    load_idt(cpu);
}

void cpu_install(struct cpu *cpu)
{
    load_gdt(cpu);
    stage_reach(cpu, STAGE_GDT);
    load_tss(cpu);
    stage_reach(cpu, STAGE_TSS);
    tables_make_gates(cpu);
    load_idt(cpu);
    stage_reach(cpu, STAGE_IDT);
    load_gs(cpu);
    stage_reach(cpu, STAGE_GS);
    cr0_write(CONTROL_CR0);
    cr4_write(control_cr4(cpu->fleet));
    msr_write(MSR_PAT, PAT_VALUE);
    cr3_write(cr3_read()); /* what the TLB holds was typed by the old PAT */
    if (!apic_enable(&cpu->fleet->apic, VECTOR_SPURIOUS)) {
        cpu->refusal = REFUSAL_APIC_MODE;
        halt_for_good();
    }
    if (cpu->index) /* by the mailbox an AP comes as firmware left it; the BSP was made quiet before
                     */
        lapic_quiet(&cpu->fleet->apic);
    stage_reach(cpu, STAGE_APIC);
}

/* --break: once. */
static void rehearse(struct cpu *cpu)
{
    work *act = cpu->rehearsal;

    cpu->rehearsal = NULL;
    if (act)
        act(cpu, NULL);
}

void ap_main(struct cpu *cpu)
{
    state_take_tables(cpu);
    tables_guard(cpu);
    rehearse(cpu);
    state_take_registers(cpu);
    state_take_msrs(cpu);
    cpu_install(cpu);
    work_report_online(cpu);
    work_idle(cpu);
}
