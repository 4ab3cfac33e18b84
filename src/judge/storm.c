/* storm.mixed, isolation.tables */
#include <muster/judge.h>
#include <muster/judge_probe.h>
#include <muster/memory.h>
#include <muster/text.h>

const char *storm_kind_name(enum storm_kind kind)
{
    static const char *const names[STORM_KINDS] = {"#UD", "#DE",    "#GP", "#PF",
                                                   "#DF", "ring 3", "IPI", "NMI"};

    return kind < STORM_KINDS ? names[kind] : "event";
}

/* Which event it was, before what was expected of it. */
static void tell_event(const struct obs_storm *storm, struct words *ret)
{
    char expected[WORDS_EXPECTED_MAX];
    struct text text;

    memcpy(expected, ret->expected, sizeof expected);
    text_init(&text, ret->expected, sizeof ret->expected);
    text_format(&text, "event %u, %s: %s", storm->event,
                storm_kind_name((enum storm_kind)storm->kind), expected);
}

enum verdict judge_storm(const struct observation *observation, struct words *ret)
{
    const struct obs_storm *storm = &observation->storm;

    enum verdict verdict = judge_probe(observation, ret);
    if (verdict != VERDICT_PASS) {
        tell_event(storm, ret);
        return verdict;
    }
    if (words_differ(ret, "IPIs taken", storm->ipis,
                     "an IPI was lost, or came twice, while this CPU took faults") ||
        words_differ(ret, "NMIs taken", storm->nmis,
                     "an NMI was lost, or came twice, while this CPU took faults") ||
        words_differ(ret, "interrupts nobody sent", storm->strays,
                     "an interrupt came twice, or to the wrong CPU"))
        return VERDICT_FAIL;
    return judge_unasked(storm->unasked, ret);
}

enum verdict judge_watch(const struct observation *observation, struct words *ret)
{
    const struct obs_watch *watch = &observation->watch;

    if (words_differ(ret, "looks at its own tables", watch->rounds,
                     "the CPU did not watch to the end") ||
        words_differ(ret, "sum over GDT, TSS and IDT", watch->sum,
                     "faults on other CPUs changed this CPU's tables") ||
        words_differ(ret, "registers that changed (bits)", watch->changed,
                     "faults on other CPUs changed what this CPU's registers hold") ||
        words_differ(ret, "stacks written (bits)", watch->stacks,
                     "an exception of another CPU was delivered on a stack of this one"))
        return VERDICT_FAIL;
    return judge_unasked(watch->unasked, ret);
}
