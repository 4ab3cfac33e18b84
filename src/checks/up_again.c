/* up.again: INIT and SIPI to CPUs that came before, again and again. A SIPI that is lost now and
 * then, as when it meets a CPU in SMM, shows in many calls rather than in one. */
#include "check.h"
#include "launch.h"
#include "registers.h"
#include "work.h"
#include <muster/text.h>

enum { CALLS = 10, PLANTED_CALL = 3 };

static struct obs_again *again_of(const struct fleet *fleet, uint32_t index)
{
    return &fleet_cpu(fleet, index)->observations[ROUND_TOGETHER].again;
}

static void observe_ready(struct cpu *cpu, struct observation *ret)
{
    ret->again.claimed = (struct pair){1, 1};
    if (cpu->fleet->handoff->claims.madt.mailbox)
        ret->again.unasked = UNASKED_MAILBOX;
    else if (cpu->fleet->at_work_count < 2)
        ret->again.unasked = UNASKED_ALONE;
}

static void take_work(struct cpu *cpu, void *context)
{
    (void)context;
    cpu->heartbeat++;
}

static void note_call(const struct fleet *fleet, const struct cpuset *aps, uint32_t call,
                      const struct recall *recall)
{
    cpuset_for_each(index, aps)
    {
        const struct cpu *cpu = fleet_cpu(fleet, index);
        struct obs_again *again = again_of(fleet, index);

        again->wanted = CALLS;
        again->call = call;
        again->lost = cpuset_has(&recall->lost, index);
        again->stage = cpu->stage;
        again->first_stage = cpu->first_stage;
        again->refusal = cpu->refusal;
        again->waited_us = recall->us;
        again->retries += cpuset_has(&recall->late, index);
        if (recall->us > again->slowest_us)
            again->slowest_us = recall->us;
        if (again->claimed.seen == 1 && !again->lost)
            again->claimed.seen = cpu->claimed;
    }
}

/* Every other call goes to each CPU by its APIC ID. Planted: at one call its SIPI is withheld. */
static void conduct_again(struct fleet *fleet, const struct cpuset *set, struct cpuset *lost)
{
    bool planted = fleet_cpu(fleet, fleet->victim)->planted;
    struct cpuset aps = *set;

    cpuset_remove(&aps, 0);
    cpuset_intersect(&aps, &fleet->online);
    if (fleet->handoff->claims.madt.mailbox)
        return;
    for (uint32_t call = 1; call <= CALLS && !cpuset_empty(&aps); call++) {
        struct recall recall;
        const char *break_id = planted && call == PLANTED_CALL ? "up.init-sent" : "";

        launch_again(fleet, &aps, break_id, call % 2 == 0, &recall);
        note_call(fleet, &aps, call, &recall);
        cpuset_unite(lost, &recall.lost);
        cpuset_subtract(&aps, &recall.lost);
        work_run(fleet, &aps, take_work, NULL, lost);
        cpuset_subtract(&aps, lost);
    }
}

static void remark_again(const struct fleet *fleet, const struct cpuset *examined, struct text *out)
{
    uint64_t slowest_us = 0;
    uint32_t retries = 0;

    cpuset_for_each(index, examined)
    {
        const struct obs_again *again = again_of(fleet, index);
        slowest_us = again->slowest_us > slowest_us ? again->slowest_us : slowest_us;
        retries += again->retries;
    }
    text_format(out, "%u calls, all there after %lu us at most, %u %s", CALLS,
                (unsigned long)slowest_us, retries, retries == 1 ? "retry" : "retries");
}

static const struct check rows[] = {
    {.info = {.id = "up.again",
              .claim = "a CPU that came once comes each of 10 times that INIT and SIPI call it "
                       "again, by broadcast and by its APIC ID, and takes work",
              .source = "SDM vol. 3A, 9.4.4; MP specification 1.4, B.4",
              .needs = "up.answer",
              .defect = "a SIPI that is withheld at the third call",
              .scope = SCOPE_EACH_CPU,
              .hazard = HAZARD_MAY_HANG},
     .planting = PLANTED_FOR_GOOD,
     .observe = observe_ready,
     .conduct = conduct_again,
     .judge = judge_up_again,
     .remark = remark_again},
};

FAMILY(up_again_family, rows);
