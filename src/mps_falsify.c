/* The lies that --break tells in the name of MP Services. */
#include <muster/falsify.h>

/* The last processor of a set. */
static uint32_t last_of(const struct cpuset *set)
{
    uint32_t last = CPU_NONE;
    cpuset_for_each(number, set)
    {
        last = number;
    }
    return last;
}

static void forget_one(struct cpuset *set)
{
    cpuset_remove(set, last_of(set));
}

/* The last AP that was seen to run, or NULL. */
static struct mps_processor *last_ap(struct mps_record *record)
{
    const uint32_t last = last_of(&mps_trial(record, MPS_ALL)->ran);
    return last < record->count ? &record->processors[last] : NULL;
}

static void count(struct mps_record *record)
{
    record->total++;
}

static void info(struct mps_record *record)
{
    record->processors[record->count - 1].flags |= 1u << 31;
}

static void info_extended(struct mps_record *record)
{
    record->processors[record->count - 1].extended_differs = true;
}

static void who(struct mps_record *record)
{
    struct mps_processor *ap = last_ap(record);
    if (ap != NULL) {
        ap->who++;
    } else {
        record->bsp_who++;
    }
}

/* GetProcessorInfo's own list must stay as it is: other checks look at it. */
static void apic_id(struct mps_record *record)
{
    struct mps_processor *ap = last_ap(record);
    if (ap != NULL) {
        ap->cpu_id ^= 1u << 30;
    }
}

static void all(struct mps_record *record)
{
    forget_one(&mps_trial(record, MPS_ALL)->ran);
}

static void together(struct mps_record *record)
{
    mps_trial(record, MPS_ALL_TOGETHER)->most_inside = 1;
}

static void single(struct mps_record *record)
{
    mps_trial(record, MPS_ALL_SINGLE)->most_inside = 2;
}

static void late(struct mps_record *record)
{
    forget_one(&mps_trial(record, MPS_ALL_LATE)->listed);
}

static void back(struct mps_record *record)
{
    forget_one(&mps_trial(record, MPS_ALL_BACK)->ran);
}

static void event(struct mps_record *record)
{
    mps_trial(record, MPS_ALL_EVENT)->too_early = true;
}

static void event_late(struct mps_record *record)
{
    mps_trial(record, MPS_ALL_EVENT_LATE)->signalled = false;
}

static void this(struct mps_record *record)
{
    mps_trial(record, MPS_THIS)->strangers = 1;
}

static void this_event(struct mps_record *record)
{
    mps_trial(record, MPS_THIS_EVENT)->finished = false;
}

static void disable(struct mps_record *record)
{
    mps_trial(record, MPS_ALL_WITHOUT)->ran = mps_trial(record, MPS_ALL_AGAIN)->asked;
}

static void change(struct mps_change *change, enum mps_call call, enum mps_state_part part)
{
    change->calls = 1;
    change->first = call;
    change->after = change->before;
    change->after.parts[part] ^= 1;
}

static void switch_state(struct mps_record *record)
{
    change(&record->switch_changed, MPS_SWITCH_SELF, MPS_STATE_CR8);
}

static void state(struct mps_record *record)
{
    change(&record->changed, MPS_INFO_BEYOND, MPS_STATE_IF);
}

/* No emulator can make the switch (INIT restarts its boot CPU whatever IA32_APIC_BASE.BSP says): a
 * firmware that claims both ways, and never went. */
static void pretend_switch(struct mps_record *record)
{
    const struct cpuset *aps = &mps_trial(record, MPS_ALL)->ran;
    const struct mps_answer success = {.ending = MPS_RETURNED, .status = MPS_SUCCESS};
    if (!record->switch_wanted || cpuset_empty(aps)) {
        return;
    }
    record->answers[MPS_SWITCH_THERE] = success;
    record->answers[MPS_SWITCH_BACK] = success;
    record->switching = (struct mps_switching){
        .number = cpuset_next(aps, 0),
        .who_there = record->bsp,
        .who_back = record->bsp,
        .id_there = record->bsp_id,
        .id_back = record->bsp_id,
        .flag_back = true,
    };
}

/* The first call of `check` that was made returns what it must not. */
static void answer_wrong(struct mps_record *record, enum mps_check check)
{
    for (uint32_t call = 0; call < MPS_CALLS; call++) {
        if (mps_call_check(call) == check && record->answers[call].ending != MPS_NOT_ASKED) {
            record->answers[call].status = MPS_STATUS_OTHER;
            return;
        }
    }
}

/* NULL: answer_wrong(), which is all that those checks look at. */
static void (*const lies[MPS_CHECKS])(struct mps_record *record) = {
    [MPS_CHECK_COUNT] = count,
    [MPS_CHECK_INFO] = info,
    [MPS_CHECK_INFO_EXTENDED] = info_extended,
    [MPS_CHECK_WHO] = who,
    [MPS_CHECK_APIC_ID] = apic_id,
    [MPS_CHECK_ALL] = all,
    [MPS_CHECK_TOGETHER] = together,
    [MPS_CHECK_SINGLE] = single,
    [MPS_CHECK_LATE] = late,
    [MPS_CHECK_BACK] = back,
    [MPS_CHECK_EVENT] = event,
    [MPS_CHECK_EVENT_LATE] = event_late,
    [MPS_CHECK_THIS] = this,
    [MPS_CHECK_THIS_EVENT] = this_event,
    [MPS_CHECK_DISABLE] = disable,
    [MPS_CHECK_SWITCH_STATE] = switch_state,
    [MPS_CHECK_SWITCH] = pretend_switch,
    [MPS_CHECK_STATE] = state,
};

void falsify_mps(struct mps_record *record, enum mps_check check)
{
    if (!record->present || record->count == 0) {
        return;
    }
    if (lies[check] != NULL) {
        lies[check](record);
    } else {
        answer_wrong(record, check);
    }
}
