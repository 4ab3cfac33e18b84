#include "crowded.h"

enum { MS = 1000000 }; /* ticks */

static int set_up(void **state)
{
    (void)state;
    memset(crowd_of, 0, sizeof(crowd_of));
    for (uint32_t n = 0; n < CROWD; n++) {
        struct obs_gaps *gaps = &crowd_of[n].gaps;
        gaps->cpu = n;
        gaps->tsc_hz = 1000000000;
        gaps->watched_us = 100000;
    }
    return 0;
}

static void put_gap(uint32_t cpu, uint64_t begin, uint64_t ticks)
{
    struct obs_gaps *gaps = &crowd_of[cpu].gaps;
    gaps->longest[gaps->kept++] = (struct gap){begin, begin + ticks};
}

static void no_gaps_pass(void **state)
{
    (void)state;
    judge_them(judge_gaps, CROWD);
    assert_int_equal(told_count, 0);
}

static void what_stops_all_at_once_fails(void **state)
{
    (void)state;
    put_gap(0, 50 * MS, 4 * MS); /* this CPU's own */
    for (uint32_t n = 0; n < CROWD; n++) {
        put_gap(n, 10 * MS + n * 1000, 2 * MS);
    }
    judge_them(judge_gaps, CROWD);
    assert_int_equal(told_count, 1);
    assert_told(0, VERDICT_FAIL, "", "no gap of 1000 us or more on all CPUs at once",
                "all CPUs stood still for 2000 us at the same time, within 100 ms", "an SMI held");
}

static void what_stops_all_but_one_passes(void **state)
{
    (void)state;
    for (uint32_t n = 0; n + 1 < CROWD; n++) {
        put_gap(n, 10 * MS, 2 * MS);
    }
    put_gap(CROWD - 1, 13 * MS, 2 * MS); /* at another time */
    judge_them(judge_gaps, CROWD);
    assert_int_equal(told_count, 0);
}

static void a_short_stop_passes(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CROWD; n++) {
        put_gap(n, 10 * MS, MS - 1000);
    }
    judge_them(judge_gaps, CROWD);
    assert_int_equal(told_count, 0);
}

static void under_a_hypervisor_it_is_told_and_not_judged(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CROWD; n++) {
        strcpy(crowd_of[n].gaps.hypervisor, "KVMKVMKVM");
        put_gap(n, 10 * MS, (n == 3 ? 30 : 20) * MS);
    }
    judge_them(judge_gaps, CROWD);
    assert_int_equal(told_count, 1);
    assert_told(0, VERDICT_SKIP, "", "",
                "under \"KVMKVMKVM\" a gap may be the host's; the "
                "longest: 30000 us on CPU 3",
                "");
    set_up(NULL);
    strcpy(crowd_of[0].gaps.hypervisor, "KVMKVMKVM");
    judge_them(judge_gaps, CROWD);
    assert_told(0, VERDICT_SKIP, "", "", "none of 10 us or more", "");
}

static void cpus_that_did_not_meet_did_not_watch_together(void **state)
{
    (void)state;
    crowd_of[0].gaps.unasked = UNASKED_NOT_MET;
    judge_them(judge_gaps, CROWD);
    assert_told(0, VERDICT_SKIP, "", "", "rendezvous", "");
    judge_them(judge_gaps, 0);
    assert_int_equal(told_count, 0);
}

/* --- smi.count -----------------------------------------------------------------------------------
 */

static void a_count_that_hardly_rises_passes(void **state)
{
    (void)state;
    struct observation seen = {.smi_count = {true, 7000, 7010, 100000}};
    assert_passes(judge_smi_count, &seen);
    seen.smi_count = (struct obs_smi_count){true, 7000, 7200, 2000000};
    assert_passes(judge_smi_count, &seen);
}

static void a_storm_fails(void **state)
{
    (void)state;
    struct observation seen = {.smi_count = {true, 0x10, 0x1b, 100000}};
    assert_fails(judge_smi_count, &seen, "at most 10 SMIs in 100 ms",
                 "11 SMIs: MSR_SMI_COUNT rose from 0x10 to 0x1b", "an SMI storm");
    seen.smi_count = (struct obs_smi_count){true, 0, 201, 2000000};
    assert_fails(judge_smi_count, &seen, "at most 200 SMIs in 2000 ms",
                 "201 SMIs: MSR_SMI_COUNT rose from 0x0 to 0xc9", "an SMI storm");
}

static void a_cpu_without_a_count_is_a_skip(void **state)
{
    (void)state;
    const struct observation seen = {.smi_count = {false, 0, 100000, 100000}};
    struct words words;
    assert_int_equal(judge_smi_count(&seen, &words), VERDICT_SKIP);
    assert_holds(words.seen, "MSR_SMI_COUNT");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(no_gaps_pass),
        TEST(what_stops_all_at_once_fails),
        TEST(what_stops_all_but_one_passes),
        TEST(a_short_stop_passes),
        TEST(under_a_hypervisor_it_is_told_and_not_judged),
        TEST(cpus_that_did_not_meet_did_not_watch_together),
        TEST(a_count_that_hardly_rises_passes),
        TEST(a_storm_fails),
        TEST(a_cpu_without_a_count_is_a_skip),
    };
    return RUN(tests);
}
