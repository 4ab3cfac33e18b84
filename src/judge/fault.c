/* fault.rf */
#include <muster/judge.h>
#include <muster/text.h>

static void tell_rf(struct text *out, uint8_t vector, bool rf)
{
    if (vector == RF_NOTHING_CAME)
        text_add(out, "no exception");
    else
        text_format(out, "%s with RF %s", vector_name(vector), rf ? "set" : "clear");
}

static bool as_wanted(const struct rf_case *one)
{
    return one->want_vector == one->seen_vector && one->want_rf == one->seen_rf;
}

/* QEMU's software emulation: before 9.1 RF is clear in every frame; since then it is set in those
 * of interrupts, too (exception_is_fault() in its seg_helper.c, which is asked for them as well).
 */
static bool excused(const struct rf_case *one)
{
    if (one->want_vector != one->seen_vector)
        return false;
    return !one->seen_rf || one->want_vector == VECTOR_NMI;
}

/* The first that is not as wanted, passing by those that `tcg` excuses. */
static const struct rf_case *first_wrong(const struct obs_rf *rf, bool tcg)
{
    for (uint32_t n = 0; n < rf->count; n++) {
        const struct rf_case *one = &rf->cases[n];
        if (!as_wanted(one) && !(tcg && excused(one)))
            return one;
    }
    return NULL;
}

static enum verdict tell(const struct rf_case *one, struct words *ret)
{
    struct text expected, seen;

    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    tell_rf(&expected, one->want_vector, one->want_rf);
    tell_rf(&seen, one->seen_vector, one->seen_rf);
    string_copy(ret->means, sizeof ret->means,
                "returning to an instruction with a breakpoint on it would meet the breakpoint "
                "again, or pass the next one by");
    return VERDICT_FAIL;
}

enum verdict judge_rf(const struct observation *observation, struct words *ret)
{
    const struct obs_rf *rf = &observation->rf;
    const struct rf_case *wrong = first_wrong(rf, rf->tcg);

    if (wrong)
        return tell(wrong, ret);
    wrong = first_wrong(rf, false);
    if (!wrong)
        return VERDICT_PASS;
    tell(wrong, ret);
    string_copy(
        ret->means, sizeof ret->means,
        "known deviation of QEMU TCG: RF is clear in every frame (before 9.1), or set in that of "
        "an interrupt, too (since)");
    return VERDICT_DEVIATION;
}
