#include <muster/judge.h>
#include <muster/text.h>

enum verdict judge_unasked(enum unasked reason, struct words *ret)
{
    static const char *const reasons[] = {
        [UNASKED_ALONE] = "it takes two CPUs",
        [UNASKED_ASLEEP] = "it would reach CPUs that are asleep, lost or left out",
        [UNASKED_NOT_MET] = "not all CPUs came to the rendezvous within 5 s",
        [UNASKED_NO_TIMER] = "the APIC timer gives no interrupt that could end a halt",
        [UNASKED_NO_HALT] = "what was to end the halt came before it, however late it was sent",
        [UNASKED_LATE] = "it came each time, but too late to be watched",
        [UNASKED_STRANGERS] = "it might wake a CPU that nobody claimed, or one that the MADT alone "
                              "lists, as not enabled",
        [UNASKED_NOT_TAKEN] = "another CPU did not take the NMI before for 3 s",
        [UNASKED_NOT_OFFERED] = "the CPU does not offer it",
        [UNASKED_MAILBOX] = "the Multiprocessor Wakeup mailbox takes each CPU once",
    };

    if (reason == ASKED)
        return VERDICT_PASS;
    string_copy(ret->seen, sizeof ret->seen, reasons[reason]);
    return VERDICT_SKIP;
}
