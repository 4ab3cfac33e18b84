#include <muster/mps_plant.h>

#include <muster/judge_mps.h>

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

static void change(struct mps_change *change, enum mps_call call, enum mps_state_part part)
{
    change->calls = 1;
    change->first = call;
    change->after = change->before;
    change->after.parts[part] ^= 1;
}

/* GetProcessorInfo's own list must stay as it is: other checks look at it. */
static void spoil_processor(struct mps_record *record, enum mps_check check)
{
    const uint32_t last = last_of(&mps_trial(record, MPS_ALL)->ran);
    struct mps_processor *it = last < record->count ? &record->processors[last] : NULL;
    if (check == MPS_CHECK_INFO) {
        record->processors[record->count - 1].flags |= 1u << 31;
    } else if (check == MPS_CHECK_INFO_EXTENDED) {
        record->processors[record->count - 1].extended_differs = true;
    } else if (check == MPS_CHECK_WHO && it == NULL) {
        record->bsp_who++;
    } else if (check == MPS_CHECK_WHO) {
        it->who++;
    } else if (it != NULL) {
        it->cpu_id ^= 1u << 30;
    }
}

static void spoil_trial(struct mps_record *record, enum mps_check check)
{
    switch (check) {
    case MPS_CHECK_ALL:
        forget_one(&mps_trial(record, MPS_ALL)->ran);
        break;
    case MPS_CHECK_TOGETHER:
        mps_trial(record, MPS_ALL_TOGETHER)->most_inside = 1;
        break;
    case MPS_CHECK_SINGLE:
        mps_trial(record, MPS_ALL_SINGLE)->most_inside = 2;
        break;
    case MPS_CHECK_LATE:
        forget_one(&mps_trial(record, MPS_ALL_LATE)->listed);
        break;
    case MPS_CHECK_BACK:
        forget_one(&mps_trial(record, MPS_ALL_BACK)->ran);
        break;
    case MPS_CHECK_EVENT:
        mps_trial(record, MPS_ALL_EVENT)->too_early = true;
        break;
    case MPS_CHECK_EVENT_LATE:
        mps_trial(record, MPS_ALL_EVENT_LATE)->signalled = false;
        break;
    case MPS_CHECK_THIS:
        mps_trial(record, MPS_THIS)->strangers = 1;
        break;
    case MPS_CHECK_THIS_EVENT:
        mps_trial(record, MPS_THIS_EVENT)->finished = false;
        break;
    default:
        mps_trial(record, MPS_ALL_WITHOUT)->ran = mps_trial(record, MPS_ALL_AGAIN)->asked;
    }
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

void mps_plant(const char *break_id, struct mps_record *record)
{
    const enum mps_check check = mps_check_find(break_id);
    if (!record->present || record->count == 0) {
        return;
    }
    switch (check) {
    case MPS_CHECKS:
        break;
    case MPS_CHECK_COUNT:
        record->total++;
        break;
    case MPS_CHECK_INFO:
    case MPS_CHECK_INFO_EXTENDED:
    case MPS_CHECK_WHO:
    case MPS_CHECK_APIC_ID:
        spoil_processor(record, check);
        break;
    case MPS_CHECK_ALL:
    case MPS_CHECK_TOGETHER:
    case MPS_CHECK_SINGLE:
    case MPS_CHECK_LATE:
    case MPS_CHECK_BACK:
    case MPS_CHECK_EVENT:
    case MPS_CHECK_EVENT_LATE:
    case MPS_CHECK_THIS:
    case MPS_CHECK_THIS_EVENT:
    case MPS_CHECK_DISABLE:
        spoil_trial(record, check);
        break;
    case MPS_CHECK_SWITCH_STATE:
        change(&record->switch_changed, MPS_SWITCH_SELF, MPS_STATE_CR8);
        break;
    case MPS_CHECK_SWITCH:
        pretend_switch(record);
        break;
    case MPS_CHECK_STATE:
        change(&record->changed, MPS_INFO_BEYOND, MPS_STATE_IF);
        break;
    default:
        answer_wrong(record, check);
    }
}
