#include "unit.h"

#include <muster/tap.h>

static struct report report;
static char buffer[2048];

static const char *told(void)
{
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    tap_time(&text, &report);
    assert_false(text.cut);
    return buffer;
}

static int set_up(void **state)
{
    (void)state;
    memset(&report, 0, sizeof(report));
    return 0;
}

static void where_nothing_ran_nothing_is_told(void **state)
{
    (void)state;
    assert_string_equal(told(), "");
}

static void rates_by_what_they_were_measured_with(void **state)
{
    (void)state;
    report.time.rates[RATE_PM] = (struct rate){2600000000, 1234};
    report.time.rates[RATE_LEAF_15] = (struct rate){2599999999, 0};
    report.time.invariant = true;
    assert_string_equal(told(), "# time: TSC 2600000 kHz +- 1234 Hz by PM timer, 2599999 kHz by "
                                "CPUID 0x15; invariant\n");
}

static void offsets_with_their_bound(void **state)
{
    (void)state;
    report.time.offset_halves = 12;
    report.time.offset_late = 2;
    report.time.wide =
        (struct obs_offset){.cpu = 3, .wide_with = 1, .wide = 500, .tsc_hz = 1000000000};
    assert_string_equal(told(), "# time: TSC offset: 6 pairs measured, 1 given up; error bound at "
                                "most 500 ticks, 500 ns (CPU 3 with 1); none apart\n");
    report.time.apart = (struct obs_offset){.cpu = 2, .apart = 3, .apart_from = 0};
    assert_true(strstr(told(), "; apart: CPU 2 from 0\n"));
}

static void timers_and_gaps(void **state)
{
    (void)state;
    report.time.timer_slowest = (struct rate){999000000, 1};
    report.time.timer_fastest = (struct rate){1000000000, 1};
    report.time.timer_late_us = 17;
    report.time.gaps = (struct obs_gaps){.cpu = 1,
                                         .tsc_hz = 1000000000,
                                         .watched_us = 100000,
                                         .counts = {3, 2, 1, 0},
                                         .kept = 1,
                                         .longest = {{5000, 2005000}}};
    report.time.smi_offered = true;
    report.time.smi_count = 40;
    report.time.smi_rose_most = 2;
    assert_string_equal(told(),
                        "# time: APIC timer 999000 to 1000000 kHz; latest interrupt 17 us late\n"
                        "# time: gaps in 100 ms: longest 2000 us (CPU 1); 3 of 10 us, 2 of 150 us, "
                        "1 of 1000 us, 0 of 10000 us or more\n"
                        "# time: SMIs since reset: 40; rose by 2 at most\n");
    report.time.gaps = (struct obs_gaps){.tsc_hz = 1000000000, .watched_us = 5000};
    assert_true(strstr(told(), "# time: gaps in 5 ms: none; 0 of 10 us"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(where_nothing_ran_nothing_is_told),
        TEST(rates_by_what_they_were_measured_with),
        TEST(offsets_with_their_bound),
        TEST(timers_and_gaps),
    };
    return RUN(tests);
}
