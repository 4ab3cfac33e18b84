/* What a record keeps of a self-test. */
#include "recorded.h"

static struct self_test test;

static void plant(uint32_t n, const char *id, enum planting_outcome outcome, enum untested why,
                  uint32_t cpu)
{
    test.plantings[n] = (struct planting){.id = id, .outcome = outcome, .why = why, .cpu = cpu};
    test.plantings[n].planted = outcome >= PLANTING_CAUGHT;
    test.plantings[n].caught = outcome == PLANTING_CAUGHT;
}

static int fresh(void **state)
{
    recorded_fresh(state);
    memset(&test, 0, sizeof(test));
    const uint32_t checks = recorded_report.result_count;
    for (uint32_t n = 0; n < checks; n++) {
        plant(n, recorded_report.results[n].id, PLANTING_CAUGHT, UNTESTED_NOT, 2);
    }
    plant(4, recorded_report.results[4].id, PLANTING_UNTESTED, UNTESTED_SKIPPED, CPU_NONE);
    plant(5, recorded_report.results[5].id, PLANTING_CAUGHT, UNTESTED_NOT, CPU_NONE);
    plant(checks, "up.gdt", PLANTING_UNTESTED, UNTESTED_BRING_UP, CPU_NONE);
    plant(checks + 1, "run.hang-ap", PLANTING_UNTESTED, UNTESTED_ENDS_CPU, CPU_NONE);
    test.plantings[6].planted = test.plantings[6].caught = 4;
    test.count = test.done = checks + 2;
    test.elapsed_us = 2874123;
    cpuset_add(&test.lost, 3);
    test.plantings[7].caught = 0;
    self_test_miss(&test, 7, &(struct words){.expected = "FAIL on CPU 2 alone", .seen = "PASS"});
    recorded_report.self_test = &test;
    recorded_handoff.options.self_test = SELF_TEST_EACH;
    test.each = true;
    return 0;
}

static void it_comes_back_whole(void **state)
{
    (void)state;
    recorded_result(RECORD_STREAM_MAX);
    recorded_read();
    const struct self_test *seen = contents.report.self_test;
    assert_ptr_equal(seen, &contents.self_test);
    assert_int_equal(seen->count, test.count);
    assert_int_equal(seen->done, test.done);
    assert_true(seen->each);
    assert_int_equal(seen->elapsed_us, test.elapsed_us);
    assert_true(cpuset_equal(&seen->lost, &test.lost));
    for (uint32_t n = 0; n < test.count; n++) {
        const struct planting *a = &seen->plantings[n], *b = &test.plantings[n];
        assert_string_equal(a->id, b->id);
        assert_int_equal(a->outcome, b->outcome);
        assert_int_equal(a->why, b->why);
        assert_int_equal(a->cpu, b->cpu);
        assert_int_equal(a->planted, b->planted);
        assert_int_equal(a->caught, b->caught);
    }
    assert_string_equal(self_test_words(seen, 7)->expected, "FAIL on CPU 2 alone");
    assert_string_equal(self_test_words(seen, 7)->seen, "PASS");
    assert_int_equal(contents.options.self_test, SELF_TEST_EACH);
}

static void without_one_nothing_is_told(void **state)
{
    (void)state;
    recorded_report.self_test = NULL;
    recorded_handoff.options.self_test = SELF_TEST_NO;
    recorded_result(RECORD_STREAM_MAX);
    recorded_read();
    assert_null(contents.report.self_test);
    assert_int_equal(contents.options.self_test, SELF_TEST_NO);
}

static void a_death_in_it_is_told(void **state)
{
    (void)state;
    char buffer[RECORD_DEATH_MAX];
    struct text text;
    recorded_report.ended = false;
    recorded_mark(SELF_TEST_NAME);
    recorded_read();
    assert_int_equal(contents.state, RECORD_DIED);
    assert_true(contents.self_testing);
    text_init(&text, buffer, sizeof(buffer));
    record_death(&text, &contents, &recorded_catalogue);
    assert_string_equal(buffer, "the previous run ended in self-test; 52 of 52 checks were done "
                                "before; likely a defect that was planted on purpose, as a hang or "
                                "a triple fault, unless somebody switched the machine off");
}

static void its_trail_names_the_check(void **state)
{
    (void)state;
    static struct record_trail trail;
    struct cpuset asked = {{0}};
    char buffer[RECORD_DEATH_MAX];
    struct text text;
    cpuset_add(&asked, 2);
    recorded_report.ended = false;
    recorded_mark(SELF_TEST_NAME);
    recorded_read();
    memset(&trail, 0, sizeof(trail));
    trail_begin(&trail, contents.id, 9 + TRAIL_SELF_TEST, &asked);
    record_follow(&contents, &trail);
    text_init(&text, buffer, sizeof(buffer));
    record_death(&text, &contents, &recorded_catalogue);
    assert_non_null(strstr(buffer, "ended in the self-test of family1.check-10; 52 of 52 checks "
                                   "were done before; not yet heard: CPU 2; likely a defect that "
                                   "was planted"));
}

static void a_number_beyond_the_plan_is_no_check(void **state)
{
    (void)state;
    static struct record_trail trail;
    const struct cpuset nobody = {{0}};
    recorded_report.ended = false;
    recorded_mark(SELF_TEST_NAME);
    recorded_read();
    memset(&trail, 0, sizeof(trail));
    trail_begin(&trail, contents.id, 200 + TRAIL_SELF_TEST, &nobody);
    record_follow(&contents, &trail);
    assert_false(contents.trailed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_comes_back_whole, fresh),
        cmocka_unit_test_setup(without_one_nothing_is_told, fresh),
        cmocka_unit_test_setup(a_death_in_it_is_told, fresh),
        cmocka_unit_test_setup(its_trail_names_the_check, fresh),
        cmocka_unit_test_setup(a_number_beyond_the_plan_is_no_check, fresh),
    };
    return RUN(tests);
}
