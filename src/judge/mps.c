/* One row for each check of mps.*: which calls it is about, what more there is to look at, what a
 * departure means, and why it may be skipped. */
#include "mps_calls.h"
#include "mps_list.h"
#include "mps_state.h"
#include "mps_trial.h"

struct row {
    const char *id;
    bool (*wrong)(const struct mps_record *record, struct words *ret); /* or NULL */
    uint8_t first, last; /* the trials it looks at; 0: none */
    const char *means;
    const char *skip; /* why it may not have been asked */
};

static const char no_ap[] = "no enabled AP";
static const char one_ap[] = "fewer than two enabled APs";

static const struct row rows[MPS_CHECKS] = {
    [MPS_CHECK_COUNT] = {"mps.count", mps_count_wrong, 0, 0,
                         "drivers that size their work by these counts miss CPUs, or wait for CPUs "
                         "that do not exist",
                         ""},
    [MPS_CHECK_COUNT_ERRORS] = {"mps.count-errors", NULL, 0, 0,
                                "a caller that passes NULL gets no error, or makes firmware write "
                                "to address 0",
                                ""},
    [MPS_CHECK_INFO] = {"mps.info", mps_info_wrong, 0, 0,
                        "drivers cannot tell the BSP, or which CPUs are in use", ""},
    [MPS_CHECK_INFO_ERRORS] = {"mps.info-errors", NULL, 0, 0,
                               "a driver that walks the processors until EFI_NOT_FOUND never ends, "
                               "or sees one that does not exist",
                               ""},
    [MPS_CHECK_INFO_EXTENDED] = {"mps.info-extended", mps_extended_wrong, 0, 0,
                                 "drivers that ask for the extended topology see other CPUs than "
                                 "those that do not",
                                 "GetProcessorInfo does not know CPU_V2_EXTENDED_TOPOLOGY (before "
                                 "PI 1.7)"},
    [MPS_CHECK_WHO] = {"mps.who", mps_who_wrong, 0, 0,
                       "a procedure that keeps its data by WhoAmI uses another CPU's", no_ap},
    [MPS_CHECK_APIC_ID] = {"mps.apic-id", mps_apic_id_wrong, 0, 0,
                           "firmware that builds the MADT from this tells an OS of CPUs it cannot "
                           "wake, and hides one that exists",
                           no_ap},
    [MPS_CHECK_ALL] = {"mps.all", NULL, MPS_ALL, MPS_ALL,
                       "what firmware sets on all CPUs (MTRRs, microcode, locks) is not set on all",
                       no_ap},
    [MPS_CHECK_TOGETHER] = {"mps.together", NULL, MPS_ALL_TOGETHER, MPS_ALL_TOGETHER,
                            "procedures whose CPUs wait for each other hang", one_ap},
    [MPS_CHECK_SINGLE] = {"mps.single", NULL, MPS_ALL_SINGLE, MPS_ALL_SINGLE,
                          "procedures that rely on being alone spoil each other's data",
                          "no AP, or more than 64: one after the other would take too long"},
    [MPS_CHECK_LATE] = {"mps.late", NULL, MPS_ALL_LATE, MPS_ALL_LATE,
                        "a caller does not learn which CPUs failed, or blames one that did not",
                        no_ap},
    [MPS_CHECK_BACK] = {"mps.back", NULL, MPS_ALL_BACK, MPS_ALL_BACK,
                        "a CPU that was late once is lost to firmware, perhaps still busy when an "
                        "OS starts",
                        no_ap},
    [MPS_CHECK_EVENT] = {"mps.event", NULL, MPS_ALL_EVENT, MPS_ALL_EVENT,
                         "a caller that waits for the event hangs, or goes on while APs still run "
                         "its code",
                         no_ap},
    [MPS_CHECK_EVENT_LATE] = {"mps.event-late", NULL, MPS_ALL_EVENT_LATE, MPS_ALL_EVENT_LATE,
                              "a caller that waits for the event hangs, or does not learn which "
                              "CPUs failed",
                              no_ap},
    [MPS_CHECK_THIS] = {"mps.this", NULL, MPS_THIS, MPS_THIS,
                        "what firmware means for one CPU is done by another, or by none", no_ap},
    [MPS_CHECK_THIS_LATE] = {"mps.this-late", NULL, MPS_THIS_LATE, MPS_THIS_EVENT_LATE,
                             "one AP that does not end hangs firmware, or counts as done", no_ap},
    [MPS_CHECK_THIS_EVENT] = {"mps.this-event", NULL, MPS_THIS_EVENT, MPS_THIS_EVENT,
                              "a caller that waits for the event hangs, or goes on while the AP "
                              "still runs its code",
                              no_ap},
    [MPS_CHECK_START_ERRORS] = {"mps.start-errors", NULL, 0, 0,
                                "a wrong argument is not refused: an AP runs at address 0, or a "
                                "CPU is woken that must not be",
                                ""},
    [MPS_CHECK_BUSY] = {"mps.busy", NULL, 0, 0,
                        "a second caller takes the APs away from the first, who waits for ever",
                        no_ap},
    [MPS_CHECK_THIS_BUSY] = {"mps.this-busy", NULL, 0, 0,
                             "a second caller takes the AP away from the first, whose event never "
                             "comes",
                             no_ap},
    [MPS_CHECK_FROM_AP] = {"mps.from-ap", NULL, 0, 0,
                           "an AP that calls by mistake is served: two CPUs change firmware's "
                           "lists at once",
                           no_ap},
    [MPS_CHECK_DISABLE] = {"mps.disable", mps_disable_wrong, MPS_ALL_WITHOUT, MPS_ALL_AGAIN,
                           "a CPU that setup or a driver put out of use is used all the same, or "
                           "one is lost",
                           no_ap},
    [MPS_CHECK_DISABLE_ERRORS] = {"mps.disable-errors", NULL, 0, 0,
                                  "a wrong number is not refused: the BSP, or memory beyond the "
                                  "list, is changed",
                                  ""},
    [MPS_CHECK_NOT_STARTED] = {"mps.not-started", NULL, 0, 0,
                               "a caller takes work for done that no CPU did",
                               "not all APs could be disabled for it, or they are more than 16"},
    [MPS_CHECK_SWITCH_ERRORS] = {"mps.switch-errors", mps_switch_obeyed, 0, 0,
                                 "a wrong number is not refused: the machine loses its BSP", ""},
    [MPS_CHECK_SWITCH_STATE] = {"mps.switch-state", mps_switch_state_wrong, 0, 0,
                                "after a refusal the caller's timer events no longer come: what "
                                "waits for one hangs",
                                ""},
    [MPS_CHECK_SWITCH] = {"mps.switch", mps_switch_wrong, 0, 0,
                          "the CPU that goes on is not the one that firmware calls the BSP",
                          "only asked with --switch-bsp, and of a second CPU"},
    [MPS_CHECK_STATE] = {"mps.state", mps_state_wrong, 0, 0,
                         "the caller goes on with interrupts, TPL or timer changed under its feet: "
                         "events no longer come",
                         ""},
};

const char *mps_check_id(enum mps_check check)
{
    return rows[check].id;
}

static enum verdict skip(struct words *ret, const char *reason)
{
    string_copy(ret->seen, sizeof(ret->seen), reason);
    return VERDICT_SKIP;
}

/* The call that ended it all, or MPS_CALLS. */
static uint32_t never_returned(const struct mps_record *record)
{
    uint32_t call = 0;
    while (call < MPS_CALLS && record->answers[call].ending != MPS_NEVER) {
        call++;
    }
    return call;
}

static bool has_calls(enum mps_check check)
{
    return check != MPS_CHECK_APIC_ID && check != MPS_CHECK_SWITCH_STATE &&
           check != MPS_CHECK_STATE;
}

static bool is_nothing_known(const struct mps_record *record)
{
    uint32_t call = 0;
    while (call < MPS_CALLS && (record->answers[call].ending == MPS_NOT_ASKED ||
                                record->answers[call].ending == MPS_NEVER)) {
        call++;
    }
    return call == MPS_CALLS;
}

static bool is_switch(enum mps_call call)
{
    return call == MPS_SWITCH_SELF || call == MPS_SWITCH_BEYOND;
}

static bool is_broadcast(enum mps_check check)
{
    return check == MPS_CHECK_TOGETHER || check == MPS_CHECK_LATE || check == MPS_CHECK_EVENT ||
           check == MPS_CHECK_EVENT_LATE;
}

/* Why a call of `check` was not made although it could have been; NULL: all were, or none could. */
static const char *held_back(const struct mps_record *record, enum mps_check check)
{
    const char *why = NULL;
    for (uint32_t call = 0; call < MPS_CALLS && why == NULL; call++) {
        if (record->answers[call].ending == MPS_NOT_ASKED &&
            (mps_call_check(call) == check ||
             (is_switch(call) && check == MPS_CHECK_SWITCH_STATE))) {
            why = mps_unsafe(record, call);
        }
    }
    return record->answers[MPS_INFO_BEYOND].ending != MPS_NOT_ASKED ? why : NULL;
}

/* Nothing was asked: why. */
static enum verdict skip_unasked(const struct mps_record *record, enum mps_check check,
                                 struct words *ret)
{
    const uint32_t never = never_returned(record);
    struct text seen;
    if (record->gentle && never == MPS_CALLS && is_broadcast(check)) {
        return skip(ret,
                    "a processor is disabled: EDK II's broadcast wakes that one, too, and takes "
                    "its code away where a host is slow");
    }
    if (never == MPS_CALLS && held_back(record, check) != NULL) {
        return skip(ret, held_back(record, check));
    }
    if (never == MPS_CALLS) {
        return skip(ret, rows[check].skip[0] != '\0' ? rows[check].skip
                                                     : "MP Services told of no BSP to ask about");
    }
    text_init(&seen, ret->seen, sizeof(ret->seen));
    text_format(&seen, "not asked: %s had not returned", mps_call_words(never));
    return VERDICT_SKIP;
}

/* Firmware may refuse, by the specification: then nothing more was asked. */
static bool refused(const struct mps_record *record, enum mps_check check)
{
    for (uint32_t call = 0; call < MPS_CALLS; call++) {
        const struct mps_answer *answer = &record->answers[call];
        if (mps_call_check(call) == check && answer->ending != MPS_NOT_ASKED &&
            answer->status != MPS_UNSUPPORTED) {
            return false;
        }
    }
    return true;
}

static bool wrong(const struct mps_record *record, const struct row *row, struct words *ret)
{
    if (row->wrong != NULL && row->wrong(record, ret)) {
        return true;
    }
    for (uint32_t call = row->first; call > 0 && call <= row->last; call++) {
        if (record->answers[call].ending != MPS_NOT_ASKED && mps_trial_wrong(record, call, ret)) {
            return true;
        }
    }
    return false;
}

static enum verdict fail(const struct mps_record *record, enum mps_check check, struct words *ret)
{
    string_copy(ret->means, sizeof(ret->means), rows[check].means);
    return mps_known_of_edk2(record, check, ret) ? VERDICT_DEVIATION : VERDICT_FAIL;
}

enum verdict mps_judge(const struct mps_record *record, enum mps_check check, struct words *ret)
{
    *ret = (struct words){0};
    if (!record->asked || !record->present) {
        return skip(ret, record->asked ? "firmware has no MP Services" : "not asked");
    }
    if (has_calls(check)) {
        const enum verdict verdict = mps_judge_statuses(record, check, ret);
        if (verdict == VERDICT_FAIL) {
            return fail(record, check, ret);
        }
        if (verdict == VERDICT_SKIP) {
            return skip_unasked(record, check, ret);
        }
        if (refused(record, check)) {
            return skip(ret, "firmware does not support it (EFI_UNSUPPORTED), as it may");
        }
    }
    if (check == MPS_CHECK_INFO_EXTENDED && record->answers[MPS_GET_EXTENDED].status != 0) {
        return skip(ret, rows[check].skip);
    }
    if (check == MPS_CHECK_APIC_ID && record->answers[MPS_ALL].ending == MPS_NOT_ASKED) {
        return skip_unasked(record, check, ret);
    }
    if (check == MPS_CHECK_SWITCH_STATE &&
        record->answers[MPS_SWITCH_SELF].ending == MPS_NOT_ASKED &&
        record->answers[MPS_SWITCH_BEYOND].ending == MPS_NOT_ASKED) {
        return skip_unasked(record, check, ret);
    }
    if (check == MPS_CHECK_STATE && is_nothing_known(record)) {
        return skip_unasked(record, check, ret);
    }
    if (wrong(record, &rows[check], ret)) {
        return fail(record, check, ret);
    }
    return held_back(record, check) != NULL && never_returned(record) == MPS_CALLS
               ? skip(ret, held_back(record, check))
               : VERDICT_PASS;
}
