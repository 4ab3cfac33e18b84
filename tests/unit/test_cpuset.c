#include "unit.h"

#include <muster/cpuset.h>

static struct cpuset set_of(const char *words)
{
    struct cpuset set;
    assert_int_equal(cpuset_parse(words, &set), -1);
    return set;
}

static void assert_prints(const struct cpuset *set, const char *wanted)
{
    char buffer[256];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    cpuset_print(&text, set);
    assert_string_equal(buffer, wanted);
}

static void adds_and_removes(void **state)
{
    (void)state;
    struct cpuset set;
    cpuset_clear(&set);
    assert_true(cpuset_empty(&set));
    const uint32_t cpus[] = {0, 63, 64, 127, 128, CPU_MAX - 1};
    for (size_t i = 0; i < sizeof(cpus) / sizeof(cpus[0]); i++) {
        assert_false(cpuset_has(&set, cpus[i]));
        cpuset_add(&set, cpus[i]);
        assert_true(cpuset_has(&set, cpus[i]));
        assert_int_equal(cpuset_count(&set), i + 1);
    }
    cpuset_remove(&set, 64);
    assert_false(cpuset_has(&set, 64));
    assert_true(cpuset_has(&set, 63));
    assert_int_equal(cpuset_count(&set), 5);
}

static void knows_no_cpu_beyond_the_last(void **state)
{
    (void)state;
    struct cpuset set;
    cpuset_clear(&set);
    cpuset_add(&set, CPU_MAX);
    cpuset_add(&set, CPU_NONE);
    assert_true(cpuset_empty(&set));
    cpuset_fill(&set, CPU_NONE);
    assert_int_equal(cpuset_count(&set), CPU_MAX);
    cpuset_remove(&set, CPU_MAX);
    assert_int_equal(cpuset_count(&set), CPU_MAX);
    assert_false(cpuset_has(&set, CPU_MAX));
    assert_int_equal(cpuset_next(&set, CPU_MAX), CPU_NONE);
    assert_int_equal(cpuset_next(&set, CPU_NONE), CPU_NONE);
}

static void fills_from_zero(void **state)
{
    (void)state;
    struct cpuset set;
    cpuset_fill(&set, 0);
    assert_true(cpuset_empty(&set));
    cpuset_fill(&set, 65);
    assert_prints(&set, "0-64");
    cpuset_fill(&set, 3);
    assert_prints(&set, "0-2");
}

static void walks_its_members(void **state)
{
    (void)state;
    const struct cpuset set = set_of("1,63-65,4095");
    const uint32_t wanted[] = {1, 63, 64, 65, 4095};
    size_t count = 0;
    cpuset_for_each(cpu, &set)
    {
        assert_int_equal(cpu, wanted[count]);
        count++;
    }
    assert_int_equal(count, 5);
    assert_int_equal(cpuset_next(&set, 2), 63);
    assert_int_equal(cpuset_next(&set, 66), 4095);
}

static void reckons_with_sets(void **state)
{
    (void)state;
    const struct cpuset low = set_of("0-70");
    const struct cpuset high = set_of("60-4095");
    struct cpuset set = low;
    cpuset_unite(&set, &high);
    assert_int_equal(cpuset_count(&set), CPU_MAX);
    set = low;
    cpuset_intersect(&set, &high);
    assert_prints(&set, "60-70");
    set = low;
    cpuset_subtract(&set, &high);
    assert_prints(&set, "0-59");
    assert_true(cpuset_equal(&low, &low));
    assert_false(cpuset_equal(&low, &set));
    set = set_of("4095");
    struct cpuset none;
    cpuset_clear(&none);
    assert_false(cpuset_equal(&set, &none));
}

static void rank_and_member_are_inverse(void **state)
{
    (void)state;
    const struct cpuset set = set_of("1,63-65,4095");
    const uint32_t members[] = {1, 63, 64, 65, 4095};
    for (uint32_t rank = 0; rank < 5; rank++) {
        assert_int_equal(cpuset_nth(&set, rank), members[rank]);
        assert_int_equal(cpuset_rank(&set, members[rank]), rank);
    }
    assert_int_equal(cpuset_nth(&set, 5), CPU_NONE);
    assert_int_equal(cpuset_rank(&set, 0), 0);
    assert_int_equal(cpuset_rank(&set, 70), 4);
    assert_int_equal(cpuset_rank(&set, CPU_NONE), 5);
}

static void reads_what_it_prints(void **state)
{
    (void)state;
    const char *const sets[] = {"0", "4095", "0-4095", "0-3,8,12-15", "62,64", "63-64"};
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        const struct cpuset set = set_of(sets[i]);
        assert_prints(&set, sets[i]);
    }
    struct cpuset set = set_of("3,1,2,2,0-1");
    assert_prints(&set, "0-3");
    set = set_of("7-7");
    assert_prints(&set, "7");
    cpuset_clear(&set);
    assert_prints(&set, "");
}

static void points_at_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long wrong;
    } cases[] = {
        {"", 0},       {"x", 0},      {"-1", 0},    {"0x3", 1},
        {"1,", 2},     {",1", 0},     {"1,,2", 2},  {"1-", 2},
        {"1-,2", 2},   {"3-1", 2},    {"1 2", 1},   {"4096", 0},
        {"1,4096", 2}, {"0-4096", 2}, {"1-2-3", 3}, {"99999999999999999999", 0},
        {"0-3,8 ", 5},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cpuset set = set_of("5");
        assert_int_equal(cpuset_parse(cases[i].text, &set), cases[i].wrong);
        assert_prints(&set, "5");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_and_removes),        cmocka_unit_test(knows_no_cpu_beyond_the_last),
        cmocka_unit_test(fills_from_zero),         cmocka_unit_test(walks_its_members),
        cmocka_unit_test(reckons_with_sets),       cmocka_unit_test(reads_what_it_prints),
        cmocka_unit_test(points_at_what_is_wrong), cmocka_unit_test(rank_and_member_are_inverse),
    };
    return RUN(tests);
}
