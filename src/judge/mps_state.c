#include "mps_state.h"
#include "mps_calls.h"

static const char *const names[MPS_STATE_PARTS] = {
    [MPS_STATE_IF] = "RFLAGS.IF",
    [MPS_STATE_TPL] = "TPL",
    [MPS_STATE_CR8] = "CR8",
    [MPS_STATE_LVT_TIMER] = "LVT timer",
    [MPS_STATE_LVT_THERMAL] = "LVT thermal",
    [MPS_STATE_LVT_PERF] = "LVT performance",
    [MPS_STATE_LVT_LINT0] = "LVT LINT0",
    [MPS_STATE_LVT_LINT1] = "LVT LINT1",
    [MPS_STATE_LVT_ERROR] = "LVT error",
    [MPS_STATE_TIMER_COUNT] = "timer initial count",
    [MPS_STATE_TIMER_DIVIDE] = "timer divide",
};

#define LVT_MASKED UINT64_C(0x10000)

static bool wrong(const struct mps_change *change, struct words *ret)
{
    struct text expected, seen;
    const char *before = "";
    if (change->calls == 0) {
        return false;
    }
    text_init(&expected, ret->expected, sizeof(ret->expected));
    text_init(&seen, ret->seen, sizeof(ret->seen));
    for (uint32_t part = 0; part < MPS_STATE_PARTS; part++) {
        const uint64_t was = change->before.parts[part], is = change->after.parts[part];
        if (was != is) {
            text_format(&expected, "%s%s 0x%lx", before, names[part], (unsigned long)was);
            text_format(&seen, "%s%s 0x%lx", before, names[part], (unsigned long)is);
            before = ", ";
        }
    }
    text_format(&seen, " after %s", mps_call_words(change->first));
    if (change->calls > 1) {
        text_format(&seen, ", and after %u more", change->calls - 1);
    }
    return true;
}

bool mps_state_wrong(const struct mps_record *record, struct words *ret)
{
    return wrong(&record->changed, ret);
}

bool mps_switch_state_wrong(const struct mps_record *record, struct words *ret)
{
    return wrong(&record->switch_changed, ret);
}

/* UefiCpuPkg/Library/MpInitLib/MpLib.c, SwitchBSPWorker(): DisableApicTimerInterrupt(),
 * SaveAndDisableInterrupts() and DisableLvtInterrupts() (which masks LINT0 and LINT1) come before
 * the arguments are looked at, and every error returns without undoing them. Nothing else changes.
 * Seen in edk2-stable202211, 202502 and later. */
static bool is_switch_of_edk2(const struct mps_change *change)
{
    for (uint32_t part = 0; part < MPS_STATE_PARTS; part++) {
        const uint64_t was = change->before.parts[part], is = change->after.parts[part];
        const bool masks = part == MPS_STATE_LVT_TIMER || part == MPS_STATE_LVT_LINT0 ||
                           part == MPS_STATE_LVT_LINT1;
        if (was != is && !(masks && is == (was | LVT_MASKED)) &&
            !(part == MPS_STATE_IF && is == 0)) {
            return false;
        }
    }
    return true;
}

/* The same file, StartupThisAPWorker(): it looks whether the AP is the BSP or disabled, never
 * whether it is busy, and then wakes it. Same versions. */
static bool is_busy_of_edk2(const struct mps_record *record)
{
    const struct mps_answer *answer = &record->answers[MPS_THIS_BUSY];
    return answer->ending != MPS_NEVER && answer->status == MPS_SUCCESS;
}

bool mps_known_of_edk2(const struct mps_record *record, enum mps_check check, struct words *ret)
{
    if (check == MPS_CHECK_SWITCH_STATE && is_switch_of_edk2(&record->switch_changed)) {
        string_copy(ret->means, sizeof(ret->means),
                    "known of EDK II (MpLib.c): SwitchBSPWorker() turns interrupts, LINT0, LINT1 "
                    "and the APIC timer off first; its error paths do not turn them on again");
        return true;
    }
    if (check == MPS_CHECK_THIS_BUSY && is_busy_of_edk2(record)) {
        string_copy(ret->means, sizeof(ret->means),
                    "known of EDK II (MpLib.c): StartupThisAPWorker() does not look whether the AP "
                    "is busy; the first caller's event never comes");
        return true;
    }
    return false;
}
