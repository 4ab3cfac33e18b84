/* clang-format off */
/*
 * --self-test: would each check have seen what it looks for, on this very machine? When the checks are
 * over, each is put to its CPUs twice more:
 *
 *   planted   with its defect on one CPU, or in a copy of firmware's claims: it must fail, and name
 *             that CPU, besides those that had failed by themselves, and no other
 *   healed    without: it must be as it was before
 *
 * The verdicts go into run->trial, not into the report: what is found here says something of the checks,
 * nothing of the machine. What cannot be planted in a running system is told as not self-tested.
 */
/* clang-format on */
#include "announce.h"
#include "planting.h"
#include "registers.h"
#include "rehearsal.h"
#include "tell.h"
#include <muster/check.h>
#include <muster/text.h>

_Static_assert(CHECK_MAX + STAGE_COUNT + 32 <= PLANTINGS_MAX, "all checks, stages and rehearsals");

/* --- the list of all that can be planted --- */

static void add(struct run *run, const char *id, enum untested why)
{
    struct self_test *test = &run->self_test;

    if (test->count == PLANTINGS_MAX)
        return;
    struct planting *planting = &test->plantings[test->count++];
    *planting = (struct planting){.id = id, .why = why, .cpu = CPU_NONE};
    if (why != UNTESTED_NOT)
        planting->outcome = PLANTING_UNTESTED;
}

/* Why the defect of check `n` of the catalogue cannot be planted while the system runs. */
static enum untested unplantable(uint32_t n)
{
    enum planting_way way = catalogue_planting(n);

    return way == PLANTED_AT_BRING_UP ? UNTESTED_BRING_UP
           : way == PLANTED_FOR_GOOD  ? UNTESTED_ENDS_CPU
                                      : UNTESTED_NOT;
}

/* up.answer's own defect is a CPU that is never called; it is a stage's, too. */
static void add_stages(struct run *run)
{
    for (uint32_t stage = 0; stage < STAGE_COUNT; stage++) {
        struct text id;
        text_init(&id, run->stage_ids[stage], sizeof run->stage_ids[stage]);
        text_format(&id, "up.%s", stage_id(stage));
        if (stage != STAGE_NONE)
            add(run, id.at, UNTESTED_BRING_UP);
    }
}

/* Whether a rehearsal at `where` would take place in this run: not in a check that is left out. */
static bool takes_place(const struct run *run, const char *where)
{
    for (uint32_t n = 0; n < run->report.result_count; n++) {
        if (string_equal(run->report.results[n].id, where))
            return true;
    }
    for (uint32_t n = 0; n < catalogue_count(); n++) {
        if (string_equal(catalogue_get(n)->id, where))
            return false;
    }
    return true;
}

static void add_rehearsals(struct run *run)
{
    const struct break_info *rehearsal;

    for (uint32_t n = 0; (rehearsal = catalogue_rehearsal(n)) != NULL; n++) {
        if (takes_place(run, rehearsal_where(rehearsal->id)))
            add(run, rehearsal->id, UNTESTED_ENDS_CPU);
    }
}

void self_test_prepare(struct run *run)
{
    const struct options *options = &run->handoff->options;

    if (options->self_test == SELF_TEST_NO)
        return;
    run->report.self_test = &run->self_test;
    run->self_test.each = options->self_test == SELF_TEST_EACH;
    for (uint32_t n = 0; n < run->report.result_count; n++) {
        add(run, run->report.results[n].id, unplantable(run->planned[n]));
    }
    add_stages(run);
    add_rehearsals(run);
}

/* --- which CPUs --- */

/* The second AP where it can be, else the first, else the BSP; never one that had failed. */
static uint32_t usual(const struct run *run, const struct cpuset *candidates)
{
    uint32_t next = cpuset_next(candidates, run->usual_victim);

    if (next == CPU_NONE)
        next = cpuset_next(candidates, 1);
    return next != CPU_NONE ? next : cpuset_next(candidates, 0);
}

/* CPUs on which an earlier defect outlived its removal are left out, and that is told. */
static void plant_on_each(const struct trial *trial, const struct cpuset *candidates)
{
    struct cpuset left_out = trial->before->examined;

    cpuset_intersect(&left_out, &trial->run->self_test.unhealed);
    trial_leave_out(trial, UNTESTED_UNHEALED, cpuset_count(&left_out));
    cpuset_for_each(index, candidates) trial_plant(trial, index);
}

static void plant_on_cpus(const struct trial *trial)
{
    const struct run *run = trial->run;
    struct cpuset candidates = trial_cpus(trial);

    cpuset_subtract(&candidates, &trial->before->failed);
    if (cpuset_empty(&candidates) && !cpuset_empty(&run->self_test.unhealed))
        trial->planting->why = UNTESTED_NO_CPU;
    else if (cpuset_empty(&candidates))
        trial->planting->why =
            cpuset_empty(&trial->before->failed) ? UNTESTED_NO_CPU : UNTESTED_FAILED;
    else if (!run->self_test.each)
        trial_plant(trial, usual(run, &candidates));
    else
        plant_on_each(trial, &candidates);
}

/* What failed by itself and names no CPU would look the same with its defect. */
static void plant_once(const struct trial *trial)
{
    bool failed = trial->before->verdict >= VERDICT_ERROR;

    if (failed && cpuset_empty(&trial->before->failed))
        trial->planting->why = UNTESTED_FAILED;
    else if (trial->check->info.scope == SCOPE_MACHINE)
        trial_plant(trial, CPU_NONE);
    else
        plant_on_cpus(trial);
}

static void conclude(struct planting *planting)
{
    bool caught = planting->caught && planting->caught == planting->planted;

    if (planting->outcome != PLANTING_OPEN)
        return;
    planting->outcome = caught ? PLANTING_CAUGHT : PLANTING_UNTESTED;
    if (!caught && planting->why == UNTESTED_NOT)
        planting->why = UNTESTED_NO_CPU;
}

static void test_one(struct run *run, uint32_t n)
{
    struct planting *planting = &run->self_test.plantings[n];

    if (planting->outcome == PLANTING_OPEN) {
        const struct trial trial = trial_of(run, n);
        tell_planting_start(run, n);
        for (uint32_t runs = 0; runs < run->handoff->options.repeat; runs++)
            plant_once(&trial);
        conclude(planting);
    }
    run->self_test.done = n + 1;
    tell_planting(run, n);
}

/* --- the whole --- */

static void end(struct run *run)
{
    run->self_testing = false;
    run->into = &run->report;
    run->fleet.victim = run->usual_victim;
    run->self_test.elapsed_us = clock_us(&run->fleet.clock, tsc_read() - run->self_test_tsc);
    tell_self_test_end(run);
}

/* What has not been come to is told, too: the plan says so many. */
static void tell_rest(struct run *run)
{
    struct self_test *test = &run->self_test;

    while (test->done < test->count) {
        struct planting *planting = &test->plantings[test->done];
        if (planting->outcome == PLANTING_OPEN) {
            planting->outcome = PLANTING_UNTESTED;
            planting->why = UNTESTED_BROKEN_OFF;
        }
        tell_planting(run, test->done++);
    }
}

void self_test_run(struct run *run)
{
    struct self_test *test = &run->self_test;

    if (!run->report.self_test)
        return;
    recorder_mark(run, SELF_TEST_NAME);
    run->self_test_tsc = tsc_read();
    run->usual_victim = run->fleet.victim;
    run->into = &run->trial;
    run->self_testing = true;
    tell_self_test_begin(run);
    while (!run->broken_off && test->done < test->count)
        test_one(run, test->done);
    tell_rest(run);
    end(run);
}

void self_test_break_off(struct run *run)
{
    struct self_test *test = &run->self_test;
    const struct cpu *bsp = fleet_cpu(&run->fleet, 0);
    struct words words = {0};

    run->fleet.listener = NULL;
    run->planted = false;
    run->fleet.patience_us = DESK_LOST_US;
    for (uint32_t index = 0; index < run->fleet.count; index++)
        fleet_cpu(&run->fleet, index)->planted = false;
    bsp_lost_tell(run, bsp, &words);
    cpuset_add(&test->lost, 0);
    if (test->done < test->count)
        self_test_miss(test, test->done, &words);
    announce_last_words(run, bsp);
    tell_rest(run);
    end(run);
}
