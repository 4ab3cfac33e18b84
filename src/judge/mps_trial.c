#include "mps_trial.h"

void mps_print_processors(struct text *out, const char *before, const struct cpuset *set)
{
    text_format(out, "%s processor%s ", before, cpuset_count(set) == 1 ? "" : "s");
    cpuset_print(out, set);
}

bool mps_wrong(struct words *ret, const char *expected, const char *seen)
{
    string_copy(ret->expected, sizeof(ret->expected), expected);
    string_copy(ret->seen, sizeof(ret->seen), seen);
    return true;
}

/* True when `set` has members: they are what is wrong. */
static bool wrong_where(struct words *ret, const struct cpuset *set, const char *expected,
                        const char *before)
{
    struct text seen;
    if (cpuset_empty(set)) {
        return false;
    }
    string_copy(ret->expected, sizeof(ret->expected), expected);
    text_init(&seen, ret->seen, sizeof(ret->seen));
    mps_print_processors(&seen, before, set);
    return true;
}

static struct cpuset less(const struct cpuset *set, const struct cpuset *without)
{
    struct cpuset left = *set;
    cpuset_subtract(&left, without);
    return left;
}

/* Exactly those that were asked ran the procedure, once. */
static bool wrong_runners(const struct mps_trial *trial, struct words *ret)
{
    const struct cpuset missing = less(&trial->asked, &trial->ran);
    const struct cpuset uncalled = less(&trial->ran, &trial->asked);
    struct text seen;
    if (wrong_where(ret, &missing, "Procedure run by every enabled AP", "not run by") ||
        wrong_where(ret, &uncalled, "Procedure run by enabled APs alone", "run by") ||
        wrong_where(ret, &trial->again, "Procedure run once by each AP", "run more than once by")) {
        return true;
    }
    if (trial->strangers > 0) {
        text_init(&seen, ret->seen, sizeof(ret->seen));
        text_format(&seen, "%u CPU%s ran it that GetProcessorInfo does not know", trial->strangers,
                    trial->strangers == 1 ? "" : "s");
        string_copy(ret->expected, sizeof(ret->expected), "Procedure run by enabled APs alone");
        return true;
    }
    return trial->on_bsp > 0 && mps_wrong(ret, "Procedure run by APs alone", "the BSP ran it, too");
}

static bool wrong_order(const struct mps_trial *trial, enum mps_call call, struct words *ret)
{
    if (call == MPS_ALL_TOGETHER && cpuset_count(&trial->asked) > 1 && trial->most_inside < 2) {
        return mps_wrong(ret, "APs in Procedure at the same time (SingleThread FALSE)",
                         "one AP waited in it for a second one, which did not come");
    }
    if (call != MPS_ALL_SINGLE) {
        return false;
    }
    if (trial->most_inside > 1) {
        struct text seen;
        text_init(&seen, ret->seen, sizeof(ret->seen));
        text_format(&seen, "%u APs in Procedure at the same time", trial->most_inside);
        string_copy(ret->expected, sizeof(ret->expected), "one AP at a time (SingleThread TRUE)");
        return true;
    }
    return trial->disorder && mps_wrong(ret, "ascending order of processor numbers",
                                        "an AP ran before one with a lower number");
}

static const char *list_fault(uint8_t list)
{
    switch (list) {
    case MPS_LIST_ENDLESS:
        return "FailedCpuList has no END_OF_CPU_LIST";
    case MPS_LIST_ALIEN:
        return "FailedCpuList has a number that is no processor's";
    case MPS_LIST_TWICE:
        return "FailedCpuList has a processor twice";
    case MPS_LIST_NOWHERE:
        return "FailedCpuList is a pointer to no memory";
    case MPS_LIST_UNFREED:
        return "FreePool() refuses FailedCpuList";
    }
    return "FailedCpuList is NULL";
}

/* An AP that had not ended either when the time was up, on a busy machine, may be listed. */
static bool wrong_list(const struct mps_trial *trial, struct words *ret)
{
    const struct cpuset missing = less(&trial->late, &trial->listed);
    struct cpuset extra = less(&trial->listed, &trial->late);
    cpuset_subtract(&extra, &trial->unfinished);
    if (trial->list != MPS_LIST_SOUND) {
        return mps_wrong(ret,
                         "the failed APs, each once, END_OF_CPU_LIST, in memory for FreePool()",
                         list_fault(trial->list));
    }
    return wrong_where(ret, &missing, "all APs that were late in FailedCpuList",
                       "late, but not in FailedCpuList:") ||
           wrong_where(ret, &extra, "only APs that were late in FailedCpuList",
                       "done, but in FailedCpuList:");
}

static bool wrong_event(const struct mps_trial *trial, struct words *ret)
{
    if (trial->too_early) {
        return mps_wrong(ret, "WaitEvent signalled when the APs are done",
                         "WaitEvent came while an AP was in Procedure");
    }
    return !trial->signalled && mps_wrong(ret, "WaitEvent signalled",
                                          "WaitEvent did not come within 10 s of the APs' end");
}

static bool is_late(enum mps_call call)
{
    return call == MPS_ALL_LATE || call == MPS_ALL_EVENT_LATE || call == MPS_THIS_LATE ||
           call == MPS_THIS_EVENT_LATE;
}

static bool has_event(enum mps_call call)
{
    return call == MPS_ALL_EVENT || call == MPS_ALL_EVENT_LATE || call == MPS_THIS_EVENT ||
           call == MPS_THIS_EVENT_LATE;
}

/* StartupThisAP has no list: *Finished tells, where there was an event (PI vol. 2, 13.4.5). */
static bool wrong_late(const struct mps_trial *trial, enum mps_call call, struct words *ret)
{
    if (call == MPS_THIS_EVENT_LATE && trial->finished) {
        return mps_wrong(ret, "*Finished FALSE when the timeout expires before the AP is done",
                         "*Finished TRUE");
    }
    return (call == MPS_ALL_LATE || call == MPS_ALL_EVENT_LATE) && wrong_list(trial, ret);
}

bool mps_trial_wrong(const struct mps_record *record, enum mps_call call, struct words *ret)
{
    const struct mps_trial *trial = &record->trials[call - MPS_ALL];
    const uint8_t status = record->answers[call].status;
    if (status == MPS_UNSUPPORTED) {
        return false;
    }
    if (has_event(call) && wrong_event(trial, ret)) {
        return true;
    }
    if (is_late(call)) {
        return wrong_late(trial, call, ret);
    }
    if (wrong_runners(trial, ret) ||
        wrong_where(ret, &trial->unfinished, "every AP done when the call returns or signals",
                    "still in Procedure:") ||
        wrong_order(trial, call, ret)) {
        return true;
    }
    if (call == MPS_THIS_EVENT && !trial->finished) {
        return mps_wrong(ret, "*Finished TRUE when the AP is done in time", "*Finished FALSE");
    }
    return trial->list != MPS_LIST_NULL &&
           mps_wrong(ret, "*FailedCpuList NULL when all APs finished", "a list");
}
