/* EnableDisableAP, and what it does to the counts, the flags and to who runs. Only APs that
 * firmware had enabled are disabled, and all of them are enabled again. */
#include "mps_lab.h"

enum { DISABLED_MAX = 16 }; /* to enable one again costs 10 ms and more */

static EFI_STATUS enable(struct mps_lab *lab, enum mps_call call, uint32_t number, BOOLEAN on,
                         UINT32 *health)
{
    mps_call_begin(lab, call);
    return mps_call_end(lab, call, lab->mps->EnableDisableAP(lab->mps, number, on, health));
}

static void count(struct mps_lab *lab, uint64_t *ret_total, uint64_t *ret_enabled)
{
    UINTN total = 0, enabled = 0;
    mps_aside_begin(lab, MPS_GET_COUNT);
    lab->mps->GetNumberOfProcessors(lab->mps, &total, &enabled);
    mps_aside_end(lab, MPS_GET_COUNT);
    *ret_total = total;
    *ret_enabled = enabled;
}

static uint32_t flags_of(struct mps_lab *lab, uint32_t number)
{
    EFI_PROCESSOR_INFORMATION info = {0};
    mps_aside_begin(lab, MPS_GET_INFO);
    lab->mps->GetProcessorInfo(lab->mps, number, &info);
    mps_aside_end(lab, MPS_GET_INFO);
    return info.StatusFlag;
}

/* One by one: no broadcast while an AP is disabled (mps_start.c), unless they are too many for that
 * on a machine without a hypervisor, where an AP that is woken comes at once. */
static void start_without(struct mps_lab *lab, uint32_t number)
{
    struct cpuset others = lab->aps;
    cpuset_remove(&others, number);
    if (mps_unsafe(lab->record, MPS_ALL_WITHOUT) == NULL) {
        mps_desks_clear(lab, NULL);
        mps_start_trial(lab, MPS_ALL_WITHOUT, cpuset_count(&others) <= ONE_BY_ONE_MAX, &others);
    }
}

/* Firmware whose EnableDisableAP did nothing would obey what is to be refused. */
static bool is_out_of_use(const struct mps_lab *lab, uint32_t number)
{
    return !(lab->record->disabling.flags_off & MPS_FLAG_ENABLED) &&
           !cpuset_has(&mps_trial(lab->record, MPS_ALL_WITHOUT)->ran, number);
}

/* What must be refused for a disabled AP, asked while there is one. A SwitchBSP
 * that is obeyed would make it the BSP: only for who asked for switches. */
static void ask_disabled(struct mps_lab *lab, uint32_t number)
{
    mps_call_begin(lab, MPS_THIS_DISABLED);
    mps_call_end(
        lab, MPS_THIS_DISABLED,
        lab->mps->StartupThisAP(lab->mps, mps_procedure_nothing, number, NULL, 0, NULL, NULL));
    if (lab->record->switch_wanted) {
        mps_switch_refused(lab, MPS_SWITCH_DISABLED, number);
    }
}

static void disable_one(struct mps_lab *lab, uint32_t number)
{
    struct mps_disabling *it = &lab->record->disabling;
    it->number = number;
    it->flags_before = flags_of(lab, number);
    it->flags_wanted_off = (it->flags_before ^ MPS_FLAG_HEALTHY) & ~(uint32_t)MPS_FLAG_ENABLED;
    UINT32 health = it->flags_wanted_off;
    count(lab, &it->total_before, &it->enabled_before);
    if (EFI_ERROR(enable(lab, MPS_DISABLE, number, FALSE, &health))) {
        return;
    }
    count(lab, &it->total_off, &it->enabled_off);
    it->flags_off = flags_of(lab, number);
    start_without(lab, number);
    if (is_out_of_use(lab, number)) {
        ask_disabled(lab, number);
    }
    health = it->flags_before;
    enable(lab, MPS_ENABLE, number, TRUE, &health);
    count(lab, &it->total_on, &it->enabled_on);
    it->flags_on = flags_of(lab, number);
    mps_desks_clear(lab, NULL);
    mps_start_trial(lab, MPS_ALL_AGAIN, FALSE, &lab->aps);
}

/* Every AP that firmware calls enabled, whether it was seen or not. */
static void disable_all(struct mps_lab *lab)
{
    const struct cpuset *all = &mps_trial(lab->record, MPS_ALL)->asked;
    const struct mps_answer disabled = lab->record->answers[MPS_DISABLE];
    struct cpuset off = {{0}};
    cpuset_for_each(number, all)
    {
        if (!EFI_ERROR(enable(lab, MPS_DISABLE, number, FALSE, NULL))) {
            cpuset_add(&off, number);
        }
    }
    if (cpuset_equal(&off, all)) {
        mps_call_begin(lab, MPS_ALL_NONE);
        mps_call_end(lab, MPS_ALL_NONE,
                     lab->mps->StartupAllAPs(lab->mps, mps_procedure_nothing, FALSE, NULL, LATE_US,
                                             NULL, NULL));
    }
    cpuset_for_each(number, &off)
    {
        enable(lab, MPS_ENABLE, number, TRUE, NULL);
    }
    /* What the first one showed is what is judged. */
    lab->record->answers[MPS_DISABLE] = disabled;
}

void mps_disable(struct mps_lab *lab)
{
    const uint32_t last = mps_last_ap(lab);
    if (last == CPU_NONE) {
        return;
    }
    disable_one(lab, last);
    if (lab->record->answers[MPS_ENABLE].status == MPS_SUCCESS &&
        lab->record->answers[MPS_DISABLE].status == MPS_SUCCESS && is_out_of_use(lab, last) &&
        cpuset_count(&mps_trial(lab->record, MPS_ALL)->asked) <= DISABLED_MAX) {
        disable_all(lab);
    }
}
