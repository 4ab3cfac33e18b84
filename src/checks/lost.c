/* CPUs that did not come back from a check: each fails it, with its last words if it has any. */
#include "announce.h"
#include "run.h"

static void tell_hung(struct run *run, uint32_t result, uint32_t index)
{
    struct words words = {0};

    string_copy(words.expected, sizeof words.expected, "the CPU at work, or done");
    string_copy(words.seen, sizeof words.seen, "no heartbeat for 10 s");
    string_copy(words.means, sizeof words.means,
                "the CPU hung in this check without an exception; it was given up");
    report_find(&run->report, result, index, VERDICT_FAIL, &words);
}

void lost_tell(struct run *run, uint32_t result, const struct cpuset *lost)
{
    cpuset_for_each(index, lost)
    {
        const struct cpu *cpu = fleet_cpu(&run->fleet, index);
        struct words words = {0};
        cpuset_add(&run->report.lost, index);
        sinks_look(&run->sinks, index, LOOK_LOST);
        announce_last_words(run, cpu);
        if (!cpu->last_words.spoken) {
            tell_hung(run, result, index);
            continue;
        }
        last_words_tell(run, cpu, &words);
        report_find(&run->report, result, index, VERDICT_FAIL, &words);
    }
}
