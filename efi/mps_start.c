/* StartupAllAPs: all at once, one by one, with an event. */
#include "mps_lab.h"
#include "processor.h"

enum { STALL_US = 10000 };

uint32_t mps_last_ap(const struct mps_lab *lab)
{
    uint32_t last = CPU_NONE;
    cpuset_for_each(number, &lab->aps)
    {
        last = number;
    }
    return last;
}

EFI_STATUS mps_start_trial(struct mps_lab *lab, enum mps_call call, BOOLEAN one_by_one,
                           const struct cpuset *asked)
{
    lab->failed = NULL;
    *mps_trial(lab->record, call) = (struct mps_trial){0};
    mps_call_begin(lab, call);
    const EFI_STATUS status = mps_call_end(
        lab, call,
        lab->mps->StartupAllAPs(lab->mps, mps_procedure_work, one_by_one || lab->record->gentle,
                                NULL, 0, lab, &lab->failed));
    mps_desks_read(lab, call, asked);
    mps_trial(lab->record, call)->list = lab->failed != NULL ? MPS_LIST_SOUND : MPS_LIST_NULL;
    return status;
}

static bool is_ap_claimed(const struct mps_record *record)
{
    for (uint32_t number = 0; number < record->count; number++) {
        if (number != record->bsp && (record->processors[number].flags & MPS_FLAG_ENABLED)) {
            return true;
        }
    }
    return false;
}

/* Whoever comes takes a ticket: nothing that firmware says of itself is believed yet. */
static void take_census(struct mps_lab *lab)
{
    const enum mps_call call = is_ap_claimed(lab->record) ? MPS_ALL : MPS_ALL_NONE;
    lab->failed = NULL;
    lab->tickets_taken = 0;
    mps_call_begin(lab, call);
    mps_call_end(lab, call,
                 lab->mps->StartupAllAPs(lab->mps, mps_procedure_ticket, lab->record->gentle, NULL,
                                         0, lab, &lab->failed));
    const uint32_t taken = lab->tickets_taken;
    mps_trial(lab->record, MPS_ALL)->list = lab->failed != NULL ? MPS_LIST_SOUND : MPS_LIST_NULL;
    mps_census(lab->record, lab->tickets, taken < CPU_MAX ? taken : CPU_MAX);
    lab->aps = mps_trial(lab->record, MPS_ALL)->asked;
    cpuset_intersect(&lab->aps, &mps_trial(lab->record, MPS_ALL)->ran);
}

void mps_event_close(struct mps_lab *lab, EFI_EVENT event, bool done)
{
    if (done) {
        lab->firmware->boot->CloseEvent(event);
    } else {
        lab->firmware->holds_on = true;
    }
}

static void start_together(struct mps_lab *lab)
{
    mps_desks_clear(lab, NULL);
    lab->meet = true;
    mps_start_trial(lab, MPS_ALL_TOGETHER, FALSE, &lab->aps);
}

/* The first AP waits for a second one here, too, and for a tenth of a second in vain, by the BSP's
 * watch or its own. */
static void start_one_by_one(struct mps_lab *lab)
{
    mps_desks_clear(lab, NULL);
    lab->meet = true;
    lab->patience_ticks = lab->second_ticks / 10;
    mps_start_trial(lab, MPS_ALL_SINGLE, TRUE, &lab->aps);
}

/* The call must come back while the last AP is held, and the event only after that one is let go.
 */
static void start_with_event(struct mps_lab *lab)
{
    EFI_BOOT_SERVICES *boot = lab->firmware->boot;
    struct mps_trial *trial = mps_trial(lab->record, MPS_ALL_EVENT);
    struct cpuset held = {{0}};
    lab->failed = NULL;
    EFI_EVENT event;
    if (EFI_ERROR(boot->CreateEvent(0, 0, NULL, NULL, &event))) {
        return;
    }
    cpuset_add(&held, mps_last_ap(lab));
    mps_desks_clear(lab, &held);
    mps_call_begin(lab, MPS_ALL_EVENT);
    const EFI_STATUS status = mps_call_end(
        lab, MPS_ALL_EVENT,
        lab->mps->StartupAllAPs(lab->mps, mps_procedure_work, FALSE, event, 0, lab, &lab->failed));
    trial->too_early = !EFI_ERROR(status) && lab->looks == 0 && !EFI_ERROR(boot->CheckEvent(event));
    lab->release = 1;
    trial->signalled = !EFI_ERROR(status) && mps_wait(lab, event);
    mps_desks_read(lab, MPS_ALL_EVENT, &lab->aps);
    trial->list = lab->failed != NULL ? MPS_LIST_SOUND : MPS_LIST_NULL;
    mps_event_close(lab, event, trial->signalled || EFI_ERROR(status));
}

/* EDK II's StartupAllAPs, unless SingleThread, sends INIT and SIPI to all APs, disabled ones too,
 * but waits until the enabled ones have come (MpLib.c, WakeUpAP()), and then puts back what was in
 * memory where they begin. A disabled AP that comes later, on a host that did not let it run, finds
 * anything there. Hence no broadcast under a hypervisor while a processor is disabled. */
static bool is_one_disabled(const struct mps_record *record)
{
    for (uint32_t number = 0; number < record->count; number++) {
        const struct mps_processor *it = &record->processors[number];
        if (it->status == MPS_SUCCESS && !(it->flags & MPS_FLAG_ENABLED)) {
            return true;
        }
    }
    return false;
}

/* CPUID leaf 1, ECX bit 31. */
static bool is_guest(void)
{
    return processor_cpuid(1, 0).ecx >> 31;
}

/* TSC ticks of a second: too many on a busy host, which does no harm. */
static uint64_t measure_second(const struct firmware *firmware)
{
    const uint64_t start = processor_rdtsc();
    firmware->boot->Stall(STALL_US);
    return (processor_rdtsc() - start) * (1000000 / STALL_US);
}

void mps_start_all(struct mps_lab *lab)
{
    lab->second_ticks = measure_second(lab->firmware);
    lab->record->gentle = is_guest() && is_one_disabled(lab->record);
    take_census(lab);
    const uint32_t aps = cpuset_count(&lab->aps);
    lab->record->crowded = is_guest() && aps > ONE_BY_ONE_MAX + 1;
    if (aps > 1 && !lab->record->gentle) {
        start_together(lab);
    }
    if (aps > 0 && aps <= ONE_BY_ONE_MAX) {
        start_one_by_one(lab);
    }
    if (aps > 0 && !lab->record->gentle) {
        start_with_event(lab);
    }
}
