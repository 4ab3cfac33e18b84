#include "crowds.h"

#include <muster/judge_msr.h>

enum { CPUS = 5 };

static struct observation seen[CPUS];

static const struct msr_set set = {
    .count = 2,
    .rows = {{STATE_SMRR, 0}, {STATE_SMRR_LAST, 0}},
    .none = "nobody has them",
    .means = "SMRAM is open",
};

static int fresh(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CPUS; n++) {
        seen[n].msr_set =
            (struct obs_msr_set){.set = &set, .present = 3, .value = {0x7b000006, 0xff800800}};
    }
    return 0;
}

static void equal_values_pass(void **state)
{
    (void)state;
    assert_int_equal(keeper_judge(judge_msr_same, seen, CPUS).count, 0);
    assert_int_equal(keeper_judge(judge_msr_same, seen, 0).count, 0);
}

static void either_value_counts(void **state)
{
    (void)state;
    seen[1].msr_set.value[0] = 0x7a000006;
    seen[3].msr_set.value[1] = 0;
    struct keeper keeper = keeper_judge(judge_msr_same, seen, CPUS);
    assert_int_equal(keeper.count, 2);
    assert_told(&keeper.told[0], VERDICT_FAIL, "1");
    assert_string_equal(keeper.told[0].words.expected,
                        "smrr0 0x7b000006, smrr1 0xff800800, as on 3 of 5 CPUs");
    assert_string_equal(keeper.told[0].words.seen, "smrr0 0x7a000006, smrr1 0xff800800");
    assert_string_equal(keeper.told[0].words.means, "SMRAM is open");
    assert_told(&keeper.told[1], VERDICT_FAIL, "3");
    assert_string_equal(keeper.told[1].words.seen, "smrr0 0x7b000006, smrr1 0x0");
}

static void being_there_counts(void **state)
{
    (void)state;
    seen[4].msr_set = (struct obs_msr_set){.set = &set, .present = 1, .value = {0x7b000006}};
    struct keeper keeper = keeper_judge(judge_msr_same, seen, CPUS);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "4");
    assert_string_equal(keeper.told[0].words.seen, "smrr0 0x7b000006, smrr1 not there");
}

static void other_core_types_are_not_compared(void **state)
{
    (void)state;
    seen[3].msr_set.kind = seen[4].msr_set.kind = 0x20;
    seen[3].msr_set.value[0] = seen[4].msr_set.value[0] = 1;
    assert_int_equal(keeper_judge(judge_msr_same, seen, CPUS).count, 0);
}

static void what_nobody_has_is_not_asked(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CPUS; n++) {
        seen[n].msr_set.present = 0;
    }
    struct keeper keeper = keeper_judge(judge_msr_same, seen, CPUS);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_SKIP, "0-4");
    assert_string_equal(keeper.told[0].words.seen, "nobody has them");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(equal_values_pass, fresh),
        cmocka_unit_test_setup(either_value_counts, fresh),
        cmocka_unit_test_setup(being_there_counts, fresh),
        cmocka_unit_test_setup(other_core_types_are_not_compared, fresh),
        cmocka_unit_test_setup(what_nobody_has_is_not_asked, fresh),
    };
    return RUN(tests);
}
