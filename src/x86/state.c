/* The calling CPU's registers and MSRs as they stand, read without risk of a fault. */
#include "offer.h"
#include "registers.h"
#include <muster/state.h>

enum { CPUID_CORE_TYPE = 0x1a };

static struct cpuid leaf_or_none(uint32_t leaf, uint32_t subleaf)
{
    return leaf_present(leaf) ? cpuid(leaf, subleaf) : (struct cpuid){0};
}

static uint32_t offered_if(uint32_t bit, enum state_offer offer)
{
    return (bit & 1) << offer;
}

/* IA32_XAPIC_DISABLE_STATUS is there where a bit of IA32_ARCH_CAPABILITIES says so (SDM vol. 4). */
static bool has_xapic_lock(uint32_t seven_edx)
{
    return seven_edx >> 29 & 1 && msr_read(MSR_ARCH_CAPABILITIES) >> 21 & 1;
}

/* Bits by enum state_offer. */
static uint32_t offered(void)
{
    struct cpuid one = cpuid(1, 0), seven = leaf_or_none(7, 0);
    uint32_t extended = leaf_or_none(0x80000001, 0).edx;
    uint32_t amd = leaf_or_none(0x80000008, 0).ebx;

    return 1u << OFFER_ALWAYS | offered_if(one.edx >> 9, OFFER_APIC) |
           offered_if(one.edx >> 12, OFFER_MTRR) | offered_if(one.edx >> 16, OFFER_PAT) |
           offered_if(seven.ebx >> 1, OFFER_TSC_ADJUST) |
           offered_if(seven.edx >> 26 | seven.edx >> 27 | amd >> 14 | amd >> 15, OFFER_SPEC_CTRL) |
           offered_if(seven.edx >> 29, OFFER_ARCH_CAPS) |
           offered_if(extended >> 27 | seven.ecx >> 22, OFFER_TSC_AUX) |
           offered_if(seven.ecx >> 7 | seven.edx >> 20, OFFER_CET) |
           offered_if(leaf_or_none(0xd, 1).eax >> 3, OFFER_XSS) |
           offered_if(has_xapic_lock(seven.edx), OFFER_XAPIC_LOCK);
}

/* What kind of core this is on a machine that has several: CPUID 0x1A EAX, core type and native
 * model, where leaf 7 says "hybrid" (SDM vol. 2A, CPUID), the same fields of 0x80000026 where that
 * says so (APM vol. 3, E.4.24); else 0. Two models of one type are two kinds. */
static uint32_t core_type(void)
{
    if (leaf_or_none(7, 0).edx >> 15 & 1)
        return leaf_or_none(CPUID_CORE_TYPE, 0).eax;
    struct cpuid amd = leaf_or_none(0x80000026, 0);
    return amd.eax >> 30 & 1 ? amd.ebx >> 24 : 0;
}

void state_read_tables(struct state_record *ret)
{
    struct table_register gdtr = gdtr_read(), idtr = idtr_read();

    state_set(ret, STATE_GDT_BASE, gdtr.base);
    state_set(ret, STATE_GDT_LIMIT, gdtr.limit);
    state_set(ret, STATE_IDT_BASE, idtr.base);
    state_set(ret, STATE_IDT_LIMIT, idtr.limit);
}

static void read_selectors(struct state_record *ret)
{
    state_set(ret, STATE_CS, cs_read());
    state_set(ret, STATE_SS, ss_read());
    state_set(ret, STATE_DS, ds_read());
    state_set(ret, STATE_ES, es_read());
    state_set(ret, STATE_FS, fs_read());
    state_set(ret, STATE_GS, gs_read());
    state_set(ret, STATE_TR, tr_read());
    state_set(ret, STATE_LDTR, ldtr_read());
}

/* FNSTCW is #NM under EM or TS; STMXCSR is #UD without OSFXSR (SDM vol. 2). */
static void read_floating(struct state_record *ret)
{
    if (cr0_read() & (CR0_EM | CR0_TS))
        return;
    state_set(ret, STATE_FCW, fcw_read());
    if (cr4_read() & CR4_OSFXSR)
        state_set(ret, STATE_MXCSR, mxcsr_read());
}

void state_read_registers(struct state_record *ret)
{
    state_set(ret, STATE_CORE_TYPE, core_type());
    state_set(ret, STATE_CR0, cr0_read());
    state_set(ret, STATE_CR3, cr3_read());
    state_set(ret, STATE_CR4, cr4_read());
    state_set(ret, STATE_CR8, cr8_read());
    state_set(ret, STATE_RFLAGS, rflags_read());
    state_set(ret, STATE_DR6, dr6_read());
    state_set(ret, STATE_DR7, dr7_read());
    read_selectors(ret);
    read_floating(ret);
    /* XGETBV is #UD without it (SDM vol. 2D). */
    if (cr4_read() & CR4_OSXSAVE)
        state_set(ret, STATE_XCR0, xcr0_read());
}

void state_read_msrs(struct state_record *ret)
{
    uint32_t offers = offered();

    for (uint32_t n = 0; n < state_row_count(); n++) {
        const struct state_row *row = state_row(n);
        if (row->offer == OFFER_NO_MSR || row->offer == OFFER_TRY)
            continue;
        for (uint32_t k = 0; k < row->count; k++) {
            if (offers >> row->offer & 1)
                state_set(ret, row->slot + k, msr_read(row->msr + k));
            else
                ret->presence[row->slot + k] = STATE_ABSENT;
        }
    }
}

void state_read(struct state_record *ret)
{
    *ret = (struct state_record){.taken = true};
    state_read_tables(ret);
    state_read_registers(ret);
    state_read_msrs(ret);
}
