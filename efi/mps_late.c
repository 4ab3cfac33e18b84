/* Timeouts that expire: one or two APs are held in the procedure, by a flag, not by time. */
#include "mps_lab.h"

#include <muster/memory_map.h>

/* The last AP, and the first where there are three. */
static struct cpuset choose_late(const struct mps_lab *lab)
{
    struct cpuset late = {{0}};
    cpuset_add(&late, mps_last_ap(lab));
    if (cpuset_count(&lab->aps) > 2) {
        cpuset_add(&late, cpuset_next(&lab->aps, 0));
    }
    return late;
}

static enum mps_list read_list(const struct mps_lab *lab, const UINTN *list, struct cpuset *ret)
{
    const uint32_t processors = lab->record->count;
    const uint64_t size = (processors + UINT64_C(1)) * sizeof(*list);
    if (list == NULL) {
        return MPS_LIST_NULL;
    }
    return mps_failed_list(list, memory_map_readable(lab->map, (uintptr_t)list, size), processors,
                           ret);
}

/* A list that is not sound may be no pool memory either. */
static void take_list(struct mps_lab *lab, UINTN *list, struct mps_trial *trial)
{
    cpuset_clear(&trial->listed);
    trial->list = read_list(lab, list, &trial->listed);
    if (trial->list == MPS_LIST_SOUND && EFI_ERROR(lab->firmware->boot->FreePool(list))) {
        trial->list = MPS_LIST_UNFREED;
    }
}

/* On a busy machine more may be late than were held: then once more, with more time. */
static bool is_only_late(const struct mps_trial *trial)
{
    struct cpuset extra = trial->listed;
    cpuset_subtract(&extra, &trial->late);
    return cpuset_empty(&extra);
}

static void start_late(struct mps_lab *lab, const struct cpuset *late, UINTN timeout_us)
{
    struct mps_trial *trial = mps_trial(lab->record, MPS_ALL_LATE);
    lab->failed = NULL;
    mps_desks_clear(lab, late);
    mps_call_begin(lab, MPS_ALL_LATE);
    mps_call_end(lab, MPS_ALL_LATE,
                 lab->mps->StartupAllAPs(lab->mps, mps_procedure_work, FALSE, NULL, timeout_us, lab,
                                         &lab->failed));
    *trial = (struct mps_trial){0};
    mps_desks_read(lab, MPS_ALL_LATE, &lab->aps);
    lab->release = 1;
    take_list(lab, lab->failed, trial);
}

static EFI_STATUS start_with_event(struct mps_lab *lab, const struct cpuset *late, UINTN timeout_us,
                                   EFI_EVENT event)
{
    struct mps_trial *trial = mps_trial(lab->record, MPS_ALL_EVENT_LATE);
    lab->failed = NULL;
    *trial = (struct mps_trial){0};
    mps_desks_clear(lab, late);
    mps_call_begin(lab, MPS_ALL_EVENT_LATE);
    const EFI_STATUS status =
        mps_call_end(lab, MPS_ALL_EVENT_LATE,
                     lab->mps->StartupAllAPs(lab->mps, mps_procedure_work, FALSE, event, timeout_us,
                                             lab, &lab->failed));
    trial->signalled = !EFI_ERROR(status) && mps_wait(lab, event);
    mps_desks_read(lab, MPS_ALL_EVENT_LATE, &lab->aps);
    lab->release = 1;
    if (trial->signalled) {
        take_list(lab, lab->failed, trial);
    }
    return status;
}

static void start_event_late(struct mps_lab *lab, const struct cpuset *late, UINTN timeout_us)
{
    const struct mps_trial *trial = mps_trial(lab->record, MPS_ALL_EVENT_LATE);
    EFI_EVENT event;
    if (EFI_ERROR(lab->firmware->boot->CreateEvent(0, 0, NULL, NULL, &event))) {
        return;
    }
    const EFI_STATUS status = start_with_event(lab, late, timeout_us, event);
    mps_event_close(lab, event, trial->signalled || EFI_ERROR(status));
}

static void start_this_late(struct mps_lab *lab, uint32_t number)
{
    struct cpuset held = {{0}};
    cpuset_add(&held, number);
    mps_desks_clear(lab, &held);
    mps_call_begin(lab, MPS_THIS_LATE);
    mps_call_end(
        lab, MPS_THIS_LATE,
        lab->mps->StartupThisAP(lab->mps, mps_procedure_work, number, NULL, LATE_US, lab, NULL));
    mps_desks_read(lab, MPS_THIS_LATE, &held);
    lab->release = 1;
}

static EFI_STATUS start_this_with_event(struct mps_lab *lab, uint32_t number, EFI_EVENT event)
{
    struct mps_trial *trial = mps_trial(lab->record, MPS_THIS_EVENT_LATE);
    struct cpuset held = {{0}};
    cpuset_add(&held, number);
    mps_desks_clear(lab, &held);
    lab->finished = FALSE;
    mps_call_begin(lab, MPS_THIS_EVENT_LATE);
    const EFI_STATUS status =
        mps_call_end(lab, MPS_THIS_EVENT_LATE,
                     lab->mps->StartupThisAP(lab->mps, mps_procedure_work, number, event, LATE_US,
                                             lab, (BOOLEAN *)&lab->finished));
    trial->signalled = !EFI_ERROR(status) && mps_wait(lab, event);
    trial->finished = lab->finished;
    mps_desks_read(lab, MPS_THIS_EVENT_LATE, &held);
    lab->release = 1;
    return status;
}

static void start_this_event_late(struct mps_lab *lab, uint32_t number)
{
    EFI_EVENT event;
    if (EFI_ERROR(lab->firmware->boot->CreateEvent(0, 0, NULL, NULL, &event))) {
        return;
    }
    const EFI_STATUS status = start_this_with_event(lab, number, event);
    mps_event_close(lab, event,
                    EFI_ERROR(status) || mps_trial(lab->record, MPS_THIS_EVENT_LATE)->signalled);
}

/* Whether those that were late are back; who is not is asked no more. */
static bool start_again(struct mps_lab *lab)
{
    const uint32_t before = cpuset_count(&lab->aps);
    mps_desks_clear(lab, NULL);
    mps_start_trial(lab, MPS_ALL_BACK, FALSE, &lab->aps);
    cpuset_intersect(&lab->aps, &mps_trial(lab->record, MPS_ALL_BACK)->ran);
    return cpuset_count(&lab->aps) == before && before > 0;
}

static void try_late(struct mps_lab *lab)
{
    const struct cpuset late = choose_late(lab);
    UINTN timeout_us = LATE_US;
    for (uint32_t n = 0; n < LATE_TRIES; n++, timeout_us *= 4) {
        start_late(lab, &late, timeout_us);
        if (is_only_late(mps_trial(lab->record, MPS_ALL_LATE))) {
            break;
        }
    }
}

static void try_event_late(struct mps_lab *lab)
{
    const struct cpuset late = choose_late(lab);
    UINTN timeout_us = LATE_US;
    for (uint32_t n = 0; n < LATE_TRIES; n++, timeout_us *= 4) {
        start_event_late(lab, &late, timeout_us);
        if (is_only_late(mps_trial(lab->record, MPS_ALL_EVENT_LATE))) {
            break;
        }
    }
}

void mps_start_late(struct mps_lab *lab)
{
    if (cpuset_empty(&lab->aps)) {
        return;
    }
    if (!lab->record->gentle) {
        try_late(lab);
    }
    const bool all_back = start_again(lab);
    if (cpuset_empty(&lab->aps)) {
        return;
    }
    if (!lab->record->gentle) {
        try_event_late(lab);
    }
    start_this_late(lab, mps_last_ap(lab));
    if (!all_back || !start_again(lab) || lab->record->gentle) {
        return;
    }
    start_this_event_late(lab, mps_last_ap(lab));
    start_again(lab);
}
