/* tsc.adjust, tsc.invariant, tsc.monotonic */
#include <muster/judge_time.h>
#include <muster/stage.h>
#include <muster/text.h>
#include <muster/tsc_time.h>

/* Machines of several chassis start them one after the other; their firmware brings the TSCs
 * together by one adjustment for all CPUs of a package. Whether it did is what tsc.offset asks. */
static bool shifted_as_package(const struct crowd *crowd, uint32_t index)
{
    const struct obs_tsc_value *seen = &crowd_seen(crowd, index)->tsc_value;
    bool company = false, others = false;

    cpuset_for_each(other, &crowd->cpus)
    {
        const struct obs_tsc_value *of = &crowd_seen(crowd, other)->tsc_value;
        if (of->package == seen->package && of->value != seen->value)
            return false;
        company |= other != index && of->package == seen->package;
        others |= of->package != seen->package && of->value != seen->value;
    }
    return company && others;
}

void judge_tsc_adjust(const struct crowd *crowd, struct teller *teller)
{
    cpuset_for_each(index, &crowd->cpus)
    {
        const struct obs_tsc_value *seen = &crowd_seen(crowd, index)->tsc_value;
        struct words words = {0};
        struct cpuset one = {{0}};
        cpuset_add(&one, index);
        if (!seen->offered) {
            judge_unasked(UNASKED_NOT_OFFERED, &words);
            teller->tell(teller, &one, VERDICT_SKIP, &words);
        } else if (seen->value && !shifted_as_package(crowd, index)) {
            words_differ(
                &words, "IA32_TSC_ADJUST", (struct pair){0, seen->value},
                "firmware shifted this CPU's TSC and left it so: an OS that compares it with "
                "the others' finds a TSC that is not synchronised, and gives it up as a clock");
            teller->tell(teller, &one, VERDICT_FAIL, &words);
        }
    }
}

static uint32_t count_of(const struct crowd *crowd, bool offered)
{
    uint32_t count = 0;

    cpuset_for_each(index, &crowd->cpus) count +=
        crowd_seen(crowd, index)->tsc_value.offered == offered;
    return count;
}

/* What most CPUs say; where that is undecided, what the first does. */
static bool common(const struct crowd *crowd)
{
    uint32_t yes = count_of(crowd, true), no = count_of(crowd, false);

    if (yes != no)
        return yes > no;
    return crowd_seen(crowd, cpuset_next(&crowd->cpus, 0))->tsc_value.offered;
}

void judge_invariant(const struct crowd *crowd, struct teller *teller)
{
    struct words words = {0};
    struct cpuset others = {{0}};

    if (cpuset_empty(&crowd->cpus))
        return;
    if (!count_of(crowd, true)) {
        string_copy(words.seen, sizeof words.seen, "no CPU offers an invariant TSC");
        teller->tell(teller, &others, VERDICT_SKIP, &words);
        return;
    }
    bool want = common(crowd);
    cpuset_for_each(index, &crowd->cpus)
    {
        if (crowd_seen(crowd, index)->tsc_value.offered != want)
            cpuset_add(&others, index);
    }
    if (cpuset_empty(&others))
        return;
    words_differ(&words, "CPUID 0x80000007 EDX bit 8", (struct pair){want, !want},
                 "CPUs disagree on whether the TSC runs on in all P-, C- and T-states: an OS asks "
                 "one of them and believes it for all");
    teller->tell(teller, &others, VERDICT_FAIL, &words);
}

static void tell_stamp(const struct obs_monotonic *seen, struct words *ret)
{
    bool early = (int64_t)(seen->stamp - seen->earliest) < 0;
    uint64_t by = early ? seen->earliest - seen->stamp : seen->stamp - seen->latest;
    struct text text;

    text_init(&text, ret->expected, sizeof ret->expected);
    text_format(&text, "stage %s after what came before it, and before the BSP saw it",
                stage_id(seen->stage));
    text_init(&text, ret->seen, sizeof ret->seen);
    text_format(&text, "stage %s %lu ticks %s", stage_id(seen->stage), (unsigned long)by,
                early ? "too early" : "after it was seen");
    text_format(&text, " (%lu us)", (unsigned long)(tsc_nanoseconds(by, seen->tsc_hz) / 1000));
    string_copy(ret->means, sizeof ret->means,
                early ? "this CPU's TSC stands behind the BSP's, as when cores are released from "
                        "reset late: an OS will not trust the TSC as its clock"
                      : "this CPU's TSC stands ahead of the BSP's: an OS will not trust the TSC "
                        "as its clock");
}

enum verdict judge_monotonic(const struct observation *observation, struct words *ret)
{
    const struct obs_monotonic *seen = &observation->monotonic;

    if (words_differ(ret, "ticks that the TSC went back", (struct pair){0, seen->back_by},
                     "this CPU's own TSC does not only rise: time runs backwards for all software "
                     "on it"))
        return VERDICT_FAIL;
    if (seen->stage == STAGE_NONE)
        return VERDICT_PASS;
    tell_stamp(seen, ret);
    return VERDICT_FAIL;
}
