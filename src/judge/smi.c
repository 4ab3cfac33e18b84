/*
 * smi.gaps, smi.count
 *
 * An SMI stops every CPU at once (SDM vol. 3C, 32.3.1 and 32.11: handlers gather them all). What
 * stops one CPU alone is something else, and only told. Up to 150 us is what Intel's BIOS
 * implementation test suite lets pass; beyond a millisecond a 1000 Hz tick is lost, audio stutters
 * and a real-time system misses its deadline: that fails.
 */
#include <muster/judge_time.h>
#include <muster/text.h>
#include <muster/tsc_time.h>

enum { RENDEZVOUS_US = 1000, STORM_EACH_SECOND = 100, STORM_LEAST = 10 };

uint32_t gap_class_us(uint32_t n)
{
    static const uint32_t classes[GAP_CLASSES] = {10, 150, 1000, 10000};

    return classes[n];
}

static uint64_t gap_us(const struct gap *gap, uint64_t tsc_hz)
{
    return tsc_nanoseconds(gap->end - gap->begin, tsc_hz) / 1000;
}

static bool overlap(const struct gap *a, const struct gap *b)
{
    return a->begin < b->end && b->begin < a->end;
}

/* CPUs enter and leave SMM one after the other: half the time is enough at the same time. */
static bool stopped_then(const struct obs_gaps *seen, const struct gap *gap)
{
    for (uint32_t n = 0; n < seen->kept; n++) {
        if (overlap(&seen->longest[n], gap) &&
            2 * gap_us(&seen->longest[n], seen->tsc_hz) >= RENDEZVOUS_US)
            return true;
    }
    return false;
}

static bool all_stopped_then(const struct crowd *crowd, const struct gap *gap)
{
    cpuset_for_each(index, &crowd->cpus)
    {
        if (!stopped_then(&crowd_seen(crowd, index)->gaps, gap))
            return false;
    }
    return true;
}

/* The longest of them all, whoever's it is. */
static const struct obs_gaps *worst_of(const struct crowd *crowd)
{
    const struct obs_gaps *worst = NULL;

    cpuset_for_each(index, &crowd->cpus)
    {
        const struct obs_gaps *seen = &crowd_seen(crowd, index)->gaps;
        if (seen->kept && (!worst || gap_us(&seen->longest[0], seen->tsc_hz) >
                                         gap_us(&worst->longest[0], worst->tsc_hz)))
            worst = seen;
    }
    return worst;
}

static void tell_machine(struct teller *teller, enum verdict verdict, const struct words *words)
{
    static const struct cpuset nobody;

    teller->tell(teller, &nobody, verdict, words);
}

/* Under a hypervisor the host stops CPUs as it likes; so does an emulator. */
static void tell_hypervisor(const struct crowd *crowd, const struct obs_gaps *first,
                            struct teller *teller)
{
    const struct obs_gaps *worst = worst_of(crowd);
    struct words words = {0};
    struct text text;

    text_init(&text, words.seen, sizeof words.seen);
    text_format(&text, "under \"%s\" a gap may be the host's; ", first->hypervisor);
    if (worst)
        text_format(&text, "the longest: %lu us on CPU %u",
                    (unsigned long)gap_us(&worst->longest[0], worst->tsc_hz), worst->cpu);
    else
        text_format(&text, "none of %u us or more", gap_class_us(0));
    tell_machine(teller, VERDICT_SKIP, &words);
}

static void tell_rendezvous(const struct obs_gaps *seen, const struct gap *gap,
                            struct teller *teller)
{
    struct words words = {0};
    struct text text;

    text_init(&text, words.expected, sizeof words.expected);
    text_format(&text, "no gap of %u us or more on all CPUs at once", RENDEZVOUS_US);
    text_init(&text, words.seen, sizeof words.seen);
    text_format(&text, "all CPUs stood still for %lu us at the same time, within %u ms",
                (unsigned long)gap_us(gap, seen->tsc_hz), seen->watched_us / 1000);
    string_copy(words.means, sizeof words.means,
                "an SMI held every CPU: the firmware's handler is too slow; an OS loses timer "
                "ticks, audio and network drop out, no real-time promise holds");
    tell_machine(teller, VERDICT_FAIL, &words);
}

void judge_gaps(const struct crowd *crowd, struct teller *teller)
{
    struct words words = {0};

    if (cpuset_empty(&crowd->cpus))
        return;
    const struct obs_gaps *first = &crowd_seen(crowd, cpuset_next(&crowd->cpus, 0))->gaps;
    if (first->hypervisor[0]) {
        tell_hypervisor(crowd, first, teller);
        return;
    }
    if (judge_unasked(first->unasked, &words) == VERDICT_SKIP) {
        tell_machine(teller, VERDICT_SKIP, &words);
        return;
    }
    for (uint32_t n = 0; n < first->kept; n++) {
        const struct gap *gap = &first->longest[n];
        if (gap_us(gap, first->tsc_hz) < RENDEZVOUS_US || !all_stopped_then(crowd, gap))
            continue;
        tell_rendezvous(first, gap, teller);
        return;
    }
}

enum verdict judge_smi_count(const struct observation *observation, struct words *ret)
{
    const struct obs_smi_count *seen = &observation->smi_count;
    uint64_t rose = seen->after - seen->before;
    uint64_t most = (uint64_t)seen->watched_us * STORM_EACH_SECOND / 1000000;
    struct text text;

    if (!seen->offered) {
        string_copy(ret->seen, sizeof ret->seen, "the CPU has no MSR_SMI_COUNT");
        return VERDICT_SKIP;
    }
    most = most > STORM_LEAST ? most : STORM_LEAST;
    if (rose <= most)
        return VERDICT_PASS;
    text_init(&text, ret->expected, sizeof ret->expected);
    text_format(&text, "at most %lu SMIs in %u ms", (unsigned long)most, seen->watched_us / 1000);
    text_init(&text, ret->seen, sizeof ret->seen);
    text_format(&text, "%lu SMIs: MSR_SMI_COUNT rose from 0x%lx to 0x%lx", (unsigned long)rose,
                (unsigned long)seen->before, (unsigned long)seen->after);
    string_copy(ret->means, sizeof ret->means,
                "an SMI storm: firmware takes every CPU away again and again, and no OS can "
                "prevent it or even see it");
    return VERDICT_FAIL;
}
