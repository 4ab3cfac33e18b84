#include "crowded.h"

#include <muster/stage.h>
#include <muster/tsc_bonds.h>

static int set_up(void **state)
{
    (void)state;
    memset(crowd_of, 0, sizeof(crowd_of));
    return 0;
}

/* --- tsc.adjust ----------------------------------------------------------------------------------
 */

/* Three CPUs a package. */
static void adjust(uint32_t cpu, uint64_t value)
{
    crowd_of[cpu].tsc_value = (struct obs_tsc_value){true, value, cpu / 3};
}

static void an_adjustment_of_0_passes(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CROWD; n++) {
        adjust(n, 0);
    }
    judge_them(judge_tsc_adjust, CROWD);
    assert_int_equal(told_count, 0);
}

static void any_other_adjustment_fails(void **state)
{
    (void)state;
    an_adjustment_of_0_passes(state);
    adjust(4, (uint64_t)-5);
    judge_them(judge_tsc_adjust, CROWD);
    assert_int_equal(told_count, 1);
    assert_told(0, VERDICT_FAIL, "4", "IA32_TSC_ADJUST 0x0", "IA32_TSC_ADJUST 0xfffffffffffffffb",
                "firmware shifted this CPU's TSC");
    for (uint32_t n = 0; n < CROWD; n++) {
        adjust(n, 7); /* alike, but of no use */
    }
    judge_them(judge_tsc_adjust, CROWD);
    assert_int_equal(told_count, CROWD);
    crowd_of[0].tsc_value.offered = false;
    judge_them(judge_tsc_adjust, 1);
    assert_told(0, VERDICT_SKIP, "0", "", "does not offer", "");
}

static void packages_may_be_shifted_against_each_other(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CROWD; n++) {
        adjust(n, n < 3 ? 0 : 0x1234);
    }
    judge_them(judge_tsc_adjust, CROWD);
    assert_int_equal(told_count, 0);
    adjust(5, 0x1235); /* not as a whole */
    judge_them(judge_tsc_adjust, CROWD);
    assert_int_equal(told_count, 3);
    adjust(3, 9); /* one CPU is no package of several */
    judge_them(judge_tsc_adjust, 4);
    assert_told(0, VERDICT_FAIL, "3", "", "0x9", "");
}

/* --- tsc.invariant -------------------------------------------------------------------------------
 */

static void offer_invariant(uint32_t bits)
{
    for (uint32_t n = 0; n < CROWD; n++) {
        crowd_of[n].tsc_value.offered = bits >> n & 1;
    }
}

static void cpus_that_agree_on_invariance_pass(void **state)
{
    (void)state;
    offer_invariant(0x3f);
    judge_them(judge_invariant, CROWD);
    assert_int_equal(told_count, 0);
    offer_invariant(0);
    judge_them(judge_invariant, CROWD);
    assert_told(0, VERDICT_SKIP, "", "", "no CPU offers", "");
}

static void the_fewer_are_named(void **state)
{
    (void)state;
    offer_invariant(0x2f);
    judge_them(judge_invariant, CROWD);
    assert_int_equal(told_count, 1);
    assert_told(0, VERDICT_FAIL, "4", "bit 8 0x1", "bit 8 0x0", "CPUs disagree");
    offer_invariant(0x10);
    judge_them(judge_invariant, CROWD);
    assert_told(0, VERDICT_FAIL, "4", "bit 8 0x0", "bit 8 0x1", "CPUs disagree");
    offer_invariant(0x1); /* one and one: the first is right */
    judge_them(judge_invariant, 2);
    assert_told(0, VERDICT_FAIL, "1", "bit 8 0x1", "bit 8 0x0", "CPUs disagree");
}

/* --- tsc.monotonic -------------------------------------------------------------------------------
 */

static struct observation sound_stamps(void)
{
    return (struct observation){.monotonic = {.reads = 2000,
                                              .stage = STAGE_NONE,
                                              .earliest = 1000,
                                              .latest = 9000,
                                              .tsc_hz = 2000000000}};
}

static void stamps_in_order_pass(void **state)
{
    (void)state;
    const struct observation seen = sound_stamps();
    assert_passes(judge_monotonic, &seen);
}

static void a_stamp_outside_tells_which_way(void **state)
{
    (void)state;
    struct observation seen = sound_stamps();
    seen.monotonic.stage = STAGE_REAL_MODE;
    seen.monotonic.stamp = 1000 - 6000000;
    assert_fails(judge_monotonic, &seen,
                 "stage real-mode after what came before it, and before the BSP saw it",
                 "stage real-mode 6000000 ticks too early (3000 us)", "released from reset late");
    seen.monotonic.stage = STAGE_ONLINE;
    seen.monotonic.stamp = 29000;
    assert_fails(judge_monotonic, &seen,
                 "stage online after what came before it, and before the BSP saw it",
                 "stage online 20000 ticks after it was seen (10 us)", "ahead of the BSP's");
}

static void a_tsc_that_goes_back_fails(void **state)
{
    (void)state;
    struct observation seen = sound_stamps();
    seen.monotonic.back_by = 0x20;
    assert_fails(judge_monotonic, &seen, "ticks that the TSC went back 0x0",
                 "ticks that the TSC went back 0x20", "time runs backwards");
}

/* --- tsc.warp, tsc.offset ------------------------------------------------------------------------
 */

static const struct tsc_bonds bonds = {&crowd_of[0].offset, sizeof(crowd_of[0])};

/* All pairs; CPU n's TSC is `ahead[n]` ticks ahead, known to +-10. */
static void measure(const int64_t *ahead, uint32_t count)
{
    memset(crowd_of, 0, sizeof(crowd_of));
    for (uint32_t n = 0; n < count; n++) {
        tsc_bond_clear(&crowd_of[n].offset, n);
        crowd_of[n].offset.tsc_hz = 1000000000;
    }
    for (uint32_t b = 0; b < count; b++) {
        for (uint32_t a = 0; a < b; a++) {
            tsc_bond(&bonds, a, b, ahead[b] - ahead[a] - 10, ahead[b] - ahead[a] + 10);
        }
    }
}

static void tscs_that_may_be_the_same_pass(void **state)
{
    (void)state;
    const int64_t ahead[CROWD] = {0, 3, -5, 4, 0, 1};
    measure(ahead, CROWD);
    judge_them(judge_offset, CROWD);
    judge_them(judge_warp, CROWD);
    assert_int_equal(told_count, 0);
}

static void the_one_that_is_ahead_is_named(void **state)
{
    (void)state;
    const int64_t ahead[CROWD] = {0, 0, 0, 500, 0, 0};
    measure(ahead, CROWD);
    judge_them(judge_offset, CROWD);
    assert_int_equal(told_count, 1);
    assert_told(0, VERDICT_FAIL, "3", "the same as every other CPU's",
                "at least 490 ticks (490 ns) ahead of CPU 0's, at most 510 ticks (510 ns)",
                "not synchronised");
}

static void the_bsp_may_be_the_one(void **state)
{
    (void)state;
    const int64_t ahead[CROWD] = {-500, 0, 0, 0, 0, 0};
    measure(ahead, CROWD);
    judge_them(judge_offset, CROWD);
    assert_int_equal(told_count, 1);
    assert_told(0, VERDICT_FAIL, "0", "", "at least 490 ticks (490 ns) behind CPU 1's", "");
}

static void of_two_the_bsp_is_right(void **state)
{
    (void)state;
    const int64_t ahead[2] = {0, -500};
    measure(ahead, 2);
    judge_them(judge_offset, 2);
    assert_int_equal(told_count, 1);
    assert_told(0, VERDICT_FAIL, "1", "", "behind CPU 0's", "");
}

static void half_of_them_are_told_together(void **state)
{
    (void)state;
    const int64_t ahead[CROWD] = {0, 0, 0, 500, 500, 500};
    measure(ahead, CROWD);
    judge_them(judge_warp, CROWD);
    assert_int_equal(told_count, 1);
    assert_told(0, VERDICT_FAIL, "3-5", "never lies before", "CPU 3's TSC at least 490 ticks", "");
}

/* CPU 2 is apart, but was once measured so badly that it might be the same. */
static void a_wide_pair_hides_nobody(void **state)
{
    (void)state;
    const int64_t ahead[CROWD] = {0, 0, 500, 0, 0, 0};
    measure(ahead, CROWD);
    tsc_bond(&bonds, 1, 2, -100000, 100000);
    judge_them(judge_offset, CROWD);
    assert_int_equal(told_count, 1);
    assert_told(0, VERDICT_FAIL, "2", "", "at least 490 ticks", "");
}

static void who_was_not_measured_is_a_skip(void **state)
{
    (void)state;
    const int64_t ahead[1] = {0};
    measure(ahead, 1);
    crowd_of[0].offset.unasked = UNASKED_ALONE;
    judge_them(judge_offset, 1);
    assert_told(0, VERDICT_SKIP, "0", "", "it takes two CPUs", "");
    crowd_of[0].offset.unasked = ASKED;
    judge_them(judge_offset, 1);
    assert_told(0, VERDICT_SKIP, "0", "", "no other CPU ran at the same time", "");
}

/* --- tsc.rate ------------------------------------------------------------------------------------
 */

static struct observation sound_rates(void)
{
    return (struct observation){
        .rate = {.percent = 1,
                 .rates = {[RATE_PM] = {2600000000, 300000},
                           [RATE_HPET] = {2600100000, 100000},
                           [RATE_LEAF_16] = {3100000000, 0}}}, /* told, not judged */
    };
}

static void rates_that_agree_pass(void **state)
{
    (void)state;
    struct observation seen = sound_rates();
    assert_passes(judge_rate, &seen);
    seen.rate.rates[RATE_PIT] = (struct rate){2626000000, 1000000};
    seen.rate.rates[RATE_LEAF_15] = (struct rate){2600000000, 0};
    assert_passes(judge_rate, &seen);
}

static void rates_that_disagree_name_both(void **state)
{
    (void)state;
    struct observation seen = sound_rates();
    seen.rate.rates[RATE_LEAF_15] = (struct rate){2700000000, 0};
    assert_fails(judge_rate, &seen, "one TSC rate by every reference, within 1 % and its error",
                 "2700000 +- 0 kHz by CPUID 0x15, 2600000 +- 300 kHz by PM timer", "wrong time");
    seen.rate.percent = 10;
    assert_passes(judge_rate, &seen);
}

static void without_a_clock_there_is_nothing_to_compare(void **state)
{
    (void)state;
    struct observation seen = {.rate = {.percent = 1}};
    struct words words;
    assert_int_equal(judge_rate(&seen, &words), VERDICT_SKIP);
    seen.rate.rates[RATE_LEAF_15] = (struct rate){2700000000, 0};
    assert_int_equal(judge_rate(&seen, &words), VERDICT_SKIP);
}

static void the_error_counts_on_both_sides(void **state)
{
    (void)state;
    const struct rate a = {1000000, 5000}, b = {1020000, 5000}, c = {1020001, 5000};
    assert_false(rates_disagree(&a, &b, 1));
    assert_true(rates_disagree(&a, &c, 1));
    assert_true(rates_disagree(&c, &a, 1));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(an_adjustment_of_0_passes),
        TEST(any_other_adjustment_fails),
        TEST(packages_may_be_shifted_against_each_other),
        TEST(cpus_that_agree_on_invariance_pass),
        TEST(the_fewer_are_named),
        TEST(stamps_in_order_pass),
        TEST(a_stamp_outside_tells_which_way),
        TEST(a_tsc_that_goes_back_fails),
        TEST(tscs_that_may_be_the_same_pass),
        TEST(the_one_that_is_ahead_is_named),
        TEST(the_bsp_may_be_the_one),
        TEST(of_two_the_bsp_is_right),
        TEST(half_of_them_are_told_together),
        TEST(a_wide_pair_hides_nobody),
        TEST(who_was_not_measured_is_a_skip),
        TEST(rates_that_agree_pass),
        TEST(rates_that_disagree_name_both),
        TEST(without_a_clock_there_is_nothing_to_compare),
        TEST(the_error_counts_on_both_sides),
    };
    return RUN(tests);
}
