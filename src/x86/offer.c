#include "offer.h"
#include "registers.h"
#include <muster/memory.h>
#include <muster/text.h>

bool leaf_present(uint32_t leaf)
{
    return cpuid(leaf & 0xc0000000, 0).eax >= leaf;
}

bool offers_nx(void)
{
    return leaf_present(0x80000001) && cpuid(0x80000001, 0).edx >> 20 & 1;
}

uint32_t physical_address_bits(void)
{
    return leaf_present(0x80000008) ? cpuid(0x80000008, 0).eax & 0xff : 36;
}

uint32_t encryption_address_bits(void)
{
    return encryption_bit() ? cpuid(0x8000001f, 0).ebx >> 6 & 0x3f : 0;
}

bool offers_machine_check(void)
{
    uint32_t both = 1 << 7 | 1 << 14; /* MCE, MCA */

    return (cpuid(1, 0).edx & both) == both;
}

bool offers_smca(void)
{
    return leaf_present(0x80000007) && cpuid(0x80000007, 0).ebx >> 3 & 1;
}

bool offers_extended_apic(void)
{
    return leaf_present(0x80000001) && cpuid(0x80000001, 0).ecx >> 3 & 1;
}

bool offers_tsc_deadline(void)
{
    return cpuid(1, 0).ecx >> 24 & 1;
}

bool under_hypervisor(void)
{
    return cpuid(1, 0).ecx >> 31;
}

bool offers_global_pages(void)
{
    return cpuid(1, 0).edx >> 13 & 1;
}

bool offers_pcid(void)
{
    return cpuid(1, 0).ecx >> 17 & 1;
}

bool offers_invpcid(void)
{
    return leaf_present(7) && cpuid(7, 0).ebx >> 10 & 1;
}

static uint32_t bit_if(uint32_t word, uint32_t bit, enum feature feature)
{
    return (word >> bit & 1) << feature;
}

uint32_t features_offered(void)
{
    struct cpuid seven = {0}, extended = {0};

    if (leaf_present(7))
        seven = cpuid(7, 0);
    if (leaf_present(0x80000001))
        extended = cpuid(0x80000001, 0);
    return 1u << FEATURE_NONE | bit_if(seven.ebx, 0, FEATURE_FSGSBASE) |
           bit_if(seven.ebx, 7, FEATURE_SMEP) | bit_if(seven.ebx, 20, FEATURE_SMAP) |
           bit_if(seven.ecx, 2, FEATURE_UMIP) | bit_if(seven.ecx, 3, FEATURE_PKU) |
           bit_if(seven.ecx, 16, FEATURE_LA57) | bit_if(extended.edx, 11, FEATURE_SYSCALL) |
           bit_if(extended.edx, 20, FEATURE_NX);
}

bool offers_ospke(void)
{
    return cpuid(7, 0).ecx >> 4 & 1;
}

bool offers_x2apic(void)
{
    return cpuid(1, 0).ecx >> 21 & 1;
}

uint32_t encryption_bit(void)
{
    return leaf_present(0x8000001f) ? cpuid(0x8000001f, 0).ebx & 0x3f : 0;
}

bool offers_ibt(void)
{
    return leaf_present(7) && cpuid(7, 0).edx >> 20 & 1;
}

bool offers_cet(void)
{
    if (!leaf_present(7))
        return false;
    struct cpuid leaf = cpuid(7, 0);
    return (leaf.ecx >> 7 & 1) || (leaf.edx >> 20 & 1);
}

bool offers_arat(void)
{
    bool hypervisor = cpuid(1, 0).ecx >> 31;

    return hypervisor || (leaf_present(6) && cpuid(6, 0).eax >> 2 & 1);
}

bool offers_invariant_tsc(void)
{
    return leaf_present(0x80000007) && cpuid(0x80000007, 0).edx >> 8 & 1;
}

bool offers_xsave(void)
{
    return cpuid(1, 0).ecx >> 26 & 1;
}

bool made_by_intel(void)
{
    return cpuid(0, 0).ebx == 0x756e6547; /* "Genu" */
}

uint32_t apic_id_leaf1(void)
{
    return cpuid(1, 0).ebx >> 24;
}

bool apic_id_leaf_b(uint32_t *ret_id)
{
    if (!leaf_present(0xb))
        return false;
    struct cpuid leaf = cpuid(0xb, 0);
    if (!leaf.ebx)
        return false;
    *ret_id = leaf.edx;
    return true;
}

uint32_t apic_id_cpuid(void)
{
    uint32_t id;

    return apic_id_leaf_b(&id) ? id : apic_id_leaf1();
}

void hypervisor_name(char ret[13])
{
    memset(ret, 0, 13);
    if (!(cpuid(1, 0).ecx >> 31))
        return;
    struct cpuid leaf = cpuid(0x40000000, 0);
    memcpy(ret, &leaf.ebx, 4);
    memcpy(ret + 4, &leaf.ecx, 4);
    memcpy(ret + 8, &leaf.edx, 4);
    for (int n = 0; n < 12; n++) {
        if (ret[n] && (ret[n] < 0x20 || ret[n] > 0x7e))
            ret[n] = '?';
    }
}

bool under_tcg(void)
{
    char name[13];

    hypervisor_name(name);
    return string_equal(name, "TCGTCGTCGTCG");
}

bool made_by_amd(void)
{
    uint32_t vendor = cpuid(0, 0).ebx;

    return vendor == 0x68747541 || vendor == 0x6f677948; /* "Auth" AMD, "Hygo" Hygon */
}

bool follows_apm(void)
{
    return made_by_amd() && !under_tcg();
}

bool needs_init_delay(void)
{
    struct cpuid vendor = cpuid(0, 0);
    uint32_t signature = cpuid(1, 0).eax;
    uint32_t family = signature >> 8 & 0xf;

    if (family == 0xf)
        family += signature >> 20 & 0xff;
    if (vendor.ebx == 0x756e6547) /* "Genu": Intel; 0xF is the Pentium 4 */
        return family < 6 || family == 0xf;
    if (made_by_amd())
        return family < 0xf;
    return true;
}
