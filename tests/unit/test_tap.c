#include "unit.h"

#include <muster/tap.h>

#include "../samples/sample.c"

static struct sample sample;
static char buffer[TAP_TEXT_MAX];
static struct text text;

static struct check_result *fresh(const char *name, uint32_t cpus)
{
    assert_true(sample_make(&sample, name, cpus));
    text_init(&text, buffer, sizeof(buffer));
    return &sample.report.results[DF_GUARD_PAGE];
}

static void assert_point(const char *expected)
{
    text_init(&text, buffer, sizeof(buffer));
    tap_point(&text, &sample.report, DF_GUARD_PAGE);
    assert_string_equal(buffer, expected);
}

static void begins_with_version_and_plan(void **state)
{
    (void)state;
    fresh("pass", 4);
    tap_begin(&text, &sample.report);
    assert_string_equal(buffer, "TAP version 14\n1..26\n");
}

static void passes_count_their_cpus(void **state)
{
    (void)state;
    struct check_result *result = fresh("pass", 4);
    assert_point("ok 16 - df.guard-page # 4 CPUs\n");
    cpuset_remove(&result->examined, 2);
    cpuset_add(&result->set_aside, 2);
    assert_point("ok 16 - df.guard-page # 3 CPUs; CPU 2 set aside\n");
    strcpy(result->note, "CPU 2 set aside: failed tss.ist");
    assert_point("ok 16 - df.guard-page # 3 CPUs; CPU 2 set aside: failed tss.ist\n");
    result->runs = 100;
    assert_point("ok 16 - df.guard-page # 3 CPUs; 100 runs; CPU 2 set aside: failed tss.ist\n");
    fresh("pass", 1);
    assert_point("ok 16 - df.guard-page # 1 CPU\n");
}

static void the_machine_has_no_count(void **state)
{
    (void)state;
    struct check_result *result = fresh("pass", 4);
    cpuset_clear(&result->examined);
    assert_point("ok 16 - df.guard-page\n");
    strcpy(result->note, "skipped two entries\n\033[1m");
    assert_point("ok 16 - df.guard-page # note: skipped two entries??[1m\n");
    result->note[0] = '\0';
    result->verdict = VERDICT_FAIL;
    assert_point("not ok 16 - df.guard-page\n");
    result->verdict = VERDICT_ERROR;
    assert_point("not ok 16 - df.guard-page # ERROR\n");
}

static void skips_and_deviations_are_directives(void **state)
{
    (void)state;
    struct check_result *result = fresh("pass", 4);
    strcpy(result->note, "known deviation of QEMU TCG");
    result->verdict = VERDICT_DEVIATION;
    assert_point("not ok 16 - df.guard-page # TODO known deviation of QEMU TCG\n");
    result->verdict = VERDICT_SKIP;
    assert_point("ok 16 - df.guard-page # SKIP known deviation of QEMU TCG\n");
    result->verdict = VERDICT_NONE;
    assert_point("not ok 16 - df.guard-page # ERROR not run\n");
}

/* What a check that passes remarks does not stand for what it found. */
static void a_deviation_is_named_beside_a_remark(void **state)
{
    (void)state;
    struct check_result *result = fresh("pass", 4);
    struct words words = {.seen = "0x33", .means = "known deviation of QEMU TCG"};
    report_find(&sample.report, DF_GUARD_PAGE, 2, VERDICT_DEVIATION, &words);
    strcpy(result->note, "8 variable");
    assert_point("not ok 16 - df.guard-page # TODO known deviation of QEMU TCG\n  ---\n"
                 "  cpus: \"2\"\n  seen: \"0x33\"\n  means: \"known deviation of QEMU TCG\"\n"
                 "  ...\n");
    sample.report.findings[result->first_finding].words.means[0] = '\0';
    assert_point("not ok 16 - df.guard-page # TODO 0x33\n  ---\n"
                 "  cpus: \"2\"\n  seen: \"0x33\"\n  ...\n");
    result->finding_count = 0;
    result->note[0] = '\0';
    assert_point("not ok 16 - df.guard-page # TODO known deviation\n");
}

static void failures_name_their_cpus(void **state)
{
    (void)state;
    struct check_result *result = fresh("pass", 4);
    struct words words = {"a", "b \"c\" \\ \t", "d"};
    report_find(&sample.report, DF_GUARD_PAGE, 2, VERDICT_FAIL, &words);
    assert_point("not ok 16 - df.guard-page # CPU 2 of 4\n"
                 "  ---\n  cpus: \"2\"\n  expected: \"a\"\n  seen: \"b \\\"c\\\" \\\\ \\x09\"\n"
                 "  means: \"d\"\n  ...\n");
    words = (struct words){.means = "e"};
    report_find(&sample.report, DF_GUARD_PAGE, 1, VERDICT_ERROR, &words);
    assert_point("not ok 16 - df.guard-page # CPUs 1-2 of 4\n"
                 "  ---\n  - cpus: \"2\"\n    expected: \"a\"\n"
                 "    seen: \"b \\\"c\\\" \\\\ \\x09\"\n    means: \"d\"\n"
                 "  - cpus: \"1\"\n    verdict: \"ERROR\"\n    means: \"e\"\n  ...\n");
    result->finding_count = 0;
    result->verdict = VERDICT_ERROR;
    assert_point("not ok 16 - df.guard-page # ERROR CPUs 1-2 of 4\n");
    result->findings_dropped = 1;
    assert_point("not ok 16 - df.guard-page # ERROR CPUs 1-2 of 4\n  ---\n"
                 "  means: \"1 more finding found no room in this report\"\n  ...\n");
}

/* Whatever the buffer's size: the block is closed, and each finding is there whole or counted. */
static void findings_that_do_not_fit_are_counted(void **state)
{
    (void)state;
    fresh("many", 4096);
    enum { TSS_IST = 10 };
    for (size_t size = 400; size <= sizeof(buffer); size += 997) {
        text_init(&text, buffer, size);
        tap_point(&text, &sample.report, TSS_IST);
        assert_false(text.cut);
        assert_string_equal(buffer + text.length - 6, "  ...\n");
        assert_non_null(strstr(buffer, "more findings found no room in this report\"\n  ...\n"));
        unsigned told = 0, untold = 0;
        for (const char *at = buffer; (at = strstr(at, "  - cpus:")); at++) {
            told++;
        }
        sscanf(strrchr(buffer, '-'), "- means: \"%u", &untold);
        assert_int_equal(told + untold, FINDING_MAX + 20);
    }
}

static void arrivals_tell_each_of_few(void **state)
{
    (void)state;
    fresh("lost", 4);
    tap_arrivals(&text, &sample.report);
    assert_non_null(strstr(buffer, "# muster 0.1 build 1a2b3c4d; firmware \"EDK II\" 0x10000;"
                                   " 4 CPUs claimed, 3 answered\n"));
    assert_non_null(strstr(
        buffer,
        "# lost: CPU 2 (APIC ID 4) at first stage gdt, then stage"
        " protected-mode: reached 32-bit mode; was turning paging on; waited 6012 ms, 1 retry\n"));
    assert_non_null(strstr(buffer, "# retried: CPU 3 (APIC ID 6) answered after 1 retry; first "
                                   "stage sipi-sent\n"));
    assert_non_null(strstr(buffer, "# arrived: CPU 1 (APIC ID 2) in 1789 us: real-mode 1690, "));
    assert_null(strstr(buffer, "# arrived: CPU 2"));
}

static void arrivals_group_many(void **state)
{
    (void)state;
    fresh("pass", 255);
    sample.arrivals[100].stage_us[STAGE_ONLINE] = 9000;
    sample.arrivals[200].stage_us[STAGE_ONLINE] = 5;
    tap_arrivals(&text, &sample.report);
    assert_non_null(strstr(buffer, "# arrived: 254 CPUs: first 5 us (CPU 200), median "));
    assert_non_null(strstr(buffer, ", last 9000 us (CPU 100)\n# slow: CPU 100 (APIC ID 200) online"
                                   " after 9000 us; longest step: online, "));
}

static void the_median_is_the_middle_one(void **state)
{
    (void)state;
    fresh("pass", 20);
    for (uint32_t cpu = 1; cpu < 20; cpu++) {
        sample.arrivals[cpu].stage_us[STAGE_ONLINE] = cpu * cpu * 1000;
    }
    tap_arrivals(&text, &sample.report);
    assert_non_null(strstr(buffer, "# arrived: 19 CPUs: first 1000 us (CPU 1), median 100000 us"
                                   " (CPU 10), last 361000 us (CPU 19)\n"));
}

/* All CPUs in trouble, as scattered as can be, at every stage and at none. */
static void arrivals_fit_for_any_roll(void **state)
{
    (void)state;
    fresh("pass", CPU_MAX);
    for (uint32_t cpu = 0; cpu < CPU_MAX; cpu++) {
        sample.arrivals[cpu].lost = cpu / 2 % 2;
        sample.arrivals[cpu].retries = 255;
        sample.arrivals[cpu].stage = cpu % (STAGE_COUNT + 3);
        sample.arrivals[cpu].first_stage = STAGE_PROTECTED_MODE;
        sample.arrivals[cpu].waited_us = UINT32_MAX;
        sample.arrivals[cpu].apic_id = UINT32_MAX;
    }
    tap_arrivals(&text, &sample.report);
    assert_false(text.cut);
    assert_non_null(strstr(buffer, "at stage none: stored a stage that does not exist\n"));
}

static void ends_with_one_line(void **state)
{
    (void)state;
    fresh("fail", 4);
    tap_end(&text, &sample.report);
    assert_string_equal(buffer, "# muster: FAIL 2 of 26 checks; 4 CPUs; 412 ms;"
                                " 1 known deviation; 1 skipped\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_with_version_and_plan),
        cmocka_unit_test(passes_count_their_cpus),
        cmocka_unit_test(the_machine_has_no_count),
        cmocka_unit_test(skips_and_deviations_are_directives),
        cmocka_unit_test(a_deviation_is_named_beside_a_remark),
        cmocka_unit_test(failures_name_their_cpus),
        cmocka_unit_test(findings_that_do_not_fit_are_counted),
        cmocka_unit_test(arrivals_tell_each_of_few),
        cmocka_unit_test(arrivals_group_many),
        cmocka_unit_test(the_median_is_the_middle_one),
        cmocka_unit_test(arrivals_fit_for_any_roll),
        cmocka_unit_test(ends_with_one_line),
    };
    return RUN(tests);
}
