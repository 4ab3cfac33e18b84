/* What a CPU offers, asked of CPUID before anything relies on it. */
#ifndef X86_OFFER_H
#define X86_OFFER_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/feature.h>

/* Whether CPUID has this leaf, basic or extended. */
bool leaf_present(uint32_t leaf);
/* Whose manual tells what the model-specific registers are: Intel's; AMD's or Hygon's. */
bool made_by_intel(void);
bool made_by_amd(void);
bool offers_xsave(void);
/* Bits by enum feature; FEATURE_NONE is always set. */
uint32_t features_offered(void);
/* What CPUID says of CR4.PKE; only where FEATURE_PKU is offered. */
bool offers_ospke(void);
bool offers_nx(void);
/* MAXPHYADDR: CPUID 0x80000008, else 36 (SDM vol. 3A, 4.1.4). */
uint32_t physical_address_bits(void);
/* How many of them AMD's memory encryption takes away while it is on (CPUID 0x8000001f). */
uint32_t encryption_address_bits(void);
bool offers_global_pages(void);
/* Machine checks, and banks that tell of them. */
bool offers_machine_check(void);
/* AMD's scalable banks, which have MSRs of their own. */
bool offers_smca(void);
/* AMD's extended LVTs. */
bool offers_extended_apic(void);
bool offers_tsc_deadline(void);
bool under_hypervisor(void);
bool offers_pcid(void);
bool offers_invpcid(void);
bool offers_x2apic(void);
/* AMD or Hygon, and not as QEMU's software emulation calls itself: where the APM leaves open what
 * the SDM decides. */
bool follows_apm(void);
bool offers_cet(void);
/* Where AMD's memory encryption has its C-bit in a page table entry (CPUID 0x8000001f); 0: nowhere.
 */
uint32_t encryption_bit(void);
/* CET: indirect-branch tracking. */
bool offers_ibt(void);
/* The APIC timer runs on while the CPU is halted (CPUID 6: ARAT), or a hypervisor says how deep a
 * halt is. */
bool offers_arat(void);
/* A TSC that runs on at one rate in every state; the APIC timer's TSC-deadline mode. */
bool offers_invariant_tsc(void);
/* This CPU's x2APIC ID from leaf 0xB (the same field in 0x1F), else its 8-bit ID from leaf 1. */
uint32_t apic_id_cpuid(void);
/* The 8-bit initial APIC ID of leaf 1. */
uint32_t apic_id_leaf1(void);
/* Leaf 0xB's ID; false where the leaf is absent. */
bool apic_id_leaf_b(uint32_t *ret_id);
/* The hypervisor's 12-character signature and a terminator (CPUID 0x40000000), or "". */
void hypervisor_name(char ret[13]);
/* Whether that is QEMU with software emulation, some of whose departures from the manual are known.
 */
bool under_tcg(void);
/* A CPU old enough to need 10 ms between INIT and SIPI (MP specification 1.4, B.4). */
bool needs_init_delay(void);

#endif
