#include "crowded.h"

static int set_up(void **state)
{
    (void)state;
    memset(crowd_of, 0, sizeof(crowd_of));
    for (uint32_t n = 0; n < CROWD; n++) {
        crowd_of[n].timer_steps.percent = 1;
        crowd_of[n].timer_steps.steps[0].rate = (struct rate){1000000000, 10000};
    }
    return 0;
}

/* --- delivery ------------------------------------------------------------------------------------
 */

static struct observation sound_timer(void)
{
    return (struct observation){.timer = {.wanted = 4, .came = 4, .late_us = 1000000}};
}

static void what_comes_late_passes(void **state)
{
    (void)state;
    const struct observation seen = sound_timer();
    assert_passes(judge_timer, &seen);
}

static void what_comes_early_fails(void **state)
{
    (void)state;
    struct observation seen = sound_timer();
    seen.timer.early = 2;
    seen.timer.due_ns = 2000000;
    seen.timer.at_ns = 1000000;
    assert_fails(judge_timer, &seen, "timer interrupt 2 not before its time",
                 "1000000 ns after the timer was armed, due after 2000000 ns", "sleeps end early");
}

static void lost_doubled_and_stray_interrupts_fail(void **state)
{
    (void)state;
    struct observation seen = sound_timer();
    seen.timer.came = 3;
    assert_fails(judge_timer, &seen, "timer interrupts 0x4", "timer interrupts 0x3", "was lost");
    seen.timer.came = 5;
    assert_fails(judge_timer, &seen, "timer interrupts 0x4", "timer interrupts 0x5",
                 "than were due");
    seen = sound_timer();
    seen.timer.after = 1;
    assert_fails(judge_timer, &seen, "timer interrupts afterwards 0x0",
                 "timer interrupts afterwards 0x1", "stopped, masked or done");
    seen = sound_timer();
    seen.timer.left = 7;
    assert_fails(judge_timer, &seen, "current count 0x0", "current count 0x7",
                 "does not show that it has ended");
}

static void a_timer_that_is_not_offered_is_a_skip(void **state)
{
    (void)state;
    const struct observation seen = {.timer = {.unasked = UNASKED_NOT_OFFERED}};
    struct words words;
    assert_int_equal(judge_timer(&seen, &words), VERDICT_SKIP);
}

/* --- timer.divide --------------------------------------------------------------------------------
 */

static struct observation sound_steps(void)
{
    struct observation seen = {.timer_steps = {.percent = 1}};
    for (uint32_t n = 0; n < TIMER_DIVIDERS; n++) {
        seen.timer_steps.steps[n] = (struct timer_step){n, n, {100000000 + n, 1000}};
    }
    return seen;
}

static void dividers_that_divide_pass(void **state)
{
    (void)state;
    struct observation seen = sound_steps();
    assert_passes(judge_timer_steps, &seen);
    seen.timer_steps.steps[0].rate.hz = 0; /* never undisturbed */
    assert_passes(judge_timer_steps, &seen);
}

static void one_that_does_not_is_told(void **state)
{
    (void)state;
    struct observation seen = sound_steps();
    seen.timer_steps.steps[3].rate.hz /= 2;
    assert_fails(judge_timer_steps, &seen, "divide by 8: 100000 +- 1 kHz times the divider",
                 "50000 +- 1 kHz", "does not divide as it says");
    seen = sound_steps();
    seen.timer_steps.steps[7].seen = 0;
    assert_fails(judge_timer_steps, &seen, "divide configuration 0x7", "divide configuration 0x0",
                 "does not keep what was written");
}

static void nothing_measured_is_a_skip(void **state)
{
    (void)state;
    struct observation seen = {.timer_steps = {.percent = 1}};
    struct words words;
    assert_int_equal(judge_timer_steps(&seen, &words), VERDICT_SKIP);
}

/* --- timer.rate ----------------------------------------------------------------------------------
 */

static void one_rate_on_all_passes(void **state)
{
    (void)state;
    judge_them(judge_timer_rates, CROWD);
    assert_int_equal(told_count, 0);
}

static void the_odd_one_is_named(void **state)
{
    (void)state;
    crowd_of[0].timer_steps.steps[0].rate.hz = 500000000;
    judge_them(judge_timer_rates, CROWD);
    assert_int_equal(told_count, 1);
    assert_told(0, VERDICT_FAIL, "0", "APIC timer 1000000 +- 10 kHz, as most others",
                "500000 +- 10 kHz by its own TSC", "timeouts on this one are wrong");
}

static void a_crystal_that_is_told_must_be_it(void **state)
{
    (void)state;
    crowd_of[2].timer_steps.crystal_hz = 24000000;
    judge_them(judge_timer_rates, CROWD);
    assert_int_equal(told_count, 1);
    assert_told(0, VERDICT_FAIL, "2", "24000 +- 0 kHz, as CPUID 0x15 tells", "1000000 +- 10 kHz",
                "all its timeouts are wrong");
}

static void who_was_disturbed_is_a_skip(void **state)
{
    (void)state;
    crowd_of[1].timer_steps.steps[0].rate.hz = 0;
    judge_them(judge_timer_rates, CROWD);
    assert_int_equal(told_count, 1);
    assert_told(0, VERDICT_SKIP, "1", "", "no window was undisturbed", "");
    for (uint32_t n = 0; n < CROWD; n++) {
        crowd_of[n].timer_steps.steps[0].rate.hz = 0;
    }
    judge_them(judge_timer_rates, CROWD);
    assert_int_equal(told_count, CROWD);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(what_comes_late_passes),
        TEST(what_comes_early_fails),
        TEST(lost_doubled_and_stray_interrupts_fail),
        TEST(a_timer_that_is_not_offered_is_a_skip),
        TEST(dividers_that_divide_pass),
        TEST(one_that_does_not_is_told),
        TEST(nothing_measured_is_a_skip),
        TEST(one_rate_on_all_passes),
        TEST(the_odd_one_is_named),
        TEST(a_crystal_that_is_told_must_be_it),
        TEST(who_was_disturbed_is_a_skip),
    };
    return RUN(tests);
}
