/* mps.*: does MP Services keep the PI specification? All was asked before the door (efi/mps_*.c);
 * here it is judged. */
#include "check.h"
#include <muster/falsify.h>

#define JUDGE(name, which)                                                                         \
    static enum verdict told_##name(const struct handoff *handoff, struct words *ret)              \
    {                                                                                              \
        return mps_judge(&handoff->mps, (which), ret);                                             \
    }                                                                                              \
    static void falsify_##name(struct handoff *handoff)                                            \
    {                                                                                              \
        falsify_mps(&handoff->mps, (which));                                                       \
    }

JUDGE(count, MPS_CHECK_COUNT)
JUDGE(count_errors, MPS_CHECK_COUNT_ERRORS)
JUDGE(info, MPS_CHECK_INFO)
JUDGE(info_errors, MPS_CHECK_INFO_ERRORS)
JUDGE(info_extended, MPS_CHECK_INFO_EXTENDED)
JUDGE(who, MPS_CHECK_WHO)
JUDGE(apic_id, MPS_CHECK_APIC_ID)
JUDGE(all, MPS_CHECK_ALL)
JUDGE(together, MPS_CHECK_TOGETHER)
JUDGE(single, MPS_CHECK_SINGLE)
JUDGE(late, MPS_CHECK_LATE)
JUDGE(back, MPS_CHECK_BACK)
JUDGE(event, MPS_CHECK_EVENT)
JUDGE(event_late, MPS_CHECK_EVENT_LATE)
JUDGE(this, MPS_CHECK_THIS)
JUDGE(this_late, MPS_CHECK_THIS_LATE)
JUDGE(this_event, MPS_CHECK_THIS_EVENT)
JUDGE(start_errors, MPS_CHECK_START_ERRORS)
JUDGE(busy, MPS_CHECK_BUSY)
JUDGE(this_busy, MPS_CHECK_THIS_BUSY)
JUDGE(from_ap, MPS_CHECK_FROM_AP)
JUDGE(disable, MPS_CHECK_DISABLE)
JUDGE(disable_errors, MPS_CHECK_DISABLE_ERRORS)
JUDGE(not_started, MPS_CHECK_NOT_STARTED)
JUDGE(switch_errors, MPS_CHECK_SWITCH_ERRORS)
JUDGE(switch_state, MPS_CHECK_SWITCH_STATE)
JUDGE(switch, MPS_CHECK_SWITCH)
JUDGE(state, MPS_CHECK_STATE)

#define MPS(name, text, where, what, which)                                                        \
    {                                                                                              \
        CHECK_INFO("mps." name, text, "PI 1.8 vol. 2, " where, what, SCOPE_MACHINE, HAZARD_READS), \
            .judge_handoff = told_##which, .falsify_handoff = falsify_##which                      \
    }

static const struct check rows[] = {
    MPS("count", "GetNumberOfProcessors counts the processors that GetProcessorInfo tells of",
        "13.4.2", "one processor more", count),
    MPS("count-errors",
        "if NumberOfProcessors or NumberOfEnabledProcessors is NULL, EFI_INVALID_PARAMETER is "
        "returned",
        "13.4.2", "a call with NULL has another status", count_errors),
    MPS("info",
        "GetProcessorInfo tells of each processor: reserved bits of StatusFlag are 0, one is the "
        "BSP, never disabled",
        "13.4.3", "a reserved bit is set", info),
    MPS("info-errors",
        "EFI_NOT_FOUND: the processor does not exist; EFI_INVALID_PARAMETER: ProcessorInfoBuffer "
        "is NULL",
        "13.4.3", "a wrong call has another status", info_errors),
    MPS("info-extended",
        "with CPU_V2_EXTENDED_TOPOLOGY, GetProcessorInfo fills ExtendedInformation and else says "
        "the same",
        "13.4.3", "another StatusFlag with the flag", info_extended),
    MPS("who", "WhoAmI returns the handle number of the calling processor, on the BSP and on APs",
        "13.4.8", "another number on one AP", who),
    MPS("apic-id", "ProcessorId is the local APIC ID that the processor itself reads", "13.4.3",
        "another APIC ID on one AP", apic_id),
    MPS("all",
        "StartupAllAPs: all enabled APs execute Procedure, once, and have when the call returns",
        "13.4.4", "one AP did not run it", all),
    MPS("together", "SingleThread FALSE: the APs execute Procedure simultaneously", "13.4.4",
        "no two APs at the same time", together),
    MPS("single", "SingleThread TRUE: one by one, in ascending order of processor handle number",
        "13.4.4", "two APs at the same time", single),
    MPS("late",
        "EFI_TIMEOUT: Procedure is terminated on the APs of FailedCpuList, ended by "
        "END_OF_CPU_LIST, in a buffer to be freed",
        "13.4.4", "a late AP is not in the list", late),
    MPS("back", "after a timeout all enabled APs are available for further calls", "13.4.4",
        "the late AP does not run again", back),
    MPS("event",
        "WaitEvent not NULL: the call returns without waiting, the event comes when the APs are "
        "done",
        "13.4.4", "the event came too early", event),
    MPS("event-late",
        "WaitEvent is signalled when the timeout expires, and FailedCpuList is filled in then",
        "13.4.4", "the event does not come", event_late),
    MPS("this", "StartupThisAP dispatches one enabled AP, the one that is named", "13.4.5",
        "another CPU ran the procedure", this),
    MPS("this-late",
        "EFI_TIMEOUT: the timeout expired before the AP has finished; with WaitEvent, that comes "
        "and "
        "Finished is FALSE",
        "13.4.5", "another status", this_late),
    MPS("this-event", "WaitEvent comes when the AP is done, and Finished is then TRUE", "13.4.5",
        "Finished stays FALSE", this_event),
    MPS("start-errors",
        "EFI_INVALID_PARAMETER: Procedure is NULL, the processor is the BSP or disabled; "
        "EFI_NOT_FOUND: it does not exist",
        "13.4.4 and 13.4.5", "a wrong call has another status", start_errors),
    MPS("busy", "EFI_NOT_READY: if any enabled AP is busy, Procedure is not started on any AP",
        "13.4.4", "another status", busy),
    MPS("this-busy", "EFI_NOT_READY: the specified AP is busy", "13.4.5", "another status",
        this_busy),
    MPS("from-ap", "EFI_DEVICE_ERROR: the calling processor is an AP", "13.4.2 to 13.4.7",
        "a call from an AP has another status", from_ap),
    MPS("disable",
        "EnableDisableAP changes the count, StatusFlag, and who runs; and changes it back",
        "13.4.7", "the disabled AP ran", disable),
    MPS("disable-errors",
        "EFI_INVALID_PARAMETER: ProcessorNumber is the BSP; EFI_NOT_FOUND: it does not exist",
        "13.4.7", "a wrong call has another status", disable_errors),
    MPS("not-started", "EFI_NOT_STARTED: no enabled APs exist in the system", "13.4.4",
        "another status", not_started),
    MPS("switch-errors",
        "SwitchBSP: EFI_INVALID_PARAMETER: the current BSP or, asked with --switch-bsp, a disabled "
        "AP; "
        "EFI_NOT_FOUND: it does not exist",
        "13.4.6", "a wrong call has another status", switch_errors),
    MPS("switch-state",
        "a SwitchBSP that is refused changes nothing: interrupts enabled, TPL, local APIC",
        "13.4.6; UEFI 2.10, 2.3.4 and 7.1", "CR8 changed", switch_state),
    MPS("switch", "SwitchBSP makes the AP the BSP from that point onward, and back", "13.4.6",
        "WhoAmI has another number", switch),
    MPS("state",
        "every other call leaves interrupts enabled, and TPL, CR8, LVTs and APIC timer as found",
        "13.4; UEFI 2.10, 2.3.4 and 7.1", "interrupts are off after an error", state),
};

FAMILY(mps_family, rows);
