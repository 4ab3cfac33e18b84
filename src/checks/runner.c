/* clang-format off */
/*
 * How a check is put to its CPUs:
 *
 *   set aside   CPUs that failed what it needs
 *   observe     on all others at once, and one by one where the check says so; each into its own slot
 *   settle      on all of them again, when nobody observes any more
 *   judge       slot by slot; what CPUs have in common is told once
 *
 * A CPU that dies, or does not come back, fails the running check with its last words and is gone; the others go on.
 * Who died idle is found by the next check; so at the end of the last one all are called once more.
 * --repeat does all this again for the same check, and the worst counts.
 */
/* clang-format on */
#include "announce.h"
#include "registers.h"
#include "rehearsal.h"
#include "run.h"
#include "tell.h"
#include "work.h"
#include <muster/glob.h>
#include <muster/memory.h>

/* What the CPUs are told when they are sent to observe. */
struct errand {
    const struct check *check;
    uint32_t round;
    const struct recorder *recorder;
};

static void observe_here(struct cpu *cpu, void *context)
{
    const struct errand *errand = context;
    const struct check *check = errand->check;
    struct observation *ret = &cpu->observations[errand->round];

    memset(ret, 0, sizeof *ret);
    cpu->subject = check->subject;
    if (cpu->planted && check->plant)
        check->plant(cpu);
    if (cpu->rehearsal)
        cpu->rehearsal(cpu, NULL);
    check->observe(cpu, ret);
    if (cpu->planted && check->heal)
        check->heal(cpu);
    ret->made = true;
    recorder_heard(errand->recorder, cpu->index);
}

static void settle_here(struct cpu *cpu, void *context)
{
    const struct errand *errand = context;

    errand->check->settle(cpu, &cpu->observations[errand->round]);
    recorder_heard(errand->recorder, cpu->index);
}

static void send_out(struct run *run, uint32_t result, const struct cpuset *set, work *job,
                     struct errand *errand)
{
    struct cpuset lost = {{0}};

    recorder_ask(run, result, set);
    work_run(&run->fleet, set, job, errand, &lost);
    lost_tell(run, result, &lost);
}

/* As many at once as the round allows. CPUs that measure time by spinning take it from each other
 * where a hypervisor has fewer CPUs than it shows. */
static void send_all(struct run *run, uint32_t result, const struct cpuset *set,
                     struct errand *errand)
{
    bool few = errand->check->rounds == ROUNDS_FEW && run->report.hypervisor[0];
    uint32_t most = errand->round == ROUND_ALONE ? 1 : few ? 4 : CPU_MAX;
    struct cpuset some = {{0}};

    cpuset_for_each(index, set)
    {
        cpuset_add(&some, index);
        if (cpuset_count(&some) < most && cpuset_next(set, index + 1) != CPU_NONE)
            continue;
        send_out(run, result, &some, observe_here, errand);
        cpuset_clear(&some);
    }
    if (errand->check->conduct)
        errand->check->conduct(&run->fleet, set, &some);
    lost_tell(run, result, &some);
}

/* A finding, or a reason why this CPU could not be asked. */
static void take_verdict(struct run *run, uint32_t result, uint32_t index, enum verdict verdict,
                         const struct words *words)
{
    struct check_result *to = &run->into->results[result];

    if (verdict == VERDICT_SKIP) {
        string_copy(to->note, sizeof to->note, words->seen);
        cpuset_remove(&to->examined, index);
    } else if (verdict != VERDICT_PASS) {
        report_find(run->into, result, index, verdict, words);
    }
}

/* A judge of crowds tells into the result that is being made. */
struct crowd_teller {
    struct teller teller;
    struct run *run;
    uint32_t result;
};

static void take_told(struct teller *teller, const struct cpuset *cpus, enum verdict verdict,
                      const struct words *words)
{
    const struct crowd_teller *to = (const struct crowd_teller *)teller;

    if (cpuset_empty(cpus) && verdict != VERDICT_SKIP)
        report_find(to->run->into, to->result, CPU_NONE, verdict, words);
    struct cpuset whom = *cpus;
    if (cpuset_empty(cpus) && verdict == VERDICT_SKIP)
        whom = to->run->into->results[to->result].examined;
    cpuset_for_each(index, &whom) take_verdict(to->run, to->result, index, verdict, words);
}

static void judge_crowd(struct run *run, uint32_t result, const struct cpuset *set,
                        const struct errand *errand)
{
    struct crowd_teller to = {.teller = {take_told}, .run = run, .result = result};
    struct crowd crowd = {
        .handoff = run->planted ? check_falsified(errand->check, run->handoff, run->falsified)
                                : run->handoff,
        .first = &fleet_cpu(&run->fleet, 0)->observations[errand->round],
        .stride = CPU_STRIDE,
    };

    cpuset_for_each(index, set)
    {
        const struct cpu *cpu = fleet_cpu(&run->fleet, index);
        if (cpu->observations[errand->round].made && !cpu->dead)
            cpuset_add(&crowd.cpus, index);
    }
    errand->check->judge_crowd(&crowd, &to.teller);
}

static void judge_round(struct run *run, uint32_t result, const struct cpuset *set,
                        const struct errand *errand)
{
    cpuset_for_each(index, set)
    {
        const struct cpu *cpu = fleet_cpu(&run->fleet, index);
        const struct observation *seen = &cpu->observations[errand->round];
        struct words words = {0};
        /* A CPU that was lost here has been told of already. */
        if (!seen->made || cpu->dead)
            continue;
        if (errand->check->judge)
            take_verdict(run, result, index, errand->check->judge(seen, &words), &words);
        if (errand->check->tally)
            errand->check->tally(seen, run->into);
    }
    if (errand->check->judge_crowd)
        judge_crowd(run, result, set, errand);
}

/* Desks are cleared while nobody listens: an interrupt may come to a CPU before its work does. */
static void listen(struct run *run, listener *whom)
{
    if (!whom && !run->fleet.listener)
        return;
    run->fleet.listener = NULL;
    if (!whom)
        return;
    for (uint32_t index = 0; index < run->fleet.count; index++)
        memset(&fleet_cpu(&run->fleet, index)->desk, 0, sizeof(struct desk));
    run->fleet.listener = whom;
}

static void do_round(struct run *run, uint32_t result, const struct cpuset *set,
                     struct errand *errand)
{
    cpuset_for_each(index, set) fleet_cpu(&run->fleet, index)->observations[errand->round].made =
        false;
    listen(run, errand->check->listen);
    send_all(run, result, set, errand);
    if (errand->check->settle)
        send_out(run, result, set, settle_here, errand);
    listen(run, NULL);
    judge_round(run, result, set, errand);
}

/* What the BSP knows of each CPU; lost ones are asked about, too. */
static void observe_by_bsp(struct run *run, uint32_t result, const struct cpuset *set,
                           struct errand *errand)
{
    cpuset_for_each(index, set) observe_here(fleet_cpu(&run->fleet, index), errand);
    cpuset_for_each(index, set)
    {
        struct words words = {0};
        const struct observation *seen = &fleet_cpu(&run->fleet, index)->observations[0];
        take_verdict(run, result, index, errand->check->judge(seen, &words), &words);
    }
}

static void machine(struct run *run, uint32_t result)
{
    struct words words = {0};
    const uint32_t n = run->planned[result];
    enum verdict verdict = run->planted
                               ? catalogue_judge_planted(n, run->handoff, run->falsified, &words)
                               : catalogue_judge(n, run->handoff, &words);
    struct check_result *to = &run->into->results[result];

    if (verdict == VERDICT_SKIP) {
        to->verdict = VERDICT_SKIP;
        string_copy(to->note, sizeof to->note, words.seen);
    } else if (verdict != VERDICT_PASS) {
        report_find(run->into, result, CPU_NONE, verdict, &words);
    }
}

void check_put(struct run *run, uint32_t result, const struct cpuset *set)
{
    const struct check *check = check_get(run->planned[result]);
    struct errand errand = {.check = check, .recorder = &run->recorder};
    struct cpuset asked = *set;
    uint32_t first = check->rounds == ROUNDS_ONLY_ALONE ? ROUND_ALONE : ROUND_TOGETHER;
    bool together = check->rounds == ROUNDS_TOGETHER || check->rounds == ROUNDS_FEW;
    uint32_t last = together ? ROUND_TOGETHER : ROUND_ALONE;

    if (check->info.scope == SCOPE_MACHINE) {
        machine(run, result);
        return;
    }
    if (check->by_bsp) {
        observe_by_bsp(run, result, &asked, &errand);
        return;
    }
    for (errand.round = first; errand.round <= last; errand.round++)
        do_round(run, result, &asked, &errand);
}

/* CPUs that failed what the check needs, with the reason in words. */
static void set_aside(struct run *run, uint32_t result, const struct check *check,
                      struct cpuset *set)
{
    struct check_result *to = &run->report.results[result];
    struct text why;

    text_init(&why, to->note, sizeof to->note);
    for (uint32_t n = 0; n < result; n++) {
        const struct check_result *before = &run->report.results[n];
        struct cpuset out = before->failed;
        cpuset_intersect(&out, set);
        if (cpuset_empty(&out) || !glob_list_match(check->info.needs, before->id))
            continue;
        text_add(&why, why.length ? "; CPU " : "CPU ");
        cpuset_print(&why, &out);
        text_format(&why, " set aside: failed %s", before->id);
        cpuset_unite(&to->set_aside, &out);
        cpuset_subtract(set, &out);
    }
}

static void choose_cpus(struct run *run, uint32_t result, const struct check *check)
{
    struct check_result *to = &run->report.results[result];

    to->examined = run->examined;
    if (check->bsp_only) {
        struct cpuset bsp = {{0}};
        cpuset_add(&bsp, 0);
        cpuset_intersect(&to->examined, &bsp);
    }
    /* The lost are spoken of by the checks that ask the BSP, and set aside by those that need an
     * answer. */
    if (!check->by_bsp)
        cpuset_intersect(&to->examined, &run->fleet.online);
    set_aside(run, result, check, &to->examined);
    run->fleet.surveyor = cpuset_next(&to->examined, 0);
}

static void plant_flag(struct run *run, const struct check *check, bool on)
{
    struct cpu *victim = fleet_cpu(&run->fleet, check->bsp_only ? 0 : run->fleet.victim);

    const char *id = run->handoff->options.break_id;

    run->planted = on && string_equal(id, check->info.id);
    victim->planted = run->planted;
    victim->rehearsal = on ? rehearsal_in(check->info.id, id) : NULL;
}

static void put_check(struct run *run, uint32_t result)
{
    const struct check *check = check_get(run->planned[result]);
    struct check_result *to = &run->report.results[result];
    const struct cpuset nobody_yet = {{0}};

    recorder_ask(run, result, &nobody_yet);
    plant_flag(run, check, true);
    if (check->info.scope == SCOPE_MACHINE) {
        check_put(run, result, &nobody_yet);
        to->runs = 1;
    } else {
        choose_cpus(run, result, check);
        for (; to->runs < run->handoff->options.repeat; to->runs++) {
            run->fleet.repeat = to->runs;
            check_put(run, result, &to->examined);
        }
    }
    plant_flag(run, check, false);
    if (check->remark && !to->note[0] && !cpuset_empty(&to->examined)) {
        struct text note;
        text_init(&note, to->note, sizeof to->note);
        check->remark(&run->fleet, &to->examined, &note);
    }
    if (to->verdict == VERDICT_NONE && cpuset_empty(&to->examined) &&
        check->info.scope != SCOPE_MACHINE)
        to->verdict = VERDICT_SKIP;
    else if (to->verdict == VERDICT_NONE)
        to->verdict = VERDICT_PASS;
}

static void still_here(struct cpu *cpu, void *context)
{
    const struct errand *errand = context;

    recorder_heard(errand->recorder, cpu->index);
}

/* Nobody is lost without a finding: nothing is asked of a CPU after this. */
static void call_once_more(struct run *run, uint32_t result)
{
    struct errand errand = {.recorder = &run->recorder};
    const struct cpuset online = run->fleet.online;

    send_out(run, result, &online, still_here, &errand);
}

static void look_again(struct run *run, const struct check_result *done)
{
    cpuset_for_each(index, &done->examined)
    {
        if (!cpuset_has(&run->report.lost, index))
            sinks_look(&run->sinks, index,
                       cpuset_has(&done->failed, index)         ? LOOK_FAILED
                       : run->sinks.looks[index] == LOOK_FAILED ? LOOK_FAILED
                                                                : LOOK_PASSED);
    }
}

static void end_check(struct run *run, uint32_t result)
{
    run->report.results_done = result + 1;
    spend_told(run, result);
    look_again(run, &run->report.results[result]);
    tell_result(run, result);
}

void checks_run(struct run *run)
{
    for (uint32_t result = run->report.results_done; result < run->report.result_count; result++) {
        recorder_mark_check(run, &check_get(run->planned[result])->info);
        tell_start(run, result);
        spend(&run->time, TIME_CHECKS);
        put_check(run, result);
        spend(&run->time, TIME_WAITING);
        if (result + 1 == run->report.result_count)
            call_once_more(run, result);
        spend(&run->time, TIME_OTHER);
        end_check(run, result);
    }
    tell_closing(run);
}

void checks_break_off(struct run *run)
{
    const struct cpu *bsp = fleet_cpu(&run->fleet, 0);
    struct words words = {0};
    uint32_t first = run->report.results_done;

    run->fleet.listener = NULL;
    bsp_lost_tell(run, bsp, &words);
    announce_last_words(run, bsp);
    /* Where all have been told, the last line at least is to say it. */
    uint32_t count = run->report.result_count;
    report_find(&run->report, first < count ? first : count - 1, 0, VERDICT_ERROR, &words);
    for (uint32_t result = first; result < count; result++) {
        struct check_result *to = &run->report.results[result];
        if (result > first) {
            to->verdict = VERDICT_SKIP;
            string_copy(to->note, sizeof to->note, "the BSP was lost before");
        }
        end_check(run, result);
    }
    if (!run->report.ended)
        tell_closing(run);
}
