#include "launched.h"

/* --- the first call --- */

static void who_comes_at_once_costs_no_wait(void **state)
{
    (void)state;
    launch_all(&fleet, "");
    assert_int_equal(now_us, 1000);
    for (uint32_t index = 1; index < CPUS; index++) {
        assert_int_equal(arrivals[index].stage, STAGE_ONLINE);
        assert_int_equal(arrivals[index].first_stage, STAGE_NONE);
        assert_int_equal(arrivals[index].stage_us[STAGE_ONLINE], 1);
        assert_int_equal(arrivals[index].retries, 0);
        assert_int_equal(entries[index], 1);
    }
}

static void a_lost_sipi_is_sent_again(void **state)
{
    (void)state;
    actors[2].deaf = 1;
    launch_all(&fleet, "");
    assert_int_equal(arrivals[2].retries, 0);
    assert_false(arrivals[2].lost);
    assert_int_equal(now_us, 1000 + SILENT_AFTER_US);
}

/* Somebody who had not counted himself down for his last work does so now. */
static void a_count_that_is_short_is_not_believed(void **state)
{
    (void)state;
    actors[1].counts_twice = true;
    actors[3].deaf = 1;
    launch_all(&fleet, "");
    assert_int_equal(arrivals[3].retries, 0);
    assert_int_equal(arrivals[3].stage, STAGE_ONLINE);
    fresh(state);
    actors[1].counts_twice = true;
    actors[3].slow = 60;
    launch_all(&fleet, "");
    assert_int_equal(arrivals[3].retries, 0);
    assert_int_equal(arrivals[3].stage, STAGE_ONLINE);
}

/* --- the second --- */

static void who_died_at_first_is_whole_when_it_comes(void **state)
{
    (void)state;
    actors[2].stop[0] = STAGE_GDT;
    actors[2].dies = true;
    launch_all(&fleet, "");
    const struct cpu *cpu = fleet_cpu(&fleet, 2);
    assert_int_equal(cpu->stage, STAGE_ONLINE);
    assert_int_equal(cpu->claimed, 1);
    assert_false(cpu->dead);
    assert_false(cpu->abandoned);
    assert_false(cpu->probe.armed);
    assert_int_equal(cpu->stacks_in_use, 0);
    assert_int_equal(tss[2].tss.ist[STACK_DF - 1], stack_top(2, STACK_DF));
    assert_true(cpu->last_words.spoken && cpu->last_words.earlier);
    assert_true(cpuset_has(&fleet.online, 2));
    assert_false(arrivals[2].lost);
    assert_int_equal(arrivals[2].retries, 1);
    assert_int_equal(arrivals[2].first_stage, STAGE_GDT);
    assert_int_equal(entries[2], 2);
}

static void each_attempt_has_its_own_stage(void **state)
{
    static const uint32_t stages[][2] = {
        {STAGE_REAL_MODE, STAGE_SIPI_SENT}, {STAGE_SIPI_SENT, STAGE_REAL_MODE},
        {STAGE_REAL_MODE, STAGE_REAL_MODE}, {STAGE_SIPI_SENT, STAGE_SIPI_SENT},
        {STAGE_GDT, STAGE_SIPI_SENT},       {STAGE_REAL_MODE, STAGE_APIC},
    };
    for (uint32_t n = 0; n < sizeof(stages) / sizeof(stages[0]); n++) {
        fresh(state);
        memcpy(actors[2].stop, stages[n], sizeof(stages[n]));
        launch_all(&fleet, "");
        assert_true(arrivals[2].lost);
        assert_int_equal(arrivals[2].first_stage, stages[n][0]);
        assert_int_equal(arrivals[2].stage, stages[n][1]);
        assert_int_equal(entries[2],
                         (stages[n][0] > STAGE_SIPI_SENT) + (stages[n][1] > STAGE_SIPI_SENT));
        assert_true(fleet_cpu(&fleet, 2)->abandoned);
        attempt_read_log(&fleet); /* later, as up.once does */
        assert_int_equal(fleet_cpu(&fleet, 2)->stage, stages[n][1]);
    }
}

static void a_first_attempt_that_goes_on_for_a_while_is_not_taken_for_the_second(void **state)
{
    (void)state;
    actors[2].stop[0] = STAGE_GDT;
    actors[2].stop[1] = STAGE_SIPI_SENT;
    actors[2].dawdles = true;
    launch_all(&fleet, "");
    assert_int_equal(arrivals[2].first_stage, STAGE_IDT);
    assert_int_equal(arrivals[2].stage, STAGE_SIPI_SENT);
    assert_int_equal(fleet_cpu(&fleet, 2)->claimed, 0);
}

/* --- what the BSP's APIC refuses --- */

static void what_was_not_sent_is_not_told_as_sent(void **state)
{
    (void)state;
    make_singly();
    actors[1].refused_inits = 2;
    actors[2].refused_sipis = 4;
    launch_all(&fleet, "");
    assert_true(arrivals[1].lost && arrivals[2].lost);
    assert_int_equal(arrivals[1].stage, STAGE_NONE);
    assert_int_equal(fleet_cpu(&fleet, 1)->refusal, REFUSAL_ICR_BUSY);
    assert_int_equal(arrivals[2].stage, STAGE_INIT_SENT);
    assert_int_equal(fleet_cpu(&fleet, 2)->refusal, REFUSAL_ICR_BUSY);
    assert_int_equal(fleet_cpu(&fleet, 3)->refusal, REFUSAL_NONE);
}

static void what_is_taken_in_the_end_was_no_refusal(void **state)
{
    (void)state;
    make_singly();
    actors[1].refused_inits = 1;
    actors[2].refused_sipis = 1;
    actors[3].stop[0] = actors[3].stop[1] = STAGE_GDT;
    actors[3].refused_from = 3; /* it has taken one in each attempt */
    launch_all(&fleet, "");
    assert_false(arrivals[1].lost || arrivals[2].lost);
    assert_int_equal(arrivals[1].retries, 1);
    assert_int_equal(arrivals[2].retries, 0);
    assert_true(arrivals[3].lost);
    assert_int_equal(fleet_cpu(&fleet, 3)->refusal, REFUSAL_NONE);
}

static void a_broadcast_that_is_refused_is_made_good_one_by_one(void **state)
{
    (void)state;
    actors[1].refused_inits = 1;
    actors[1].deaf = actors[2].deaf = actors[3].deaf = 1; /* running, they hear no SIPI */
    launch_all(&fleet, "");
    for (uint32_t index = 1; index < CPUS; index++) {
        assert_false(arrivals[index].lost);
        assert_int_equal(arrivals[index].retries, 1);
    }
}

/* --- once more --- */

static void a_benchmark_forgets_who_was_lost(void **state)
{
    (void)state;
    actors[2].stop[0] = actors[2].stop[1] = STAGE_IDT;
    launch_all(&fleet, "");
    assert_true(arrivals[2].lost);
    actors[2].stop[1] = STAGE_ONLINE;
    launch_all(&fleet, "");
    assert_false(arrivals[2].lost);
    assert_int_equal(arrivals[2].retries, 0);
    assert_false(fleet_cpu(&fleet, 2)->abandoned);
}

static void who_does_not_come_again_is_told_at_its_stage(void **state)
{
    (void)state;
    struct recall recall;
    struct cpuset aps = fleet.called;
    cpuset_remove(&aps, 0);
    launch_all(&fleet, "");
    actors[2].stop[1] = STAGE_REAL_MODE;
    launch_again(&fleet, &aps, "", false, &recall);
    assert_true(cpuset_has(&recall.lost, 2) && cpuset_count(&recall.lost) == 1);
    assert_int_equal(fleet_cpu(&fleet, 2)->stage, STAGE_REAL_MODE);
    assert_int_equal(fleet_cpu(&fleet, 2)->first_stage, STAGE_REAL_MODE);
    assert_int_equal(arrivals[2].stage, STAGE_ONLINE);
}

/* The log has room for few calls. */
static void each_call_has_the_whole_log(void **state)
{
    (void)state;
    struct recall recall;
    struct cpuset aps = fleet.called;
    cpuset_remove(&aps, 0);
    launch_all(&fleet, "");
    for (uint32_t call = 0; call < LOG; call++) {
        launch_again(&fleet, &aps, "", call % 2, &recall);
        assert_true(cpuset_empty(&recall.late));
        assert_int_equal(header.log_count, CPUS - 1);
        assert_false(forgotten_sealed);
        assert_true(sealed);
    }
}

/* Who is done with its work counts itself down a little later: not in the call that follows. */
static void a_call_begins_when_all_have_counted_down(void **state)
{
    (void)state;
    struct recall recall;
    struct cpuset aps = fleet.called;
    cpuset_remove(&aps, 0);
    launch_all(&fleet, "");
    fleet.outstanding = 1;
    const uint64_t begin = now_us;
    launch_again(&fleet, &aps, "", false, &recall);
    assert_int_equal(now_us, begin + DRAIN_US);
    assert_int_equal(fleet.outstanding, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, fresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_comes_at_once_costs_no_wait),
        TEST(a_lost_sipi_is_sent_again),
        TEST(a_count_that_is_short_is_not_believed),
        TEST(who_died_at_first_is_whole_when_it_comes),
        TEST(each_attempt_has_its_own_stage),
        TEST(a_first_attempt_that_goes_on_for_a_while_is_not_taken_for_the_second),
        TEST(what_was_not_sent_is_not_told_as_sent),
        TEST(what_is_taken_in_the_end_was_no_refusal),
        TEST(a_broadcast_that_is_refused_is_made_good_one_by_one),
        TEST(a_benchmark_forgets_who_was_lost),
        TEST(who_does_not_come_again_is_told_at_its_stage),
        TEST(each_call_has_the_whole_log),
        TEST(a_call_begins_when_all_have_counted_down),
    };
    return RUN(tests);
}
