/* The TSC's rate by clocks of the platform whose own rate a specification fixes, or a register. */
#ifndef X86_REFERENCE_H
#define X86_REFERENCE_H

#include <muster/handoff.h>
#include <muster/observe_tsc.h>

/*
 * Each measures several windows and returns the median one. A window begins and ends with a read of
 * the reference between two reads of the TSC: the rate lies within what these allow, however long
 * the CPU was held in between. 0 where the reference is not there or stands still. Every wait is
 * bounded in reads. One CPU at a time, interrupts off.
 */
struct rate reference_pm(const struct platform_claim *platform);
struct rate reference_hpet(const struct platform_claim *platform);
struct rate reference_pit(void);

/* RATE_PERCENT, or what this emulator needs. */
uint32_t rate_percent(void);

/* The middle of two bounds; 0 where they are none. */
struct rate rate_between(uint64_t low, uint64_t high);

/* What CPUID tells of this CPU: the TSC by leaf 0x15 and, a marketing figure, by leaf 0x16; and by
 * a hypervisor's leaf 0x40000010 (VMware's convention, which KVM took up). */
struct rate told_leaf_15(void);
struct rate told_leaf_16(void);
struct rate told_hypervisor(void);
/* The crystal in Hz (leaf 0x15), which is the APIC timer's rate where it is told (SDM vol. 3A,
 * 11.5.4); 0: not told. */
uint64_t told_crystal(void);

#endif
