/* Takes down what a CPU was handed over with, before muster changes it. */
#ifndef SMP_STATE_H
#define SMP_STATE_H

#include "cpu.h"

/* An AP's GDTR and IDTR. The CPU itself, before it loads any table of its own: nothing that can
 * fault may stand before that. Does nothing when its state has been taken before: a second INIT
 * would show muster's own values. */
void state_take_tables(struct cpu *cpu);

/* Its other registers, with those that the trampoline found. The CPU itself, after tables_guard()
 * and before it loads a selector. As above. */
void state_take_registers(struct cpu *cpu);

/* The rest: XCR0, and every MSR, those that may not be there as well; of the BSP, whose others were
 * read at the door, only those. The CPU itself, after tables_guard() and before cpu_install(). As
 * above. */
void state_take_msrs(struct cpu *cpu);

/* Records the I/O APICs of the MADT, and masks what they hold unmasked. BSP, with muster's page
 * tables, before it first turns interrupts on. */
void state_take_ioapics(struct fleet *fleet);

/* Reads an MSR that may not be there; false when that raised #GP. Needs neither GS nor a TSS, only
 * the CPU's own GDT and IDT; interrupts off. */
bool state_try_msr(struct cpu *cpu, uint32_t msr, uint64_t *ret_value);

#endif
