#include "unit.h"

#include <muster/tap.h>
#include <stdio.h>

static struct report report;
static char buffer[2048], ids[CHECK_MAX][16];

static const char *told(bool always)
{
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    tap_spent(&text, &report, always);
    assert_false(text.cut);
    return buffer;
}

static void check(uint64_t us)
{
    const uint32_t n = report.results_done++;
    snprintf(ids[n], sizeof(ids[n]), "a.check-%u", n);
    report.results[n] = (struct check_result){.id = ids[n], .us = us};
    report.result_count = report.results_done;
}

static int set_up(void **state)
{
    (void)state;
    memset(&report, 0, sizeof(report));
    report.elapsed_us = TAP_SPENT_FROM_US;
    return 0;
}

static void the_slowest_come_first_and_no_more_than_ten(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 12; n++) {
        check(n * 1000);
    }
    check(5210400);
    check(5210500);
    assert_string_equal(told(false),
                        "# slowest: a.check-13 5211 ms, a.check-12 5210 ms, a.check-11 11 ms, "
                        "a.check-10 10 ms, a.check-9 9 ms, a.check-8 8 ms, a.check-7 7 ms, "
                        "a.check-6 6 ms, a.check-5 5 ms, a.check-4 4 ms\n");
}

static void two_that_took_as_long_are_both_told(void **state)
{
    (void)state;
    check(3000);
    check(400); /* not even a millisecond */
    check(3000);
    assert_string_equal(told(false), "# slowest: a.check-0 3 ms, a.check-2 3 ms\n");
}

static void what_is_no_check_is_told_beside_them(void **state)
{
    (void)state;
    report.spent = (struct time_spent){.known = true,
                                       .us = {[TIME_OTHER] = 900,
                                              [TIME_CHECKS] = 9000000,
                                              [TIME_BRING_UP] = 812000,
                                              [TIME_SERIAL] = 300499,
                                              [TIME_RECORD] = 499}};
    assert_string_equal(told(false),
                        "# outside checks: bring-up 812 ms, serial 300 ms, other 1 ms; "
                        "checks: 9000 ms\n");
}

static void a_short_run_tells_it_only_when_asked(void **state)
{
    (void)state;
    check(3000);
    report.elapsed_us = TAP_SPENT_FROM_US - 1;
    assert_string_equal(told(false), "");
    assert_string_equal(told(true), "# slowest: a.check-0 3 ms\n");
}

/* A record without the items. */
static void what_is_not_known_is_not_told(void **state)
{
    (void)state;
    check(3000);
    report.results[0].us_unknown = true;
    assert_string_equal(told(true), "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(the_slowest_come_first_and_no_more_than_ten),
        TEST(two_that_took_as_long_are_both_told),
        TEST(what_is_no_check_is_told_beside_them),
        TEST(a_short_run_tells_it_only_when_asked),
        TEST(what_is_not_known_is_not_told),
    };
    return RUN(tests);
}
