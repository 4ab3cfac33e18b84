/* Runs a group of calls under the watch, and comes back where one of them did not return. */
#include "console.h"
#include "mps_lab.h"
#include "timer.h"

#include <muster/judge_mps.h>

enum mps_call mps_given_up(const struct mps_record *record)
{
    uint32_t call = 0;
    while (call < MPS_CALLS && record->answers[call].ending != MPS_NEVER) {
        call++;
    }
    return call;
}

/* Where the watch left a call, the stack, the TPL and the interrupt flag are those of its
 * notification function until here. The tick that called it is never ended, and another one would
 * wait for that: OvmfPkg's NestedInterruptRestoreTPL() returns from it at TPL_HIGH_LEVEL, and no
 * event would come at ExitBootServices(). So there are no more ticks. Older OVMF ends the interrupt
 * after its notification functions, hence not at all here: the APIC would hold back the next. */
static void come_back(struct mps_lab *lab)
{
    const enum mps_call call = mps_given_up(lab->record);
    console_page_end(lab->firmware); /* no key comes without ticks */
    boot_timer_stop(lab->firmware);
    mps_interrupts_end();
    lab->firmware->boot->SetTimer(lab->watch, TimerCancel, 0);
    lab->firmware->boot->RestoreTPL(TPL_APPLICATION);
    console_write(lab->firmware, "\n");
    if (call < MPS_CALLS) {
        console_format(lab->firmware,
                       "muster: %s: %s did not return within %u s; MP Services are given up\n",
                       mps_check_id(mps_call_check(call)), mps_call_words(call), MPS_NEVER_S);
    }
    lab->firmware->holds_on = true;
}

static __attribute__((noinline)) void run(struct mps_lab *lab, mps_asking *ask, void *context)
{
    if (__builtin_setjmp(lab->escape) == 0) {
        ask(lab, context);
        console_write(lab->firmware, "\n");
    } else {
        come_back(lab);
    }
}

bool mps_watched(struct mps_lab *lab, const char *words, mps_asking *ask, void *context)
{
    if (mps_given_up(lab->record) < MPS_CALLS || !mps_watch_open(lab)) {
        return false;
    }
    lab->announced = 0;
    console_write(lab->firmware, words);
    run(lab, ask, context);
    mps_watch_close(lab);
    return mps_given_up(lab->record) == MPS_CALLS;
}
