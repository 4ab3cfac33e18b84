/* The verdicts of a planting go into run->trial, not into the report. */
#include "planting.h"
#include "tell.h"
#include <muster/cpu_words.h>
#include <muster/memory.h>
#include <muster/text.h>

/* Sets of CPUs are 512 bytes apiece: those that hold several have frames of their own. */
#define OWN_FRAME __attribute__((noinline))

/* A check may be SKIP because a busy host held a CPU. */
enum { TRIES = 3, SET_LETTERS = 60 };

struct trial trial_of(struct run *run, uint32_t n)
{
    return (struct trial){
        .run = run,
        .n = n,
        .check = check_get(run->planned[n]),
        .before = &run->report.results[n],
        .planting = &run->self_test.plantings[n],
    };
}

static bool of_machine(const struct check *check)
{
    return check->info.scope == SCOPE_MACHINE || check->blame == BLAME_MACHINE;
}

/* --- putting a check --- */

/* Puts the check to `set` and returns what it found; what was found before is forgotten. */
static const struct check_result *put(const struct trial *trial, const struct cpuset *set)
{
    struct run *run = trial->run;
    struct report *into = &run->trial;
    struct check_result *to = &into->results[trial->n];

    memset(to, 0, sizeof *to);
    into->finding_count = 0;
    to->id = trial->check->info.id;
    to->examined = *set;
    run->fleet.repeat = 0;
    run->fleet.surveyor = cpuset_next(set, 0);
    check_put(run, trial->n, &to->examined);
    bool asked = trial->check->info.scope == SCOPE_MACHINE || !cpuset_empty(&to->examined);
    if (to->verdict == VERDICT_NONE)
        to->verdict = asked ? VERDICT_PASS : VERDICT_SKIP;
    return to;
}

struct cpuset trial_cpus(const struct trial *trial)
{
    const struct run *run = trial->run;
    struct cpuset set = trial->before->examined;

    if (trial->check->info.scope == SCOPE_MACHINE)
        return (struct cpuset){{0}};
    if (cpuset_empty(&set) && trial->check->bsp_only)
        cpuset_add(&set, 0);
    else if (cpuset_empty(&set))
        set = run->examined;
    cpuset_subtract(&set, &trial->before->set_aside);
    cpuset_subtract(&set, &run->self_test.unhealed);
    cpuset_intersect(&set, &run->fleet.online);
    return set;
}

/* --- what is wanted, and what is said where it did not come --- */

/* Whom the check is to name with its defect on `victim`. */
static struct cpuset blamed(const struct trial *trial, const struct cpuset *set, uint32_t victim)
{
    struct cpuset wanted = trial->before->failed;

    if (!of_machine(trial->check))
        cpuset_add(&wanted, victim);
    if (trial->check->blame == BLAME_FIRST_TOO)
        cpuset_add(&wanted, victim ? 0 : 1);
    cpuset_intersect(&wanted, set);
    return wanted;
}

static void name_failed(struct text *out, const struct check_result *seen)
{
    if (seen->verdict < VERDICT_ERROR) {
        text_add(out, verdict_name(seen->verdict));
        text_format(out, "%s%s", seen->note[0] ? ": " : "", seen->note);
        return;
    }
    text_format(out, "%s", verdict_name(seen->verdict));
    if (!cpuset_empty(&seen->failed)) {
        text_add(out, " on ");
        cpu_words_name(out, &seen->failed, SET_LETTERS);
    }
}

static void miss(const struct trial *trial, bool planted, const struct cpuset *wanted,
                 const struct check_result *seen, const char *means)
{
    struct words words = {0};
    struct text text;

    text_init(&text, words.expected, sizeof words.expected);
    text_add(&text, planted ? "FAIL" : verdict_name(trial->before->verdict));
    if (!cpuset_empty(wanted)) {
        text_add(&text, " on ");
        cpu_words_name(&text, wanted, SET_LETTERS);
        text_add(&text, " alone");
    }
    text_init(&text, words.seen, sizeof words.seen);
    name_failed(&text, seen);
    string_copy(words.means, sizeof words.means, means);
    self_test_miss(&trial->run->self_test, trial->n, &words);
}

/* The defect brought CPUs down: whoever it was, they take no further part. */
static bool miss_lost(const struct trial *trial)
{
    struct run *run = trial->run;
    struct cpuset lost = run->trial.lost;
    struct words words = {0};
    struct text text;

    cpuset_subtract(&lost, &run->self_test.lost);
    if (cpuset_empty(&lost))
        return false;
    cpuset_unite(&run->self_test.lost, &lost);
    if (run->trial.finding_count)
        words = run->trial.findings[0].words;
    text_init(&text, words.means, sizeof words.means);
    text_add(&text, "self-test lost ");
    cpu_words_name(&text, &lost, SET_LETTERS);
    text_add(&text, ": the planted defect brought it down, it takes no further part");
    self_test_miss(&run->self_test, trial->n, &words);
    return true;
}

/* CPUs that a check which compares CPUs compares with each other, `victim` among them: those of its
 * core type, and where the BSP is apart, on its side. */
static struct cpuset compared(const struct trial *trial, const struct cpuset *set, uint32_t victim)
{
    const struct check *check = trial->check;
    const struct state_record *states = trial->run->fleet.states;
    struct cpuset alike = {{0}};

    if (!(check->judge_crowd || check->info.scope == SCOPE_PAIRS) || check->bsp_only ||
        victim == CPU_NONE)
        return alike;
    cpuset_for_each(index, set)
    {
        bool side = !check->bsp_apart || (index == 0) == (victim == 0);
        if (side && states[index].value[STATE_CORE_TYPE] == states[victim].value[STATE_CORE_TYPE])
            cpuset_add(&alike, index);
    }
    return alike;
}

/* Where just two CPUs are compared, that they differ is all there is to see: either may be named.
 */
OWN_FRAME static bool names_the_other(const struct trial *trial, const struct check_result *seen,
                                      const struct cpuset *set, uint32_t victim)
{
    struct cpuset two = compared(trial, set, victim), named = seen->failed;

    cpuset_subtract(&named, &trial->before->failed);
    if (cpuset_count(&two) != 2 || cpuset_count(&named) != 1)
        return false;
    cpuset_subtract(&two, &named);
    return cpuset_count(&two) == 1;
}

/* What `report` says check `n` saw on `cpu`; or "". */
static const char *seen_on(const struct report *report, uint32_t n, uint32_t cpu)
{
    const struct check_result *result = &report->results[n];

    for (uint32_t i = 0; i < result->finding_count; i++) {
        const struct finding *finding = &report->findings[result->first_finding + i];
        if (cpuset_has(&finding->cpus, cpu) || cpu == CPU_NONE)
            return finding->words.seen;
    }
    return "";
}

/* A planted CPU gets no excuse for what its emulator does otherwise: where it shows just what it
 * had shown before, it is that which failed, and nobody knows whether the defect was seen. */
static bool only_deviates(const struct trial *trial, uint32_t victim)
{
    const struct run *run = trial->run;
    const char *before = seen_on(&run->report, trial->n, victim);

    return trial->before->verdict == VERDICT_DEVIATION && before[0] &&
           string_equal(before, seen_on(&run->trial, trial->n, victim));
}

/* What explains that a planted defect was not seen; UNTESTED_NOT: nothing does. */
OWN_FRAME static enum untested excuse(const struct trial *trial, const struct check_result *seen,
                                      const struct cpuset *set, uint32_t victim)
{
    enum verdict before = trial->before->verdict;
    const struct cpuset alike = compared(trial, set, victim);

    if (seen->verdict == VERDICT_SKIP && before == VERDICT_SKIP)
        return UNTESTED_SKIPPED;
    if (before == VERDICT_DEVIATION &&
        (seen->verdict <= VERDICT_DEVIATION || only_deviates(trial, victim)))
        return UNTESTED_DEVIATION;
    if (seen->verdict <= VERDICT_PASS && cpuset_count(&alike) == 1)
        return UNTESTED_ALONE;
    return UNTESTED_NOT;
}

/* --- one planting --- */

/* Planting may be what kills, where the check itself only reads. */
static void announce_planting(const struct trial *trial, uint32_t victim)
{
    struct sinks *sinks = &trial->run->sinks;

    if (victim == CPU_NONE)
        return;
    sinks_show(sinks, trial->planting->id);
    text_format(sinks_text(sinks), "# self-test: planting %s on CPU %u\n", trial->planting->id,
                victim);
    if (sinks->tap)
        sinks_tell_tap(sinks);
    else
        sinks_tell(sinks);
}

/* A busy host may hold a CPU: then a check could not ask it, … */
static bool could_not_ask(const struct trial *trial, const struct check_result *seen)
{
    return seen->verdict == VERDICT_SKIP && trial->before->verdict != VERDICT_SKIP;
}

/* … or, where two CPUs are measured against each other, could not tell which of the two it is. */
static bool worth_another_try(const struct trial *trial, const struct check_result *seen)
{
    return could_not_ask(trial, seen) ||
           (seen->verdict == VERDICT_FAIL && trial->check->info.scope == SCOPE_PAIRS);
}

static const struct check_result *put_planted(const struct trial *trial, const struct cpuset *set,
                                              uint32_t victim)
{
    struct run *run = trial->run;
    struct cpu *cpu = victim == CPU_NONE ? NULL : fleet_cpu(&run->fleet, victim);

    run->planted = true;
    if (cpu) {
        run->fleet.victim = victim;
        cpu->planted = true;
    }
    const struct check_result *seen = put(trial, set);
    if (cpu)
        cpu->planted = false;
    run->planted = false;
    return seen;
}

OWN_FRAME static bool as_wanted(const struct trial *trial, const struct check_result *seen,
                                const struct cpuset *set, uint32_t victim)
{
    const struct cpuset wanted = blamed(trial, set, victim);

    return seen->verdict == VERDICT_FAIL && !only_deviates(trial, victim) &&
           (cpuset_equal(&seen->failed, &wanted) || names_the_other(trial, seen, set, victim));
}

/* With its defect on `victim`. True where the check saw it there. What an interrupt that never
 * comes shows may show early, on a host that is not busy. */
OWN_FRAME static bool planted_seen(const struct trial *trial, const struct cpuset *set,
                                   uint32_t victim)
{
    const struct cpuset wanted = blamed(trial, set, victim);
    const struct check_result *seen = NULL;
    bool early = trial->check->listen != NULL;

    announce_planting(trial, victim);
    for (uint32_t try = 0; try < TRIES; try++) {
        trial->run->fleet.patience_us = early ? DESK_PLANTED_US : DESK_LOST_US;
        seen = put_planted(trial, set, victim);
        trial->run->fleet.patience_us = DESK_LOST_US;
        if (miss_lost(trial))
            return false;
        if (as_wanted(trial, seen, set, victim))
            return true;
        if (!early && !worth_another_try(trial, seen))
            break;
        early = false;
    }
    trial->planting->why = excuse(trial, seen, set, victim);
    if (trial->planting->why != UNTESTED_NOT)
        trial->planting->untold++;
    else
        miss(trial, true, &wanted, seen,
             "the check does not see the defect that it is there for: what it says of this "
             "machine proves nothing");
    return false;
}

/* Only those that compare CPUs, or need them, are put to all again. */
static bool needs_all(const struct check *check)
{
    return check->judge_crowd || check->conduct || check->listen || check->settle ||
           check->by_bsp || check->info.scope != SCOPE_EACH_CPU;
}

/* The verdict of all CPUs, put to some of them: what is worse than theirs may be of the others. */
static bool as_before(const struct trial *trial, const struct check_result *seen)
{
    enum verdict before = trial->before->verdict;

    if (!cpuset_empty(&seen->failed))
        return true;
    if (seen->verdict == VERDICT_SKIP)
        return before == VERDICT_SKIP;
    return seen->verdict == VERDICT_PASS ||
           (seen->verdict == VERDICT_DEVIATION && before >= VERDICT_DEVIATION);
}

/* Without its defect: it finds again what it had found by itself. */
OWN_FRAME static bool healed(const struct trial *trial, const struct cpuset *all, uint32_t victim)
{
    struct cpuset set = {{0}}, wanted = trial->before->failed;
    const struct check_result *seen = NULL;

    if (victim != CPU_NONE)
        cpuset_add(&set, victim);
    if (needs_all(trial->check))
        set = *all;
    cpuset_intersect(&wanted, &set);
    for (uint32_t try = 0; try < TRIES; try++) {
        seen = put(trial, &set);
        if (miss_lost(trial))
            return false;
        if (!could_not_ask(trial, seen))
            break;
    }
    if (cpuset_equal(&seen->failed, &wanted) && as_before(trial, seen))
        return true;
    if (victim != CPU_NONE)
        cpuset_add(&trial->run->self_test.unhealed, victim);
    miss(trial, false, &wanted, seen,
         "the defect outlived its removal: what this check says of a CPU depends on what came "
         "before");
    return false;
}

/* Where CPUs were lost, some checks can be asked no more: put without a defect, they say so. */
static bool asked_no_more(const struct trial *trial, const struct cpuset *set)
{
    if (trial->before->verdict == VERDICT_SKIP || cpuset_empty(&trial->run->self_test.lost))
        return false;
    for (uint32_t try = 0; try < TRIES; try++) {
        if (put(trial, set)->verdict != VERDICT_SKIP)
            return false;
    }
    return true;
}

void trial_leave_out(const struct trial *trial, enum untested why, uint32_t cpus)
{
    if (cpus == 0)
        return;
    trial->planting->why = why;
    trial->planting->untold += cpus;
}

void trial_plant(const struct trial *trial, uint32_t victim)
{
    struct planting *planting = trial->planting;
    const struct cpuset set = trial_cpus(trial);
    const uint32_t untold = planting->untold;

    if (victim != CPU_NONE && !cpuset_has(&set, victim)) {
        bool unhealed = cpuset_has(&trial->run->self_test.unhealed, victim);
        trial_leave_out(trial, unhealed ? UNTESTED_UNHEALED : UNTESTED_NO_CPU, 1);
        return;
    }
    if (asked_no_more(trial, &set)) {
        trial_leave_out(trial, UNTESTED_SKIPPED, 1);
        return;
    }
    bool caught = planted_seen(trial, &set, victim) && healed(trial, &set, victim);
    if (planting->untold > untold)
        return;
    planting->planted++;
    planting->caught += caught;
    if (planting->cpu == CPU_NONE)
        planting->cpu = victim;
}
