/* What each CPU gets: GDT, TSS, IDT, GS, control registers, APIC; the same code on the BSP and on
 * APs. */
#ifndef SMP_INSTALL_H
#define SMP_INSTALL_H

#include "fleet.h"

/*
 * Control registers, the same on every CPU. Without CR4.MCE a machine check shuts the CPU down
 * without a word; OSFXSR and OSXMMEXCPT are what runtime services may rely on (UEFI 2.10, 2.3.4).
 * Every 64-bit CPU offers all.
 */
#define CONTROL_CR0 (CR0_PE | CR0_MP | CR0_ET | CR0_NE | CR0_WP | CR0_PG)
uint64_t control_cr4(const struct fleet *fleet);

/* Makes a CPU's tables in memory, as tables_load() will load them. BSP. */
void tables_make(struct cpu *cpu);
/* The gate that every CPU's IDT has for `vector`. */
struct gate tables_gate(uint32_t vector);
/* What IA32_KERNEL_GS_BASE holds on `cpu`: canonical, each CPU's own, and no address of anything.
 */
uint64_t kernel_gs_of(const struct cpu *cpu);
/* Loads GDT and IDT before anything else, so that an exception on the way up leaves last words
 * instead of resetting the machine. No stage: cpu_install() does it all again in its order. The CPU
 * itself. */
void tables_guard(struct cpu *cpu);
/* The CPU whose GDT this is. Any CPU, at any time: it needs no GS. */
struct cpu *tables_owner(const uint64_t *gdt);
/* Notes the stage just reached with its time. Never returns when --break up.<stage> stops the CPU
 * here, or when it has been given up meanwhile. */
void stage_reach(struct cpu *cpu, enum stage stage);
/* Loads everything, stage by stage up to STAGE_APIC. The CPU itself, on its main stack. */
void cpu_install(struct cpu *cpu);
/* Where the trampoline's long-mode end jumps to, on the CPU's main stack. */
_Noreturn void ap_main(struct cpu *cpu);

#endif
