/* CPUs that did not come back from a check: each fails it, with its last words if it has any. */
#include "announce.h"
#include "bsp_watch.h"
#include "run.h"
#include "work.h"

void hung_tell(const struct run *run, const struct cpu *cpu, struct words *ret)
{
    struct text seen;

    string_copy(ret->expected, sizeof ret->expected, "the CPU at work, or done");
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&seen, "no heartbeat for %u s", STALL_US / 1000000);
    if (cpu->last_words.spoken) {
        text_add(&seen, ", ");
        last_words_place(run, cpu->last_words.frame.rip, &seen);
    }
    string_copy(ret->means, sizeof ret->means,
                "the CPU hung in this check without an exception; it was given up");
}

void bsp_lost_tell(const struct run *run, const struct cpu *bsp, struct words *ret)
{
    struct text expected;

    if (bsp_stalled(bsp)) {
        hung_tell(run, bsp, ret);
        return;
    }
    last_words_tell(run, bsp, ret);
    text_init(&expected, ret->expected, sizeof ret->expected);
    text_format(&expected, "no exception on the BSP while it was at: %s", run->sinks.model.doing);
}

/* Whoever conducts a check may know better where it lost a CPU. */
static bool told_by_conductor(const struct run *run, uint32_t result, const struct cpu *cpu,
                              struct words *ret)
{
    const struct check *check = check_get(run->planned[result]);
    const struct observation *seen = &cpu->observations[ROUND_TOGETHER];

    return check->conduct && check->judge && seen->made && check->judge(seen, ret) == VERDICT_FAIL;
}

void lost_tell(struct run *run, uint32_t result, const struct cpuset *lost)
{
    cpuset_for_each(index, lost)
    {
        const struct cpu *cpu = fleet_cpu(&run->fleet, index);
        struct words words = {0};
        cpuset_add(&run->into->lost, index);
        sinks_look(&run->sinks, index, LOOK_LOST);
        announce_last_words(run, cpu);
        if (cpu->last_words.spoken && !cpu->last_words.earlier)
            last_words_tell(run, cpu, &words);
        else if (!told_by_conductor(run, result, cpu, &words))
            hung_tell(run, cpu, &words);
        report_find(run->into, result, index, VERDICT_FAIL, &words);
    }
}
