/* SwitchBSP: what must be refused, and with --switch-bsp a real switch there and back.
 *
 * Not from an AP: EDK II's MpInitLibSwitchBSP() calls LocateProtocol() and stops the platform's
 * timer before it looks who calls, and boot services are not for APs. */
#include "mps_lab.h"
#include "processor.h"

enum { IA32_APIC_BASE = 0x1b, APIC_BASE_BSP = 1 << 8 };

static EFI_STATUS switch_bsp(struct mps_lab *lab, enum mps_call call, UINTN number)
{
    mps_call_begin(lab, call);
    return mps_call_end(lab, call, lab->mps->SwitchBSP(lab->mps, number, TRUE));
}

static void look(struct mps_lab *lab, uint32_t number, uint64_t *ret_who, uint32_t *ret_id,
                 bool *ret_flag)
{
    EFI_PROCESSOR_INFORMATION info = {0};
    UINTN who = CPU_NONE;
    mps_aside_begin(lab, MPS_WHO);
    lab->mps->WhoAmI(lab->mps, &who);
    mps_aside_end(lab, MPS_WHO);
    mps_aside_begin(lab, MPS_GET_INFO);
    lab->mps->GetProcessorInfo(lab->mps, number, &info);
    mps_aside_end(lab, MPS_GET_INFO);
    *ret_who = who;
    *ret_id = cpuid_apic_id(processor_cpuid);
    *ret_flag = info.StatusFlag & PROCESSOR_AS_BSP;
}

/* INIT makes a CPU wait for SIPI unless its BSP flag is set (SDM vol. 3A, 9.4): the old BSP must
 * lose the flag, or the way back starts it from the reset vector. QEMU's software emulation keeps
 * the flag whatever is written (hw/intc/apic.c, apic_set_base()). */
static bool can_lose_bsp_flag(void)
{
    const uint64_t base = processor_rdmsr(IA32_APIC_BASE);
    processor_wrmsr(IA32_APIC_BASE, base & ~(uint64_t)APIC_BASE_BSP);
    const bool lost = !(processor_rdmsr(IA32_APIC_BASE) & APIC_BASE_BSP);
    processor_wrmsr(IA32_APIC_BASE, base);
    return lost;
}

static void switch_there_and_back(struct mps_lab *lab)
{
    struct mps_switching *it = &lab->record->switching;
    const uint32_t bsp = lab->record->bsp;
    it->number = cpuset_next(&lab->aps, 0);
    if (EFI_ERROR(switch_bsp(lab, MPS_SWITCH_THERE, it->number))) {
        return;
    }
    look(lab, it->number, &it->who_there, &it->id_there, &it->flag_there);
    switch_bsp(lab, MPS_SWITCH_BACK, bsp);
    look(lab, bsp, &it->who_back, &it->id_back, &it->flag_back);
}

/* Only where it cannot become a real switch: nobody asked for one. */
static void ask_refused(struct mps_lab *lab, enum mps_call call, UINTN number)
{
    if (mps_unsafe(lab->record, call) == NULL) {
        switch_bsp(lab, call, number);
    }
}

void mps_switch(struct mps_lab *lab)
{
    ask_refused(lab, MPS_SWITCH_SELF, lab->record->bsp);
    ask_refused(lab, MPS_SWITCH_BEYOND, mps_beyond(lab->record));
    if (!lab->record->switch_wanted || cpuset_empty(&lab->aps) ||
        mps_unsafe(lab->record, MPS_SWITCH_THERE) != NULL) {
        return;
    }
    lab->record->bsp_flag_fixed = !can_lose_bsp_flag();
    if (!lab->record->bsp_flag_fixed) {
        switch_there_and_back(lab);
    }
}
