/* tsc.rate: the TSC against every reference there is. */
#include <muster/judge_time.h>
#include <muster/rate_name.h>
#include <muster/text.h>

bool rates_disagree(const struct rate *a, const struct rate *b, uint32_t percent)
{
    uint64_t apart = a->hz > b->hz ? a->hz - b->hz : b->hz - a->hz;
    uint64_t least = a->hz < b->hz ? a->hz : b->hz;

    return apart > least / 100 * percent + a->error + b->error;
}

static void add_rate(struct text *text, const struct obs_rate *seen, uint32_t source)
{
    text_format(text, "%lu +- %lu kHz by %s", (unsigned long)seen->rates[source].hz / 1000,
                (unsigned long)(seen->rates[source].error + 999) / 1000, rate_name(source));
}

static enum verdict tell(const struct obs_rate *seen, uint32_t a, uint32_t b, struct words *ret)
{
    struct text text;

    text_init(&text, ret->expected, sizeof ret->expected);
    text_format(&text, "one TSC rate by every reference, within %u %% and its error",
                seen->percent);
    text_init(&text, ret->seen, sizeof ret->seen);
    add_rate(&text, seen, a);
    text_add(&text, ", ");
    add_rate(&text, seen, b);
    string_copy(ret->means, sizeof ret->means,
                "an OS that believes the wrong one keeps wrong time: a clock of the platform runs "
                "at another rate than its specification says, or the rate that is told is not "
                "the TSC's");
    return VERDICT_FAIL;
}

enum verdict judge_rate(const struct observation *observation, struct words *ret)
{
    const struct obs_rate *seen = &observation->rate;
    uint32_t measured = 0;

    for (uint32_t a = 0; a < RATE_JUDGED; a++) {
        if (!seen->rates[a].hz)
            continue;
        measured += a < RATE_MEASURED;
        for (uint32_t b = 0; b < a; b++) {
            if (seen->rates[b].hz &&
                rates_disagree(&seen->rates[a], &seen->rates[b], seen->percent))
                return tell(seen, a, b, ret);
        }
    }
    if (measured)
        return VERDICT_PASS;
    string_copy(ret->seen, sizeof ret->seen, "no PM timer, HPET or PIT that counts");
    return VERDICT_SKIP;
}
