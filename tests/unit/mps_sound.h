/* A record of MP Services that keep the specification, for a test to spoil. */
#ifndef MPS_SOUND_H
#define MPS_SOUND_H

#include "unit.h"

#include <muster/judge_mps.h>

/* What each call returns on sound firmware. */
static inline uint8_t mps_sound_status(enum mps_call call)
{
    switch (call) {
    case MPS_COUNT_NULL_TOTAL:
    case MPS_COUNT_NULL_ENABLED:
    case MPS_COUNT_NULL_BOTH:
    case MPS_INFO_NULL:
    case MPS_WHO_NULL:
    case MPS_ALL_NULL:
    case MPS_THIS_NULL:
    case MPS_THIS_BSP:
    case MPS_THIS_DISABLED:
    case MPS_DISABLE_BSP:
    case MPS_SWITCH_SELF:
    case MPS_SWITCH_DISABLED:
        return MPS_INVALID_PARAMETER;
    case MPS_INFO_BEYOND:
    case MPS_INFO_FAR:
    case MPS_THIS_BEYOND:
    case MPS_DISABLE_BEYOND:
    case MPS_SWITCH_BEYOND:
        return MPS_NOT_FOUND;
    case MPS_ALL_LATE:
    case MPS_THIS_LATE:
        return MPS_TIMEOUT;
    case MPS_ALL_BUSY:
    case MPS_THIS_BUSY:
        return MPS_NOT_READY;
    case MPS_ALL_NONE:
        return MPS_NOT_STARTED;
    case MPS_AP_COUNT:
    case MPS_AP_INFO:
    case MPS_AP_ALL:
    case MPS_AP_THIS:
    case MPS_AP_ENABLE:
        return MPS_DEVICE_ERROR;
    default:
        return MPS_SUCCESS;
    }
}

static inline void mps_sound_trials(struct mps_record *record, const struct cpuset *aps)
{
    for (uint32_t call = MPS_ALL; call <= MPS_THIS_EVENT; call++) {
        struct mps_trial *trial = mps_trial(record, call);
        trial->asked = *aps;
        trial->ran = *aps;
        trial->most_inside = 1;
    }
    cpuset_remove(&mps_trial(record, MPS_ALL_WITHOUT)->asked, 3);
    cpuset_remove(&mps_trial(record, MPS_ALL_WITHOUT)->ran, 3);
    mps_trial(record, MPS_ALL_TOGETHER)->most_inside = 3;
    for (uint32_t call = MPS_ALL_LATE; call <= MPS_ALL_EVENT_LATE;
         call += MPS_ALL_EVENT_LATE - MPS_ALL_LATE) {
        struct mps_trial *trial = mps_trial(record, call);
        cpuset_add(&trial->late, 3);
        trial->listed = trial->late;
        trial->unfinished = trial->late;
        trial->list = MPS_LIST_SOUND;
    }
    mps_trial(record, MPS_ALL_EVENT)->signalled = true;
    mps_trial(record, MPS_ALL_EVENT_LATE)->signalled = true;
    mps_trial(record, MPS_THIS_EVENT_LATE)->signalled = true;
    mps_trial(record, MPS_THIS_EVENT)->signalled = true;
    mps_trial(record, MPS_THIS_EVENT)->finished = true;
}

/* Four processors with APIC IDs 0, 2, 4, 6; the first is the BSP; everything was asked. */
static inline void mps_sound(struct mps_record *ret)
{
    struct cpuset aps = {{0xe}};
    memset(ret, 0, sizeof(*ret));
    ret->asked = true;
    ret->present = true;
    ret->switch_wanted = true;
    ret->count = 4;
    ret->total = 4;
    ret->enabled = 4;
    for (uint32_t number = 0; number < 4; number++) {
        ret->processors[number] = (struct mps_processor){
            .id = 2 * number,
            .cpu_id = 2 * number,
            .flags = MPS_FLAG_ENABLED | MPS_FLAG_HEALTHY | (number == 0 ? MPS_FLAG_BSP : 0),
            .who = number,
            .who_null_status = MPS_INVALID_PARAMETER,
            .runs = number > 0,
        };
    }
    for (uint32_t call = 0; call < MPS_CALLS; call++) {
        ret->answers[call] =
            (struct mps_answer){.ending = MPS_RETURNED, .status = mps_sound_status(call)};
    }
    mps_sound_trials(ret, &aps);
    ret->disabling = (struct mps_disabling){.number = 3,
                                            .total_before = 4,
                                            .total_off = 4,
                                            .total_on = 4,
                                            .enabled_before = 4,
                                            .enabled_off = 3,
                                            .enabled_on = 4,
                                            .flags_before = 6,
                                            .flags_off = 0,
                                            .flags_on = 6};
    ret->switching = (struct mps_switching){
        .number = 1, .who_there = 1, .id_there = 2, .flag_there = true, .flag_back = true};
}

#endif
