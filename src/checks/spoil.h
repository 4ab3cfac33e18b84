/* What checks take away from a CPU for one exception, and give back. Everything is the CPU's own.
 */
#ifndef CHECKS_SPOIL_H
#define CHECKS_SPOIL_H

#include "cpu.h"

enum {
    SELECTOR_SPOILT = 0x30,          /* the spare slot: a kernel data segment that is absent */
    SELECTOR_BEYOND = GDT_SLOTS * 8, /* the first selector beyond the GDT's limit */
};

/* IST5 lies beyond the TSS's limit, IST1 to IST4 do not. LTR reads the limit anew. */
void spoil_tss_limit(struct cpu *cpu);
void heal_tss_limit(struct cpu *cpu);

/* The first `gates` gates only. */
void spoil_idt_limit(struct cpu *cpu, uint32_t gates);
void heal_idt_limit(struct cpu *cpu);

void spoil_data_segment(struct cpu *cpu);
void heal_data_segment(struct cpu *cpu);

/* SELECTOR_USER_CODE32 names a kernel code segment that is absent. */
void spoil_code_segment(struct cpu *cpu);
void heal_code_segment(struct cpu *cpu);

#endif
