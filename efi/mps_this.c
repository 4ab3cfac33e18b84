/* StartupThisAP: on several APs in turn, with an event, and on an AP that is busy. */
#include "mps_lab.h"

enum { IN_TURN_MAX = 4 };

/* The first AP, the last, and two between them. */
static struct cpuset choose_in_turn(const struct mps_lab *lab)
{
    struct cpuset chosen = {{0}};
    const uint32_t count = cpuset_count(&lab->aps);
    const uint32_t steps = count < IN_TURN_MAX ? count : IN_TURN_MAX;
    for (uint32_t n = 0; n < steps; n++) {
        cpuset_add(&chosen, cpuset_nth(&lab->aps, steps > 1 ? n * (count - 1) / (steps - 1) : 0));
    }
    return chosen;
}

static EFI_STATUS start_one(struct mps_lab *lab, uint32_t number)
{
    mps_call_begin(lab, MPS_THIS);
    return mps_call_end(
        lab, MPS_THIS,
        lab->mps->StartupThisAP(lab->mps, mps_procedure_work, number, NULL, 0, lab, NULL));
}

static void start_in_turn(struct mps_lab *lab)
{
    const struct cpuset chosen = choose_in_turn(lab);
    struct cpuset asked = {{0}};
    mps_desks_clear(lab, NULL);
    cpuset_for_each(number, &chosen)
    {
        cpuset_add(&asked, number);
        if (EFI_ERROR(start_one(lab, number)) || lab->desks[number].runs == 0) {
            break;
        }
    }
    mps_desks_read(lab, MPS_THIS, &asked);
}

static EFI_STATUS start_with_event(struct mps_lab *lab, uint32_t number, EFI_EVENT event)
{
    EFI_BOOT_SERVICES *boot = lab->firmware->boot;
    struct mps_trial *trial = mps_trial(lab->record, MPS_THIS_EVENT);
    struct cpuset held = {{0}};
    cpuset_add(&held, number);
    mps_desks_clear(lab, &held);
    lab->finished = FALSE;
    mps_call_begin(lab, MPS_THIS_EVENT);
    const EFI_STATUS status =
        mps_call_end(lab, MPS_THIS_EVENT,
                     lab->mps->StartupThisAP(lab->mps, mps_procedure_work, number, event, 0, lab,
                                             (BOOLEAN *)&lab->finished));
    trial->too_early = !EFI_ERROR(status) && lab->looks == 0 && !EFI_ERROR(boot->CheckEvent(event));
    lab->release = 1;
    trial->signalled = !EFI_ERROR(status) && mps_wait(lab, event);
    mps_desks_read(lab, MPS_THIS_EVENT, &held);
    trial->finished = lab->finished;
    return status;
}

static void try_event(struct mps_lab *lab, uint32_t number)
{
    EFI_EVENT event;
    if (EFI_ERROR(lab->firmware->boot->CreateEvent(0, 0, NULL, NULL, &event))) {
        return;
    }
    const EFI_STATUS status = start_with_event(lab, number, event);
    mps_event_close(lab, event,
                    EFI_ERROR(status) || mps_trial(lab->record, MPS_THIS_EVENT)->signalled);
}

/* One AP is kept busy without a timeout, since firmware looks at the time, too, when it is called.
 */
static bool ask_busy(struct mps_lab *lab, uint32_t number)
{
    EFI_MP_SERVICES_PROTOCOL *mps = lab->mps;
    mps_call_begin(lab, MPS_ALL_BUSY);
    mps_call_end(lab, MPS_ALL_BUSY,
                 mps->StartupAllAPs(mps, mps_procedure_nothing, FALSE, NULL, 0, NULL, NULL));
    mps_call_begin(lab, MPS_THIS_BUSY);
    const EFI_STATUS status =
        mps_call_end(lab, MPS_THIS_BUSY,
                     mps->StartupThisAP(mps, mps_procedure_nothing, number, NULL, 0, NULL, NULL));
    return EFI_ERROR(status);
}

/* Where the second call is not refused, the event of the first may never come; the AP was let go
 * and firmware has nothing else of muster's, so that the event alone stays. */
static void try_busy(struct mps_lab *lab, uint32_t number)
{
    struct cpuset held = {{0}};
    EFI_EVENT event;
    if (EFI_ERROR(lab->firmware->boot->CreateEvent(0, 0, NULL, NULL, &event))) {
        return;
    }
    cpuset_add(&held, number);
    mps_desks_clear(lab, &held);
    mps_call_begin(lab, MPS_THIS_HELD);
    const EFI_STATUS status = mps_call_end(
        lab, MPS_THIS_HELD,
        lab->mps->StartupThisAP(lab->mps, mps_procedure_work, number, event, 0, lab, NULL));
    const bool refused = EFI_ERROR(status) || ask_busy(lab, number);
    lab->release = 1;
    if (refused) {
        mps_event_close(lab, event, EFI_ERROR(status) || mps_wait(lab, event));
    }
}

void mps_start_this(struct mps_lab *lab)
{
    const uint32_t last = mps_last_ap(lab);
    if (last == CPU_NONE) {
        return;
    }
    start_in_turn(lab);
    try_event(lab, last);
    try_busy(lab, last);
}
