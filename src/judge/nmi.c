/* nmi.* */
#include <muster/judge.h>
#include <muster/judge_probe.h>
#include <muster/text.h>

static enum verdict judge_place(const struct obs_nmi *nmi, struct words *ret)
{
    struct text expected, seen;

    if (nmi->probe.seen.rip - nmi->rip_first < nmi->rip_end - nmi->rip_first)
        return VERDICT_PASS;
    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&expected, "RIP from 0x%lx to 0x%lx", (unsigned long)nmi->rip_first,
                (unsigned long)nmi->rip_end - 1);
    text_format(&seen, "RIP 0x%lx", (unsigned long)nmi->probe.seen.rip);
    string_copy(ret->means, sizeof ret->means,
                "the NMI does not return to what it interrupted: the CPU would go on elsewhere");
    return VERDICT_FAIL;
}

enum verdict judge_nmi(const struct observation *observation, struct words *ret)
{
    const struct obs_nmi *nmi = &observation->nmi;

    if (nmi->unasked)
        return judge_unasked(nmi->unasked, ret);
    if (nmi->probe.came != nmi->probe.wanted && !nmi->probe.differs) {
        struct pair taken = {nmi->probe.wanted, nmi->probe.came};
        words_differ(ret, "NMIs", taken,
                     nmi->probe.came ? "an NMI was delivered more often than it was sent"
                                     : "an NMI was lost: neither a crash dump nor a watchdog "
                                       "reaches this CPU");
        return VERDICT_FAIL;
    }
    enum verdict verdict = judge_probe(observation, ret);
    return verdict == VERDICT_PASS ? judge_place(nmi, ret) : verdict;
}

static bool nmis_lost(const struct obs_nmi_count *count, struct words *ret)
{
    char name[48];
    struct text text;

    if (count->missing == CPU_NONE)
        return false;
    text_init(&text, name, sizeof name);
    text_format(&text, "NMIs from CPU %u", count->missing);
    return words_differ(ret, name, (struct pair){1, 0},
                        "an NMI was lost: neither a crash dump nor a watchdog reaches this CPU");
}

static bool nmis_stray(const struct obs_nmi_count *count, struct words *ret)
{
    char name[64];
    struct text text;

    text_init(&text, name, sizeof name);
    text_format(&text, "NMIs nobody sent, after one from CPU %u:", count->stray_after);
    return words_differ(ret, name, count->strays,
                        "an NMI was delivered more often than it was sent, or to the wrong CPU");
}

enum verdict judge_nmi_count(const struct observation *observation, struct words *ret)
{
    const struct obs_nmi_count *count = &observation->nmi_count;

    if (count->unasked && count->taken.want == 0)
        return judge_unasked(count->unasked, ret);
    if (nmis_lost(count, ret) || nmis_stray(count, ret) ||
        words_differ(ret, "NMIs taken", count->taken,
                     "not as many NMIs were taken as other CPUs sent"))
        return VERDICT_FAIL;
    return judge_unasked(count->unasked, ret);
}

enum verdict judge_nmi_blocked(const struct observation *observation, struct words *ret)
{
    const struct obs_nmi_blocked *blocked = &observation->nmi_blocked;

    if (words_differ(ret, "NMIs inside the NMI handler", blocked->during,
                     "an NMI came before the IRET of the one before: on its IST stack it would "
                     "overwrite the frame of the first") ||
        words_differ(ret, "NMIs taken", blocked->taken,
                     "of several NMIs that come while one is handled, exactly one must be kept"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}
