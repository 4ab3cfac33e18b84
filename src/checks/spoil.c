#include "spoil.h"
#include "registers.h"

enum {
    TSS_LIMIT_WITHOUT_IST5 = offsetof(struct tss, ist) + IST_DB * sizeof(uint64_t) - 1,
    SEGMENT_PRESENT_BIT = 47,
};

void spoil_tss_limit(struct cpu *cpu)
{
    uint64_t *low = &cpu->gdt[SELECTOR_TSS / 8];

    gdt_encode_tss(cpu->gdt, cpu->tss);
    *low = (*low & ~UINT64_C(0xffff)) | TSS_LIMIT_WITHOUT_IST5;
    tr_write(SELECTOR_TSS);
}

void heal_tss_limit(struct cpu *cpu)
{
    gdt_encode_tss(cpu->gdt, cpu->tss);
    tr_write(SELECTOR_TSS);
}

void spoil_idt_limit(struct cpu *cpu, uint32_t gates)
{
    struct table_register idtr = {.limit = (uint16_t)(gates * sizeof(struct gate) - 1),
                                  .base = (uintptr_t)cpu->idt};

    idtr_write(&idtr);
}

void heal_idt_limit(struct cpu *cpu)
{
    spoil_idt_limit(cpu, IDT_GATES);
}

static uint64_t absent_copy(const struct cpu *cpu, uint16_t selector)
{
    return cpu->gdt[selector / 8] & ~(UINT64_C(1) << SEGMENT_PRESENT_BIT);
}

void spoil_data_segment(struct cpu *cpu)
{
    cpu->gdt[SELECTOR_SPOILT / 8] = absent_copy(cpu, SELECTOR_KERNEL_DATA);
}

void heal_data_segment(struct cpu *cpu)
{
    cpu->gdt[SELECTOR_SPOILT / 8] = 0;
}

void spoil_code_segment(struct cpu *cpu)
{
    cpu->gdt[SELECTOR_USER_CODE32 / 8] = absent_copy(cpu, SELECTOR_KERNEL_CODE);
}

void heal_code_segment(struct cpu *cpu)
{
    uint64_t gdt[GDT_SLOTS];

    gdt_encode(gdt, cpu->tss);
    cpu->gdt[SELECTOR_USER_CODE32 / 8] = gdt[SELECTOR_USER_CODE32 / 8];
}
