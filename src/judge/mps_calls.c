#include "mps_calls.h"

struct rule {
    uint8_t check;
    uint32_t allowed; /* a bit for each enum mps_status */
    const char *words;
};

#define OK        (1u << MPS_SUCCESS)
#define INVALID   (1u << MPS_INVALID_PARAMETER)
#define OFF       (1u << MPS_UNSUPPORTED)
#define BUSY      (1u << MPS_NOT_READY)
#define DEVICE    (1u << MPS_DEVICE_ERROR)
#define NOT_FOUND (1u << MPS_NOT_FOUND)
#define LATE      (1u << MPS_TIMEOUT)
#define NO_AP     (1u << MPS_NOT_STARTED)
/* APs are held while it is made: it must not wait for them. */
#define HELD (1u << 31)

/* EFI_UNSUPPORTED is allowed where PI lets the service be absent, or have ended at ReadyToBoot.
 * StartupAllAPs(NULL) may also say that there is no AP: PI does not tell which comes first. */
static const struct rule rules[MPS_CALLS] = {
    [MPS_GET_COUNT] = {MPS_CHECK_COUNT, OK, "GetNumberOfProcessors"},
    [MPS_COUNT_NULL_TOTAL] = {MPS_CHECK_COUNT_ERRORS, INVALID,
                              "GetNumberOfProcessors(NULL, &enabled)"},
    [MPS_COUNT_NULL_ENABLED] = {MPS_CHECK_COUNT_ERRORS, INVALID,
                                "GetNumberOfProcessors(&total, NULL)"},
    [MPS_COUNT_NULL_BOTH] = {MPS_CHECK_COUNT_ERRORS, INVALID, "GetNumberOfProcessors(NULL, NULL)"},
    [MPS_GET_INFO] = {MPS_CHECK_INFO, OK, "GetProcessorInfo"},
    [MPS_GET_EXTENDED] = {MPS_CHECK_INFO_EXTENDED, OK | NOT_FOUND | INVALID | OFF,
                          "GetProcessorInfo with CPU_V2_EXTENDED_TOPOLOGY"},
    [MPS_INFO_NULL] = {MPS_CHECK_INFO_ERRORS, INVALID, "GetProcessorInfo(0, NULL)"},
    [MPS_INFO_BEYOND] = {MPS_CHECK_INFO_ERRORS, NOT_FOUND,
                         "GetProcessorInfo of the first number beyond the count"},
    [MPS_INFO_FAR] = {MPS_CHECK_INFO_ERRORS, NOT_FOUND, "GetProcessorInfo(0xffffff)"},
    [MPS_WHO] = {MPS_CHECK_WHO, OK, "WhoAmI on the BSP"},
    [MPS_WHO_NULL] = {MPS_CHECK_WHO, INVALID, "WhoAmI(NULL) on the BSP"},
    [MPS_ALL] = {MPS_CHECK_ALL, OK, "StartupAllAPs, blocking"},
    [MPS_ALL_TOGETHER] = {MPS_CHECK_TOGETHER, OK, "StartupAllAPs, all at once"},
    [MPS_ALL_SINGLE] = {MPS_CHECK_SINGLE, OK, "StartupAllAPs, one at a time"},
    [MPS_ALL_LATE] = {MPS_CHECK_LATE, LATE | HELD, "StartupAllAPs with a timeout that expires"},
    [MPS_ALL_BACK] = {MPS_CHECK_BACK, OK, "StartupAllAPs after timeouts"},
    [MPS_ALL_EVENT] = {MPS_CHECK_EVENT, OK | OFF | HELD, "StartupAllAPs with an event"},
    [MPS_ALL_EVENT_LATE] = {MPS_CHECK_EVENT_LATE, OK | OFF | HELD,
                            "StartupAllAPs with an event and a timeout"},
    [MPS_ALL_WITHOUT] = {MPS_CHECK_DISABLE, OK | NO_AP, "StartupAllAPs with one AP disabled"},
    [MPS_ALL_AGAIN] = {MPS_CHECK_DISABLE, OK, "StartupAllAPs with that AP enabled again"},
    [MPS_THIS] = {MPS_CHECK_THIS, OK, "StartupThisAP, blocking"},
    [MPS_THIS_LATE] = {MPS_CHECK_THIS_LATE, LATE | HELD,
                       "StartupThisAP with a timeout that expires"},
    [MPS_THIS_EVENT_LATE] = {MPS_CHECK_THIS_LATE, OK | OFF | HELD,
                             "StartupThisAP with an event and a timeout"},
    [MPS_THIS_EVENT] = {MPS_CHECK_THIS_EVENT, OK | OFF | HELD, "StartupThisAP with an event"},
    [MPS_ALL_NULL] = {MPS_CHECK_START_ERRORS, INVALID | NO_AP, "StartupAllAPs(NULL)"},
    [MPS_THIS_NULL] = {MPS_CHECK_START_ERRORS, INVALID, "StartupThisAP(NULL) on an AP"},
    [MPS_THIS_BEYOND] = {MPS_CHECK_START_ERRORS, NOT_FOUND,
                         "StartupThisAP on the first number beyond the count"},
    [MPS_THIS_BSP] = {MPS_CHECK_START_ERRORS, INVALID, "StartupThisAP on the BSP"},
    [MPS_THIS_DISABLED] = {MPS_CHECK_START_ERRORS, INVALID, "StartupThisAP on a disabled AP"},
    [MPS_THIS_HELD] = {MPS_CHECK_BUSY, OK | OFF | HELD,
                       "StartupThisAP with an event, to keep an AP busy"},
    [MPS_ALL_BUSY] = {MPS_CHECK_BUSY, BUSY | HELD, "StartupAllAPs while an AP is busy"},
    [MPS_THIS_BUSY] = {MPS_CHECK_THIS_BUSY, BUSY | HELD, "StartupThisAP on a busy AP"},
    [MPS_ALL_NONE] = {MPS_CHECK_NOT_STARTED, NO_AP, "StartupAllAPs with no AP enabled"},
    [MPS_FROM_AP] = {MPS_CHECK_FROM_AP, OK, "StartupThisAP, for calls from an AP"},
    [MPS_AP_COUNT] = {MPS_CHECK_FROM_AP, DEVICE, "GetNumberOfProcessors on an AP"},
    [MPS_AP_INFO] = {MPS_CHECK_FROM_AP, DEVICE, "GetProcessorInfo on an AP"},
    [MPS_AP_ALL] = {MPS_CHECK_FROM_AP, DEVICE, "StartupAllAPs on an AP"},
    [MPS_AP_THIS] = {MPS_CHECK_FROM_AP, DEVICE, "StartupThisAP on an AP"},
    [MPS_AP_ENABLE] = {MPS_CHECK_FROM_AP, DEVICE | OFF, "EnableDisableAP on an AP"},
    [MPS_DISABLE] = {MPS_CHECK_DISABLE, OK | OFF, "EnableDisableAP, to disable an AP"},
    [MPS_ENABLE] = {MPS_CHECK_DISABLE, OK, "EnableDisableAP, to enable the AP again"},
    [MPS_DISABLE_BSP] = {MPS_CHECK_DISABLE_ERRORS, INVALID | OFF, "EnableDisableAP of the BSP"},
    [MPS_DISABLE_BEYOND] = {MPS_CHECK_DISABLE_ERRORS, NOT_FOUND | OFF,
                            "EnableDisableAP of the first number beyond the count"},
    [MPS_SWITCH_SELF] = {MPS_CHECK_SWITCH_ERRORS, INVALID | OFF, "SwitchBSP to the BSP"},
    [MPS_SWITCH_BEYOND] = {MPS_CHECK_SWITCH_ERRORS, NOT_FOUND | OFF,
                           "SwitchBSP to the first number beyond the count"},
    [MPS_SWITCH_DISABLED] = {MPS_CHECK_SWITCH_ERRORS, INVALID | OFF, "SwitchBSP to a disabled AP"},
    [MPS_SWITCH_THERE] = {MPS_CHECK_SWITCH, OK | OFF, "SwitchBSP to an AP"},
    [MPS_SWITCH_BACK] = {MPS_CHECK_SWITCH, OK, "SwitchBSP back"},
};

const char *mps_call_words(enum mps_call call)
{
    return rules[call].words;
}

enum mps_check mps_call_check(enum mps_call call)
{
    return rules[call].check;
}

bool mps_status_allowed(enum mps_call call, uint8_t status)
{
    return status < 31 && (rules[call].allowed >> status & 1);
}

/* UEFI 2.10, appendix D. */
const char *mps_status_name(uint8_t status)
{
    static const char *const names[] = {
        "EFI_SUCCESS",         "EFI_LOAD_ERROR",       "EFI_INVALID_PARAMETER", "EFI_UNSUPPORTED",
        "EFI_BAD_BUFFER_SIZE", "EFI_BUFFER_TOO_SMALL", "EFI_NOT_READY",         "EFI_DEVICE_ERROR",
        "EFI_WRITE_PROTECTED", "EFI_OUT_OF_RESOURCES",
    };
    switch (status) {
    case MPS_NOT_FOUND:
        return "EFI_NOT_FOUND";
    case MPS_TIMEOUT:
        return "EFI_TIMEOUT";
    case MPS_NOT_STARTED:
        return "EFI_NOT_STARTED";
    }
    return status < sizeof(names) / sizeof(names[0]) ? names[status] : "another status";
}

static void tell_allowed(struct text *out, enum mps_call call)
{
    const char *before = "";
    for (uint8_t status = 0; status < 31; status++) {
        if (mps_status_allowed(call, status)) {
            text_format(out, "%s%s", before, mps_status_name(status));
            before = " or ";
        }
    }
}

/* What is wrong with how `call` ended; false when nothing is. */
static bool tell_wrong(const struct mps_answer *answer, enum mps_call call, struct words *ret)
{
    struct text expected, seen;
    text_init(&expected, ret->expected, sizeof(ret->expected));
    text_init(&seen, ret->seen, sizeof(ret->seen));
    if (answer->ending == MPS_NEVER) {
        text_add(&expected, "a call that returns");
        text_format(&seen, "%s did not return within %u s", rules[call].words, MPS_NEVER_S);
        return true;
    }
    if (answer->ending == MPS_RELEASED && rules[call].allowed & HELD) {
        text_add(&expected, "a call that returns when its time is up, or its work done");
        text_format(&seen, "%s did not return until muster let the APs go", rules[call].words);
        return true;
    }
    if (mps_status_allowed(call, answer->status)) {
        return false;
    }
    tell_allowed(&expected, call);
    text_format(&seen, "%s: %s", rules[call].words, mps_status_name(answer->status));
    return true;
}

enum verdict mps_judge_statuses(const struct mps_record *record, enum mps_check check,
                                struct words *ret)
{
    enum verdict verdict = VERDICT_SKIP;
    uint32_t more = 0;
    for (uint32_t call = 0; call < MPS_CALLS; call++) {
        const struct mps_answer *answer = &record->answers[call];
        struct words words = {0};
        if (rules[call].check != check || answer->ending == MPS_NOT_ASKED) {
            continue;
        }
        if (!tell_wrong(answer, call, &words)) {
            verdict = verdict == VERDICT_SKIP ? VERDICT_PASS : verdict;
        } else if (verdict == VERDICT_FAIL) {
            more++;
        } else {
            *ret = words;
            verdict = VERDICT_FAIL;
        }
    }
    if (more > 0) {
        struct text seen = {ret->seen, sizeof(ret->seen), string_length(ret->seen), false};
        text_format(&seen, "; and %u more call%s", more, more == 1 ? "" : "s");
    }
    return verdict;
}
