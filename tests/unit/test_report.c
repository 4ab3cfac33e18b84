#include "unit.h"

#include <stdio.h>

#include <muster/cpu_words.h>
#include <muster/report.h>
#include <muster/summary.h>

static struct report report;

static const struct words words_a = {"expected", "seen", "means"};
static const struct words words_b = {"expected", "seen something else", "means"};

static int fresh(void **state)
{
    (void)state;
    memset(&report, 0, sizeof(report));
    report.result_count = 4;
    report.cpus_claimed = 8;
    for (uint32_t n = 0; n < report.result_count; n++) {
        report.results[n].id = "check";
        report.results[n].verdict = VERDICT_PASS;
    }
    return 0;
}

static void verdict_is_the_worst(void **state)
{
    (void)state;
    assert_int_equal(report_verdict(&report), VERDICT_PASS);
    report.results[0].verdict = VERDICT_SKIP;
    report.results[1].verdict = VERDICT_DEVIATION;
    assert_int_equal(report_verdict(&report), VERDICT_PASS);
    report.results[2].verdict = VERDICT_ERROR;
    assert_int_equal(report_verdict(&report), VERDICT_ERROR);
    report.results[0].verdict = VERDICT_FAIL;
    assert_int_equal(report_verdict(&report), VERDICT_FAIL);
    assert_int_equal(report_count(&report, VERDICT_ERROR), 1);
}

static void a_check_never_reached_is_an_error_at_the_end(void **state)
{
    (void)state;
    report.results[3].verdict = VERDICT_NONE;
    assert_int_equal(report_verdict(&report), VERDICT_PASS);
    report.ended = true;
    assert_int_equal(report_verdict(&report), VERDICT_ERROR);
}

static void who_loses_a_cpu_never_passes(void **state)
{
    (void)state;
    cpuset_add(&report.lost, 3);
    assert_int_equal(report_verdict(&report), VERDICT_FAIL);
    report.ended = true;
    assert_int_equal(report_verdict(&report), VERDICT_FAIL);
    for (uint32_t n = 0; n < report.result_count; n++) {
        report.results[n].verdict = VERDICT_SKIP;
    }
    assert_int_equal(report_verdict(&report), VERDICT_FAIL);
    report.results[1].verdict = VERDICT_ERROR;
    assert_int_equal(report_verdict(&report), VERDICT_ERROR);
}

static void equal_words_share_a_finding(void **state)
{
    (void)state;
    report_find(&report, 1, 2, VERDICT_FAIL, &words_a);
    report_find(&report, 1, 5, VERDICT_FAIL, &words_a);
    report_find(&report, 1, 5, VERDICT_FAIL, &words_b);
    assert_int_equal(report.finding_count, 2);
    assert_int_equal(report.results[1].finding_count, 2);
    assert_true(cpuset_has(&report.findings[0].cpus, 2));
    assert_true(cpuset_has(&report.findings[0].cpus, 5));
    assert_int_equal(cpuset_count(&report.findings[1].cpus), 1);
    assert_int_equal(cpuset_count(&report.results[1].failed), 2);
    assert_int_equal(report.results[1].verdict, VERDICT_FAIL);
}

static void the_machine_is_no_cpu(void **state)
{
    (void)state;
    report_find(&report, 0, CPU_NONE, VERDICT_FAIL, &words_a);
    report_find(&report, 0, 3, VERDICT_FAIL, &words_a);
    report_find(&report, 0, CPU_NONE, VERDICT_FAIL, &words_a);
    assert_int_equal(report.finding_count, 2);
    assert_true(cpuset_empty(&report.findings[0].cpus));
    assert_int_equal(cpuset_count(&report.results[0].failed), 1);
}

static void the_verdict_only_rises(void **state)
{
    (void)state;
    report_find(&report, 0, 1, VERDICT_DEVIATION, &words_a);
    assert_int_equal(report.results[0].verdict, VERDICT_DEVIATION);
    assert_true(cpuset_empty(&report.results[0].failed));
    report_find(&report, 0, 1, VERDICT_FAIL, &words_a);
    report_find(&report, 0, 2, VERDICT_ERROR, &words_a);
    assert_int_equal(report.results[0].verdict, VERDICT_FAIL);
    assert_int_equal(cpuset_count(&report.results[0].failed), 2);
    assert_int_equal(report.finding_count, 3);
}

/* A repeated run comes back to a check after others have had findings. */
static void findings_stay_together(void **state)
{
    (void)state;
    report_find(&report, 0, 1, VERDICT_FAIL, &words_a);
    report_find(&report, 2, 1, VERDICT_FAIL, &words_a);
    report_find(&report, 3, 1, VERDICT_FAIL, &words_a);
    report_find(&report, 2, 4, VERDICT_FAIL, &words_b);
    report_find(&report, 0, 6, VERDICT_FAIL, &words_b);
    static const uint32_t first[] = {0, 0, 2, 4}, count[] = {2, 0, 2, 1};
    static const uint32_t cpu[] = {1, 6, 1, 4, 1};
    for (uint32_t n = 0; n < 4; n++) {
        assert_int_equal(report.results[n].finding_count, count[n]);
        if (count[n]) {
            assert_int_equal(report.results[n].first_finding, first[n]);
        }
    }
    for (uint32_t n = 0; n < 5; n++) {
        assert_true(cpuset_has(&report.findings[n].cpus, cpu[n]));
    }
}

static void what_does_not_fit_is_counted(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < FINDING_MAX + 3; n++) {
        struct words words = words_a;
        snprintf(words.seen, sizeof(words.seen), "%u", n);
        report_find(&report, 3, n % 8, VERDICT_FAIL, &words);
    }
    assert_int_equal(report.finding_count, FINDING_MAX);
    assert_int_equal(report.results[3].findings_dropped, 3);
    report_find(&report, 1, 7, VERDICT_ERROR, &words_a);
    assert_int_equal(report.results[1].findings_dropped, 1);
    assert_int_equal(report.results[1].verdict, VERDICT_ERROR);
    assert_true(cpuset_has(&report.results[1].failed, 7));
}

static void verdicts_have_names(void **state)
{
    (void)state;
    assert_string_equal(verdict_name(VERDICT_PASS), "PASS");
    assert_string_equal(verdict_name(VERDICT_SKIP), "SKIP");
    assert_string_equal(verdict_name(VERDICT_FAIL), "FAIL");
    assert_string_equal(verdict_name(VERDICT_ERROR), "ERROR");
    assert_string_equal(verdict_name(VERDICT_DEVIATION), "DEVIATION");
}

static void assert_summary(const char *expected)
{
    char buffer[256];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    summary_add(&text, &report);
    assert_string_equal(buffer, expected);
}

static void the_summary_leaves_out_what_is_zero(void **state)
{
    (void)state;
    report.elapsed_us = 412999;
    report.ended = true;
    assert_summary("PASS 4 checks; 8 CPUs; 412 ms");
    report.results[0].verdict = VERDICT_SKIP;
    report.results[1].verdict = VERDICT_DEVIATION;
    assert_summary("PASS 4 checks; 8 CPUs; 412 ms; 1 known deviation; 1 skipped");
    report.results[0].verdict = VERDICT_ERROR;
    report.results[3].verdict = VERDICT_NONE;
    assert_summary("ERROR 2 of 4 checks; 8 CPUs; 412 ms; 1 not run; 1 known deviation");
    report.results[2].verdict = VERDICT_FAIL;
    cpuset_add(&report.lost, 3);
    assert_summary("FAIL 1 of 4 checks; 8 CPUs; 412 ms; 1 error; 1 not run; 1 known deviation;"
                   " 1 CPU lost");
}

static void assert_named(uint32_t first, uint32_t end, uint32_t step, uint32_t most,
                         const char *expected)
{
    char buffer[256];
    struct text text;
    struct cpuset set;
    cpuset_clear(&set);
    for (uint32_t cpu = first; cpu < end; cpu += step) {
        cpuset_add(&set, cpu);
    }
    text_init(&text, buffer, sizeof(buffer));
    cpu_words_name(&text, &set, most);
    assert_string_equal(buffer, expected);
}

static void cpus_are_named_within_bounds(void **state)
{
    (void)state;
    assert_named(0, 0, 1, 100, "");
    assert_named(2, 3, 1, 100, "CPU 2");
    assert_named(1, 4, 1, 100, "CPUs 1-3");
    assert_named(0, CPU_MAX, 1, 100, "CPUs 0-4095");
    assert_named(1, 6, 2, 100, "CPUs 1,3,5");
    assert_named(0, CPU_MAX, 2, 24, "CPUs 0,2,4,6,8,10,... and 2042 more");
    assert_named(0, CPU_MAX, 2, 0, "CPUs 0,... and 2047 more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(verdict_is_the_worst, fresh),
        cmocka_unit_test_setup(a_check_never_reached_is_an_error_at_the_end, fresh),
        cmocka_unit_test_setup(who_loses_a_cpu_never_passes, fresh),
        cmocka_unit_test_setup(equal_words_share_a_finding, fresh),
        cmocka_unit_test_setup(the_machine_is_no_cpu, fresh),
        cmocka_unit_test_setup(the_verdict_only_rises, fresh),
        cmocka_unit_test_setup(findings_stay_together, fresh),
        cmocka_unit_test_setup(what_does_not_fit_is_counted, fresh),
        cmocka_unit_test(verdicts_have_names),
        cmocka_unit_test_setup(the_summary_leaves_out_what_is_zero, fresh),
        cmocka_unit_test(cpus_are_named_within_bounds),
    };
    return RUN(tests);
}
