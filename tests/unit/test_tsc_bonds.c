#include "unit.h"

#include <muster/tsc_bonds.h>

enum { CPUS = 6 };

/* As far apart as the records of CPUs are. */
struct block {
    struct obs_offset offset;
    char other[40];
};

static struct block blocks[CPUS];
static const struct tsc_bonds bonds = {blocks, sizeof(blocks[0])};

static int set_up(void **state)
{
    (void)state;
    memset(blocks, 0x5a, sizeof(blocks));
    for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
        tsc_bond_clear(&blocks[cpu].offset, cpu);
    }
    return 0;
}

static void who_met_nobody_stands_alone(void **state)
{
    (void)state;
    for (uint32_t cpu = 0; cpu < CPUS; cpu++) {
        assert_int_equal(tsc_bond_root(&bonds, cpu), cpu);
        assert_int_equal(blocks[cpu].offset.pairs, 0);
    }
}

static void pairs_that_may_be_the_same_make_groups(void **state)
{
    (void)state;
    tsc_bond(&bonds, 4, 5, -10, 20);
    tsc_bond(&bonds, 2, 3, 0, 8);
    tsc_bond(&bonds, 3, 5, -8, 0);
    for (uint32_t cpu = 2; cpu < CPUS; cpu++) {
        assert_int_equal(tsc_bond_root(&bonds, cpu), 2);
    }
    assert_int_equal(tsc_bond_root(&bonds, 1), 1);
    tsc_bond(&bonds, 5, 0, -1, 1);
    assert_int_equal(tsc_bond_root(&bonds, 3), 0);
    assert_int_equal(blocks[5].offset.pairs, 3);
    assert_int_equal(blocks[5].offset.apart, 0);
    assert_int_equal(blocks[5].offset.wide, 15);
    assert_int_equal(blocks[5].offset.wide_with, 4);
}

static void the_pair_that_tells_most_is_kept(void **state)
{
    (void)state;
    tsc_bond(&bonds, 0, 2, 100, 140);
    tsc_bond(&bonds, 1, 2, 90, 150);
    tsc_bond(&bonds, 3, 2, 110, 130);
    const struct obs_offset *two = &blocks[2].offset, *one = &blocks[1].offset;
    assert_int_equal(two->apart, 3);
    assert_int_equal(two->apart_from, 3);
    assert_int_equal(two->apart_low, 110);
    assert_int_equal(two->apart_high, 130);
    /* The other side of a pair says the opposite. */
    assert_int_equal(one->apart, 1);
    assert_int_equal(one->apart_low, -150);
    assert_int_equal(one->apart_high, -90);
    assert_int_equal(tsc_bond_root(&bonds, 2), 2);
}

static void a_bound_that_nobody_knows_stays_so(void **state)
{
    (void)state;
    tsc_bond(&bonds, 0, 1, INT64_MIN, INT64_MAX);
    assert_int_equal(tsc_bond_root(&bonds, 1), 0);
    assert_int_equal(blocks[0].offset.wide, 0);
    tsc_bond(&bonds, 2, 3, 50, INT64_MAX);
    assert_int_equal(blocks[3].offset.apart_low, 50);
    assert_true(blocks[3].offset.apart_high == INT64_MAX);
    assert_true(blocks[2].offset.apart_low == INT64_MIN);
    assert_int_equal(blocks[2].offset.apart_high, -50);
    tsc_bond(&bonds, 4, 5, INT64_MIN, -7);
    assert_int_equal(blocks[4].offset.apart_low, 7);
}

static void the_extremes_of_a_tsc_overflow_nothing(void **state)
{
    (void)state;
    tsc_bond(&bonds, 0, 1, INT64_MIN + 1, INT64_MAX - 1);
    assert_int_equal(blocks[0].offset.apart, 0);
    tsc_bond(&bonds, 2, 3, INT64_MAX - 1, INT64_MAX - 1);
    tsc_bond(&bonds, 4, 5, INT64_MIN + 1, INT64_MIN + 1);
    assert_int_equal(blocks[3].offset.apart + blocks[5].offset.apart, 2);
}

static void a_pair_given_up_is_counted_only(void **state)
{
    (void)state;
    tsc_bond_late(&bonds, 1, 4);
    assert_int_equal(blocks[1].offset.late, 1);
    assert_int_equal(blocks[4].offset.late, 1);
    assert_int_equal(blocks[4].offset.pairs, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(who_met_nobody_stands_alone),
        TEST(pairs_that_may_be_the_same_make_groups),
        TEST(the_pair_that_tells_most_is_kept),
        TEST(a_bound_that_nobody_knows_stays_so),
        TEST(the_extremes_of_a_tsc_overflow_nothing),
        TEST(a_pair_given_up_is_counted_only),
    };
    return RUN(tests);
}
