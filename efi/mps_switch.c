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

static bool is_home(const struct mps_lab *lab)
{
    return cpuid_apic_id(processor_cpuid) == lab->record->bsp_id;
}

/* On another CPU nothing more can be asked, or run: mps_take() refuses. */
static void stay_home(struct mps_lab *lab)
{
    if (!is_home(lab)) {
        __builtin_longjmp(lab->escape, 1);
    }
}

static void switch_there_and_back(struct mps_lab *lab)
{
    struct mps_switching *it = &lab->record->switching;
    const uint32_t bsp = lab->record->bsp;
    it->number = cpuset_next(&lab->aps, 0);
    if (EFI_ERROR(switch_bsp(lab, MPS_SWITCH_THERE, it->number))) {
        stay_home(lab);
        return;
    }
    look(lab, it->number, &it->who_there, &it->id_there, &it->flag_there);
    switch_bsp(lab, MPS_SWITCH_BACK, bsp);
    look(lab, bsp, &it->who_back, &it->id_back, &it->flag_back);
    stay_home(lab);
}

/* The state is that before the first switch, whoever changed it. */
static void go_home(struct mps_lab *lab)
{
    struct mps_state after;
    mps_aside_begin(lab, MPS_SWITCH_BACK);
    lab->mps->SwitchBSP(lab->mps, lab->record->bsp, TRUE);
    mps_aside_end(lab, MPS_SWITCH_BACK);
    mps_state_read(lab, &after);
    mps_state_restore(lab, &lab->before, &after);
    stay_home(lab);
}

void mps_switch_refused(struct mps_lab *lab, enum mps_call call, UINTN number)
{
    struct mps_switching *it = &lab->record->switching;
    uint64_t who;
    bool flag;
    if (mps_unsafe(lab->record, call) != NULL) {
        return;
    }
    const EFI_STATUS status = switch_bsp(lab, call, number);
    if (status != EFI_SUCCESS && is_home(lab)) {
        return;
    }
    it->obeyed = true;
    it->obeyed_call = call;
    look(lab, lab->record->bsp, &who, &it->obeyed_id, &flag);
    if (!is_home(lab) || !flag) {
        go_home(lab);
    }
}

void mps_switch_prepare(struct mps_lab *lab)
{
    lab->record->bsp_flag_fixed =
        lab->record->switch_wanted && !cpuset_empty(&lab->aps) && !can_lose_bsp_flag();
}

void mps_switch(struct mps_lab *lab)
{
    mps_switch_refused(lab, MPS_SWITCH_SELF, lab->record->bsp);
    mps_switch_refused(lab, MPS_SWITCH_BEYOND, mps_beyond(lab->record));
    if (lab->record->switch_wanted && !cpuset_empty(&lab->aps) &&
        mps_unsafe(lab->record, MPS_SWITCH_THERE) == NULL) {
        switch_there_and_back(lab);
    }
}
