/* ist.* */
#include <muster/judge.h>
#include <muster/judge_probe.h>
#include <muster/text.h>

static void tell_place(struct text *out, uint64_t vector, uint64_t frame)
{
    enum stack_id id;
    uint32_t cpu;

    text_format(out, "vector %lu, ", (unsigned long)vector);
    if (stack_locate(frame, &cpu, &id))
        text_format(out, "frame %lu below the top of %s of CPU %u",
                    (unsigned long)(stack_top(cpu, id) - frame), stack_name(id), cpu);
    else
        text_format(out, "frame at 0x%lx", (unsigned long)frame);
}

enum verdict judge_named(const struct observation *observation, struct words *ret)
{
    const struct obs_named *named = &observation->named;
    struct text expected, seen;

    if (!named->wrong)
        return VERDICT_PASS;
    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    tell_place(&expected, named->vector.want, named->frame.want);
    tell_place(&seen, named->vector.seen, named->frame.seen);
    text_format(&seen, "; %u of %u deliveries", named->wrong, named->asked);
    string_copy(ret->means, sizeof ret->means,
                "a vector was delivered on a stack that its gate does not name, or through "
                "another's gate");
    return VERDICT_FAIL;
}

enum verdict judge_nested(const struct observation *observation, struct words *ret)
{
    struct observation one = {.made = true, .probe = observation->nested.outer};
    enum verdict verdict = judge_probe(&one, ret);

    if (verdict != VERDICT_PASS)
        return verdict;
    one.probe = observation->nested.inner;
    return judge_probe(&one, ret);
}

enum verdict judge_reentry(const struct observation *observation, struct words *ret)
{
    const struct obs_reentry *seen = &observation->reentry;

    if (words_differ(ret, "stacks noticed", seen->noticed,
                     "an IST stack that was in use was entered again, and nobody noticed") ||
        words_differ(ret, "first frames whole", seen->whole,
                     "the second exception overwrote the first one's frame") ||
        words_differ(ret, "second frames in their place", seen->landed,
                     "the second exception was not delivered where the IST entry then pointed"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}
