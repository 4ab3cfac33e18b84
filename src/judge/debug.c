/* debug.* */
#include <muster/judge.h>
#include <muster/judge_probe.h>
#include <muster/text.h>

static enum verdict judge_number(const struct obs_debug *debug, struct words *ret)
{
    struct pair came = {debug->probe.wanted, debug->probe.came};

    words_differ(ret, "debug exceptions", came,
                 debug->probe.came < debug->probe.wanted
                     ? "a breakpoint of this CPU did not fire: a debugger, or a watch on memory, "
                       "misses what happens on this CPU"
                     : "this CPU took a breakpoint that it has not set: it is another CPU's");
    return VERDICT_FAIL;
}

static enum verdict judge_deviation(struct words *ret)
{
    string_copy(ret->expected, sizeof ret->expected, "debug exceptions 0x1");
    string_copy(ret->seen, sizeof ret->seen, "debug exceptions 0x0");
    string_copy(ret->means, sizeof ret->means,
                "known deviation of QEMU TCG before 9.1: DR7.GD is ignored, MOV from a debug "
                "register goes through");
    return VERDICT_DEVIATION;
}

static enum verdict judge_kept(const struct obs_debug *debug, struct words *ret)
{
    static const char *const names[DEBUG_REGISTERS] = {"DR0", "DR1", "DR2", "DR3", "DR6", "DR7"};

    for (uint32_t n = 0; n < DEBUG_REGISTERS; n++) {
        if (words_differ(ret, names[n], debug->kept[n],
                         "a debug register does not take back what it held"))
            return VERDICT_FAIL;
    }
    return VERDICT_PASS;
}

enum verdict judge_debug(const struct observation *observation, struct words *ret)
{
    const struct obs_debug *debug = &observation->debug;
    struct obs_probe rest = debug->probe;
    bool silent = debug->unmodelled && !rest.came;

    if (!rest.differs && rest.came != rest.wanted && !silent)
        return judge_number(debug, ret);
    if (words_differ(ret, "DR6", debug->dr6,
                     "DR6 does not tell what raised the debug exception: a debugger would look at "
                     "the wrong breakpoint"))
        return VERDICT_FAIL;
    if (silent)
        rest.came = rest.wanted;
    struct observation as_probe = {.made = true, .probe = rest};
    enum verdict verdict = judge_probe(&as_probe, ret);
    if (verdict == VERDICT_PASS)
        verdict = judge_kept(debug, ret);
    /* Last: neither a known deviation nor a missed meeting may hide that something is wrong. */
    if (verdict == VERDICT_PASS)
        verdict = silent ? judge_deviation(ret) : judge_unasked(debug->unasked, ret);
    return verdict;
}
