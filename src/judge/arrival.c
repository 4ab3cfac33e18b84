/* up.answer, up.once, up.apic-id, up.again */
#include <muster/judge.h>
#include <muster/stage.h>
#include <muster/text.h>

static const char *refusal_sentence(uint32_t refusal)
{
    switch (refusal) {
    case REFUSAL_NO_NX:
        return "it does not offer NX, which the BSP does and the page tables need";
    case REFUSAL_NO_LA57:
        return "it cannot use as many paging levels as the BSP does";
    case REFUSAL_APIC_MODE:
        return "its local APIC is in x2APIC mode, the BSP's in xAPIC mode";
    case REFUSAL_UNREACHABLE:
        return "its APIC ID is beyond what the BSP's APIC can address in xAPIC mode";
    case REFUSAL_ICR_BUSY:
        return "the BSP's APIC stayed busy with an earlier command and took no other: INIT or SIPI "
               "was not sent";
    default:
        return "";
    }
}

static void means_add(struct text *out, uint32_t stage, uint32_t refusal)
{
    text_format(out, "stage %s: %s", stage_id(stage), stage_sentence(stage));
    if (refusal)
        text_format(out, "; %s", refusal_sentence(refusal));
}

enum verdict judge_up_answer(const struct observation *observation, struct words *ret)
{
    const struct obs_arrival *arrival = &observation->arrival;
    struct text seen, means;

    if (!arrival->lost)
        return VERDICT_PASS;
    string_copy(ret->expected, sizeof ret->expected, "stage online, and work done when called");
    text_init(&seen, ret->seen, sizeof ret->seen);
    stage_print(&seen, arrival->first_stage, arrival->stage);
    text_format(&seen, " after %u us, %u %s", arrival->waited_us, arrival->retries,
                arrival->retries == 1 ? "retry" : "retries");
    text_init(&means, ret->means, sizeof ret->means);
    means_add(&means, arrival->stage, arrival->refusal);
    return VERDICT_FAIL;
}

static enum verdict judge_strangers(const struct obs_arrival *arrival, struct words *ret)
{
    struct text seen;

    string_copy(ret->expected, sizeof ret->expected, "only CPUs that firmware claimed");
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&seen, "%u arrivals of CPUs nobody claimed, first with APIC ID 0x%x",
                arrival->strangers, arrival->stranger_id);
    string_copy(
        ret->means, sizeof ret->means,
        "a CPU answered whose APIC ID is in no table: an OS would take it for another, or for "
        "the BSP");
    return VERDICT_FAIL;
}

enum verdict judge_up_once(const struct observation *observation, struct words *ret)
{
    const struct obs_arrival *arrival = &observation->arrival;
    struct pair slots = {.want = 1, .seen = arrival->slots_claimed};
    struct pair entries = {.want = 1 + arrival->retries, .seen = arrival->entries};

    if (arrival->strangers)
        return judge_strangers(arrival, ret);
    if (!arrival->called)
        return VERDICT_PASS;
    if (words_differ(ret, "CPUs that claimed this slot", slots,
                     "two CPUs run with the same APIC ID: an OS would lose one of them"))
        return VERDICT_FAIL;
    /* A CPU that came late may have entered once for each call; more than that is one start too
     * many. */
    if (entries.seen > entries.want &&
        words_differ(
            ret, "entries into the trampoline", entries,
            "the CPU was started more often than it was called: a second SIPI was taken by a "
            "running CPU, or two CPUs share an APIC ID"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}

enum verdict judge_up_apic_id(const struct observation *observation, struct words *ret)
{
    const struct obs_arrival *arrival = &observation->arrival;
    struct pair none = {0, 0};

    if (words_differ(
            ret, "APIC ID by CPUID leaf 0xB", arrival->has_leaf_b ? arrival->leaf_b : none,
            "CPUID tells another APIC ID than firmware's tables: an OS warns of a firmware bug "
            "and may misplace the CPU in the topology") ||
        words_differ(ret, "APIC ID by CPUID leaf 1", arrival->leaf1,
                     "the initial APIC ID of leaf 1 is not the low 8 bits of the claimed one") ||
        words_differ(
            ret, "APIC ID by the APIC's register", arrival->has_apic ? arrival->apic : none,
            "the local APIC answers to another ID than the one claimed: IPIs to this CPU go "
            "elsewhere"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}

static enum verdict judge_lost_again(const struct obs_again *again, struct words *ret)
{
    struct text expected, seen, means;

    text_init(&expected, ret->expected, sizeof ret->expected);
    text_format(&expected, "stage online at each of %u calls", again->wanted);
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&seen, "call %u: ", again->call);
    stage_print(&seen, again->first_stage, again->stage);
    text_format(&seen, " after %lu us, 1 retry", (unsigned long)again->waited_us);
    text_init(&means, ret->means, sizeof ret->means);
    means_add(&means, again->stage, again->refusal);
    if (!again->refusal)
        text_add(&means,
                 "; it came at every call before: an OS that starts it once may not start it a "
                 "second time");
    return VERDICT_FAIL;
}

enum verdict judge_up_again(const struct observation *observation, struct words *ret)
{
    const struct obs_again *again = &observation->again;

    if (again->unasked)
        return judge_unasked(again->unasked, ret);
    if (again->lost)
        return judge_lost_again(again, ret);
    if (words_differ(ret, "times its slot was claimed at one call", again->claimed,
                     "it started twice, or another CPU came under its APIC ID"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}
