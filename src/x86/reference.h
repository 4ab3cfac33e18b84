/* The TSC's rate by clocks of the platform whose own rate a specification fixes, or a register. */
#ifndef X86_REFERENCE_H
#define X86_REFERENCE_H

#include <muster/handoff.h>
#include <muster/observe_tsc.h>

/*
 * By a clock (RATE_PM, RATE_HPET, RATE_PIT): measures several windows and returns the median one. A
 * window begins and ends with a read of the reference between two reads of the TSC: the rate lies
 * within what these allow, however long the CPU was held in between. Or what CPUID tells of this
 * CPU: leaf 0x15; leaf 0x16, a marketing figure; a hypervisor's leaf 0x40000010 (VMware's
 * convention, which KVM took up). 0 where the reference is not there or stands still. Every wait is
 * bounded in reads. One CPU at a time, interrupts off.
 */
struct rate rate_by(enum rate_source source, const struct platform_claim *platform);

/* RATE_PERCENT, or what this emulator needs. */
uint32_t rate_percent(void);

/* The middle of two bounds; 0 where they are none. */
struct rate rate_between(uint64_t low, uint64_t high);

/* The crystal in Hz (leaf 0x15), which is the APIC timer's rate where it is told (SDM vol. 3A,
 * 11.5.4); 0: not told. */
uint64_t told_crystal(void);

#endif
