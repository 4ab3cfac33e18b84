/* The watch over every call: how it ended, and what it changed.
 *
 * A blocking call of MP Services leaves interrupts on and the TPL low, so the notification function
 * of a timer event runs in the middle of it. The second time it does so for one call, it does not
 * return there: it goes back to mps_watched() with that one's stack, as longjmp() would, and the
 * call is never heard of again. What is still held is the TPL, which mps_watched() lowers, and the
 * timer's interrupt where firmware ends it after its notification functions, which mps_watched()
 * does then. A call that hangs with interrupts off, or at a TPL above TPL_CALLBACK, cannot be left:
 * the line that names the checks begun is the last then. One that only waits there for an AP which
 * muster holds ends, since that AP goes by itself (mps_procedure.c).
 */
#include "console.h"
#include "mps_lab.h"

#include <muster/judge_mps.h>

_Static_assert(MPS_CHECKS <= 64, "a bit for each in mps_lab.announced");

#define SECOND_100NS UINT64_C(10000000)

enum { WAIT_STALL_US = 10000, WAIT_STALLS = MPS_PATIENCE_S * (1000000 / WAIT_STALL_US) };

static void EFIAPI look(EFI_EVENT event, void *context)
{
    struct mps_lab *lab = context;
    (void)event;
    lab->release = 1;
    lab->firmware->boot->SetTimer(lab->watch, TimerRelative, lab->left_100ns);
    if (++lab->looks > 1) {
        __builtin_longjmp(lab->escape, 1);
    }
}

bool mps_watch_open(struct mps_lab *lab)
{
    return !EFI_ERROR(lab->firmware->boot->CreateEvent(EVT_TIMER | EVT_NOTIFY_SIGNAL, TPL_NOTIFY,
                                                       look, lab, &lab->watch));
}

void mps_watch_close(struct mps_lab *lab)
{
    lab->firmware->boot->CloseEvent(lab->watch);
}

/* When the held APs are let go. EDK II that parks its APs in MWAIT waits for the busy AP
 * (WaitApWakeup()): a second is enough to know. */
static uint64_t first_look_100ns(enum mps_call call)
{
    return call == MPS_THIS_BUSY    ? SECOND_100NS
           : call == MPS_ALL_SINGLE ? SECOND_100NS / 10
                                    : SECOND_100NS * MPS_PATIENCE_S;
}

static void watch_begin(struct mps_lab *lab, enum mps_call call)
{
    const uint64_t first_100ns = first_look_100ns(call);
    lab->looks = 0;
    lab->let_go = 0;
    lab->left_100ns = SECOND_100NS * MPS_NEVER_S - first_100ns;
    lab->firmware->boot->SetTimer(lab->watch, TimerRelative, first_100ns);
}

static void watch_end(struct mps_lab *lab)
{
    lab->firmware->boot->SetTimer(lab->watch, TimerCancel, 0);
}

/* Before the first call of each check: where firmware hangs with interrupts off, or kills the
 * machine, the last word names the check. */
static void announce(struct mps_lab *lab, enum mps_check check)
{
    const uint64_t bit = UINT64_C(1) << check;
    if (!(lab->announced & bit)) {
        lab->announced |= bit;
        console_format(lab->firmware, " %s", mps_check_id(check));
    }
}

void mps_call_begin(struct mps_lab *lab, enum mps_call call)
{
    announce(lab, mps_call_check(call));
    lab->record->answers[call].ending = MPS_NEVER;
    watch_begin(lab, call);
    mps_state_read(lab, &lab->before);
}

static bool is_switch(enum mps_call call)
{
    return call >= MPS_SWITCH_SELF;
}

static void note_change(struct mps_lab *lab, enum mps_call call, const struct mps_state *after)
{
    struct mps_change *change =
        is_switch(call) ? &lab->record->switch_changed : &lab->record->changed;
    if (change->calls++ == 0) {
        change->first = call;
        change->before = lab->before;
        change->after = *after;
    }
}

uint8_t mps_status_of(EFI_STATUS status)
{
    const uint64_t number = status & ~(UINT64_C(1) << 63);
    if (status == EFI_SUCCESS) {
        return MPS_SUCCESS;
    }
    return EFI_ERROR(status) && number < MPS_STATUS_OTHER ? (uint8_t)number : MPS_STATUS_OTHER;
}

EFI_STATUS mps_call_end(struct mps_lab *lab, enum mps_call call, EFI_STATUS status)
{
    struct mps_answer *answer = &lab->record->answers[call];
    struct mps_state after;
    mps_state_read(lab, &after);
    if (memcmp(&after, &lab->before, sizeof(after)) != 0) {
        note_change(lab, call, &after);
        mps_state_restore(lab, &lab->before, &after);
    }
    watch_end(lab);
    answer->ending = lab->looks > 0 || lab->let_go ? MPS_RELEASED : MPS_RETURNED;
    answer->status = mps_status_of(status);
    return status;
}

void mps_aside_begin(struct mps_lab *lab, enum mps_call call)
{
    announce(lab, mps_call_check(call));
    lab->aside = lab->record->answers[call];
    lab->record->answers[call].ending = MPS_NEVER;
    watch_begin(lab, call);
}

void mps_aside_end(struct mps_lab *lab, enum mps_call call)
{
    watch_end(lab);
    lab->record->answers[call] = lab->aside;
}

/* The stalls are counted for firmware whose call stopped the ticks: no look comes there. They are
 * long, since a busy host adds to each. */
bool mps_wait(struct mps_lab *lab, EFI_EVENT event)
{
    EFI_STATUS status = EFI_NOT_READY;
    watch_begin(lab, MPS_ALL_EVENT);
    for (uint32_t n = 0; n < WAIT_STALLS && lab->looks == 0 && status == EFI_NOT_READY; n++) {
        lab->firmware->boot->Stall(WAIT_STALL_US);
        status = lab->firmware->boot->CheckEvent(event);
    }
    watch_end(lab);
    return !EFI_ERROR(status);
}
