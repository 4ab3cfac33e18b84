/* timer.* */
#include <muster/judge_time.h>
#include <muster/text.h>

/* Nobody is to blame for a late timer interrupt: a hypervisor or an SMI may have held the CPU. One
 * that is early, lost, or one too many is the timer's own. */
enum verdict judge_timer(const struct observation *observation, struct words *ret)
{
    const struct obs_timer *seen = &observation->timer;

    if (seen->unasked)
        return judge_unasked(seen->unasked, ret);
    if (seen->early) {
        struct text text;
        text_init(&text, ret->expected, sizeof ret->expected);
        text_format(&text, "timer interrupt %u not before its time", seen->early);
        text_init(&text, ret->seen, sizeof ret->seen);
        text_format(&text, "%lu ns after the timer was armed, due after %lu ns",
                    (unsigned long)seen->at_ns, (unsigned long)seen->due_ns);
        string_copy(ret->means, sizeof ret->means,
                    "the timer runs faster than was measured, or delivers without being due: "
                    "sleeps end early and an OS counts too many ticks");
        return VERDICT_FAIL;
    }
    if (words_differ(ret, "timer interrupts", (struct pair){seen->wanted, seen->came},
                     seen->came < seen->wanted
                         ? "a timer interrupt was lost: none came for 3 s, and an OS that sleeps "
                           "on this CPU does not wake"
                         : "more timer interrupts than were due") ||
        words_differ(ret, "timer interrupts afterwards", (struct pair){0, seen->after},
                     "the timer delivered when it was stopped, masked or done: a stray interrupt, "
                     "or one delivered twice") ||
        words_differ(ret, "current count", (struct pair){0, seen->left},
                     "the timer's own register does not show that it has ended"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}

static enum verdict tell_rate(const struct timer_step *seen, const struct timer_step *first,
                              uint32_t divider, struct words *ret)
{
    struct text text;

    text_init(&text, ret->expected, sizeof ret->expected);
    text_format(&text, "divide by %u: %lu +- %lu kHz times the divider", divider,
                (unsigned long)first->rate.hz / 1000,
                (unsigned long)(first->rate.error + 999) / 1000);
    text_init(&text, ret->seen, sizeof ret->seen);
    text_format(&text, "%lu +- %lu kHz", (unsigned long)seen->rate.hz / 1000,
                (unsigned long)(seen->rate.error + 999) / 1000);
    string_copy(ret->means, sizeof ret->means,
                "the divide configuration does not divide as it says: timeouts are off by a "
                "factor");
    return VERDICT_FAIL;
}

enum verdict judge_timer_steps(const struct observation *observation, struct words *ret)
{
    const struct obs_timer_steps *seen = &observation->timer_steps;
    const struct timer_step *first = NULL;

    for (uint32_t n = 0; n < TIMER_DIVIDERS; n++) {
        const struct timer_step *step = &seen->steps[n];
        if (words_differ(ret, "divide configuration", (struct pair){step->want, step->seen},
                         "the register does not keep what was written to it"))
            return VERDICT_FAIL;
        if (!step->rate.hz)
            continue;
        first = first ? first : step;
        if (rates_disagree(&first->rate, &step->rate, seen->percent))
            return tell_rate(step, first, 1u << n, ret);
    }
    if (first)
        return VERDICT_PASS;
    string_copy(ret->seen, sizeof ret->seen, "no window was undisturbed for long enough");
    return VERDICT_SKIP;
}

/* --- timer.rate: all CPUs against each other ----------------------------------------------------
 */

static const struct rate *rate_of(const struct crowd *crowd, uint32_t index)
{
    return &crowd_seen(crowd, index)->timer_steps.steps[0].rate;
}

static uint32_t percent_of(const struct crowd *crowd, uint32_t index)
{
    return crowd_seen(crowd, index)->timer_steps.percent;
}

/* How many CPUs have a rate that may be that of `index`. */
static uint32_t friends_of(const struct crowd *crowd, uint32_t index)
{
    uint32_t count = 0;

    cpuset_for_each(other, &crowd->cpus) count +=
        rate_of(crowd, other)->hz &&
        !rates_disagree(rate_of(crowd, index), rate_of(crowd, other), percent_of(crowd, index));
    return count;
}

/* The CPU that most agree with; CPU_NONE where no rate is known. A CPU that all agree with is
 * mostly the first that is looked at. */
static uint32_t most_agreed(const struct crowd *crowd)
{
    uint32_t best = CPU_NONE, most = 0, count = cpuset_count(&crowd->cpus);

    cpuset_for_each(index, &crowd->cpus)
    {
        uint32_t friends = rate_of(crowd, index)->hz ? friends_of(crowd, index) : 0;
        if (friends > most) {
            most = friends;
            best = index;
        }
        if (2 * most > count)
            break;
    }
    return best;
}

static void tell_one(struct teller *teller, uint32_t index, const struct rate *want, const char *by,
                     const struct rate *seen, const char *means)
{
    struct words words = {0};
    struct cpuset one = {{0}};
    struct text text;

    cpuset_add(&one, index);
    text_init(&text, words.expected, sizeof words.expected);
    text_format(&text, "APIC timer %lu +- %lu kHz, as %s", (unsigned long)want->hz / 1000,
                (unsigned long)(want->error + 999) / 1000, by);
    text_init(&text, words.seen, sizeof words.seen);
    text_format(&text, "%lu +- %lu kHz by its own TSC", (unsigned long)seen->hz / 1000,
                (unsigned long)(seen->error + 999) / 1000);
    string_copy(words.means, sizeof words.means, means);
    teller->tell(teller, &one, VERDICT_FAIL, &words);
}

static void skip_one(struct teller *teller, uint32_t index)
{
    struct words words = {0};
    struct cpuset one = {{0}};

    cpuset_add(&one, index);
    string_copy(words.seen, sizeof words.seen, "no window was undisturbed for long enough");
    teller->tell(teller, &one, VERDICT_SKIP, &words);
}

void judge_timer_rates(const struct crowd *crowd, struct teller *teller)
{
    uint32_t right = most_agreed(crowd);

    cpuset_for_each(index, &crowd->cpus)
    {
        const struct rate *seen = rate_of(crowd, index);
        const struct rate crystal = {crowd_seen(crowd, index)->timer_steps.crystal_hz, 0};
        if (!seen->hz)
            skip_one(teller, index);
        else if (rates_disagree(seen, rate_of(crowd, right), percent_of(crowd, index)))
            tell_one(teller, index, rate_of(crowd, right), "most others", seen,
                     "an OS measures the APIC timer on one CPU and believes it for all: "
                     "timeouts on this one are wrong");
        else if (crystal.hz && rates_disagree(seen, &crystal, percent_of(crowd, index)))
            tell_one(teller, index, &crystal, "CPUID 0x15 tells", seen,
                     "an OS takes the timer's rate from the crystal that CPUID tells and "
                     "does not measure it: all its timeouts are wrong");
    }
}
