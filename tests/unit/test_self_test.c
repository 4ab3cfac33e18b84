/* What is counted and said of a self-test, and how it stands in TAP. */
#include "unit.h"

#include <muster/self_test.h>
#include <muster/tap.h>

static struct self_test test;
static struct report report;
static char buffer[TAP_TEXT_MAX];
static struct text text;

static void set(uint32_t n, const char *id, enum planting_outcome outcome, enum untested why)
{
    test.plantings[n] = (struct planting){.id = id, .outcome = outcome, .why = why, .cpu = 2};
    test.plantings[n].planted = outcome >= PLANTING_CAUGHT;
    test.plantings[n].caught = outcome == PLANTING_CAUGHT;
}

static void miss(uint32_t n)
{
    const struct words words = {
        .expected = "FAIL on CPU 2 alone", .seen = "PASS", .means = "the check does not see it"};
    self_test_miss(&test, n, &words);
}

static int fresh(void **state)
{
    (void)state;
    memset(&test, 0, sizeof(test));
    memset(&report, 0, sizeof(report));
    report.self_test = &test;
    report.result_count = 3;
    test.count = test.done = 4;
    test.elapsed_us = 2874123;
    set(0, "gdt.loaded", PLANTING_CAUGHT, UNTESTED_NOT);
    set(1, "df.storm", PLANTING_CAUGHT, UNTESTED_NOT);
    set(2, "tlb.pcid", PLANTING_UNTESTED, UNTESTED_SKIPPED);
    set(3, "run.hang-ap", PLANTING_UNTESTED, UNTESTED_ENDS_CPU);
    text_init(&text, buffer, sizeof(buffer));
    return 0;
}

static const char *summary(uint32_t names_max)
{
    text_init(&text, buffer, sizeof(buffer));
    self_test_summary(&text, &test, names_max);
    return buffer;
}

static void all_caught_passes(void **state)
{
    (void)state;
    assert_true(self_test_passed(&test));
    assert_string_equal(summary(100),
                        "2 of 2 planted defects caught on this machine; not self-tested: 2");
}

static void one_missed_fails_and_is_named(void **state)
{
    (void)state;
    miss(1);
    assert_false(self_test_passed(&test));
    assert_int_equal(self_test_count(&test, PLANTING_MISSED), 1);
    assert_string_equal(summary(100), "1 of 2 planted defects caught on this machine; missed: "
                                      "df.storm; not self-tested: 2");
    miss(0);
    assert_string_equal(summary(13), "0 of 2 planted defects caught on this machine; missed: "
                                     "gdt.loaded and 1 more; not self-tested: 2");
    assert_string_equal(summary(3), "0 of 2 planted defects caught on this machine; missed: 2; "
                                    "not self-tested: 2");
}

static void the_first_reason_of_a_miss_is_kept(void **state)
{
    (void)state;
    const struct words second = {.seen = "something else"};
    assert_null(self_test_words(&test, 1));
    miss(1);
    self_test_miss(&test, 1, &second);
    assert_string_equal(self_test_words(&test, 1)->seen, "PASS");
    assert_int_equal(test.miss_count, 1);
}

static void what_has_no_room_is_counted(void **state)
{
    (void)state;
    test.count = MISSES_MAX + 2;
    for (uint32_t n = 0; n < test.count; n++) {
        set(n, "a.check", PLANTING_CAUGHT, UNTESTED_NOT);
        miss(n);
    }
    assert_int_equal(test.miss_count, MISSES_MAX);
    assert_int_equal(self_test_count(&test, PLANTING_MISSED), MISSES_MAX + 2);
}

static void broken_off_is_no_pass(void **state)
{
    (void)state;
    test.plantings[1].outcome = PLANTING_UNTESTED;
    test.plantings[1].why = UNTESTED_BROKEN_OFF;
    assert_false(self_test_passed(&test));
    assert_string_equal(summary(9), "1 of 1 planted defects caught on this machine; not "
                                    "self-tested: 3; the self-test did not come to its end");
    fresh(NULL);
    test.plantings[3].outcome = PLANTING_OPEN;
    assert_false(self_test_passed(&test));
}

static void every_reason_has_its_words(void **state)
{
    (void)state;
    for (uint32_t why = UNTESTED_NOT + 1; why < UNTESTED_COUNT; why++) {
        assert_true(strlen(untested_sentence((enum untested)why)) > 10);
    }
    assert_non_null(strstr(untested_sentence((enum untested)31), "does not know"));
}

static void a_run_is_sound_if_both_are(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < report.result_count; n++) {
        report.results[n].verdict = VERDICT_PASS;
    }
    report.ended = true;
    assert_true(report_sound(&report));
    miss(0);
    assert_int_equal(report_verdict(&report), VERDICT_PASS);
    assert_false(report_sound(&report));
    report.self_test = NULL;
    assert_true(report_sound(&report));
    report.results[1].verdict = VERDICT_FAIL;
    assert_false(report_sound(&report));
}

/* --- TAP --- */

static const char *point(uint32_t n)
{
    text_init(&text, buffer, sizeof(buffer));
    tap_planting(&text, &report, n);
    return buffer;
}

static void a_subtest_with_a_plan_of_its_own(void **state)
{
    (void)state;
    tap_begin(&text, &report);
    assert_string_equal(buffer, "TAP version 14\n1..4\n");
    text_init(&text, buffer, sizeof(buffer));
    tap_self_test_begin(&text, &report);
    assert_string_equal(buffer, "# Subtest: self-test\n    1..4\n");
    assert_string_equal(point(0), "    ok 1 - gdt.loaded # CPU 2\n");
    assert_string_equal(point(2), "    ok 3 - tlb.pcid # SKIP not self-tested: the check cannot be "
                                  "asked here\n");
    test.plantings[0].planted = test.plantings[0].caught = 4;
    assert_string_equal(point(0), "    ok 1 - gdt.loaded # caught 4 of 4 times\n");
    test.plantings[0].planted = 1;
    test.plantings[0].cpu = CPU_NONE;
    assert_string_equal(point(0), "    ok 1 - gdt.loaded\n");
}

static void a_miss_says_what_was_wanted(void **state)
{
    (void)state;
    miss(1);
    assert_string_equal(point(1), "    not ok 2 - df.storm # CPU 2\n"
                                  "      ---\n"
                                  "      expected: \"FAIL on CPU 2 alone\"\n"
                                  "      seen: \"PASS\"\n"
                                  "      means: \"the check does not see it\"\n"
                                  "      ...\n");
}

static void the_report_has_one_point_for_it(void **state)
{
    (void)state;
    tap_self_test_end(&text, &report);
    assert_string_equal(buffer, "ok 4 - self-test\n"
                                "# teeth: 2 of 2 planted defects caught on this machine; not "
                                "self-tested: 2; 2874 ms\n");
    miss(1);
    text_init(&text, buffer, sizeof(buffer));
    tap_self_test_end(&text, &report);
    assert_string_equal(buffer, "not ok 4 - self-test\n"
                                "# teeth: 1 of 2 planted defects caught on this machine; missed: "
                                "df.storm; not self-tested: 2; 2874 ms\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_caught_passes, fresh),
        cmocka_unit_test_setup(one_missed_fails_and_is_named, fresh),
        cmocka_unit_test_setup(the_first_reason_of_a_miss_is_kept, fresh),
        cmocka_unit_test_setup(what_has_no_room_is_counted, fresh),
        cmocka_unit_test_setup(broken_off_is_no_pass, fresh),
        cmocka_unit_test_setup(every_reason_has_its_words, fresh),
        cmocka_unit_test_setup(a_run_is_sound_if_both_are, fresh),
        cmocka_unit_test_setup(a_subtest_with_a_plan_of_its_own, fresh),
        cmocka_unit_test_setup(a_miss_says_what_was_wanted, fresh),
        cmocka_unit_test_setup(the_report_has_one_point_for_it, fresh),
    };
    return RUN(tests);
}
