#include "crowds.h"

#include <muster/judge_state.h>

enum { CPUS = 6 };

static struct state_record records[CPUS];
static struct observation seen[CPUS];

static const struct state_question question = {
    .slot = STATE_MICROCODE,
    .apart = 0xf000,
    .none = "no CPU tells",
    .means = "errata differ",
};

static int fresh(void **state)
{
    (void)state;
    memset(records, 0, sizeof(records));
    for (uint32_t n = 0; n < CPUS; n++) {
        state_set(&records[n], STATE_CORE_TYPE, 0);
        state_set(&records[n], STATE_MICROCODE, 0x571);
        seen[n].state = (struct obs_state){.record = &records[n], .question = &question};
    }
    return 0;
}

static void equal_values_pass(void **state)
{
    (void)state;
    records[3].value[STATE_MICROCODE] |= 0x5000; /* bits that may differ */
    assert_int_equal(keeper_judge(judge_state_same, seen, CPUS).count, 0);
    assert_int_equal(keeper_judge(judge_state_same, seen, 1).count, 0);
}

static void each_odd_group_is_told_once(void **state)
{
    (void)state;
    records[0].value[STATE_MICROCODE] = 0x541;
    records[4].value[STATE_MICROCODE] = 0x541;
    records[2].presence[STATE_MICROCODE] = STATE_ABSENT;
    struct keeper keeper = keeper_judge(judge_state_same, seen, CPUS);
    assert_int_equal(keeper.count, 2);
    assert_told(&keeper.told[0], VERDICT_FAIL, "0,4");
    assert_string_equal(keeper.told[0].words.expected, "microcode 0x571, as on 3 of 6 CPUs");
    assert_string_equal(keeper.told[0].words.seen, "microcode 0x541; bits 0x30 differ");
    assert_string_equal(keeper.told[0].words.means, "errata differ");
    assert_told(&keeper.told[1], VERDICT_FAIL, "2");
    assert_string_equal(keeper.told[1].words.seen, "microcode not implemented");
}

static void of_equal_groups_the_lowest_cpu_is_right(void **state)
{
    (void)state;
    records[1].value[STATE_MICROCODE] = 0x541;
    struct keeper keeper = keeper_judge(judge_state_same, seen, 2);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "1");
}

static void a_planted_flip_is_seen(void **state)
{
    (void)state;
    seen[2].state.planted = STATE_MICROCODE;
    seen[2].state.flip = 0x30;
    struct keeper keeper = keeper_judge(judge_state_same, seen, CPUS);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "2");
}

static void only_cores_of_one_type_are_compared(void **state)
{
    (void)state;
    for (uint32_t n = 3; n < CPUS; n++) {
        records[n].value[STATE_CORE_TYPE] = 0x20;
        records[n].value[STATE_MICROCODE] = 0x17;
    }
    assert_int_equal(keeper_judge(judge_state_same, seen, CPUS).count, 0);
    records[5].value[STATE_MICROCODE] = 0x16;
    struct keeper keeper = keeper_judge(judge_state_same, seen, CPUS);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "5");
    assert_string_equal(keeper.told[0].words.expected,
                        "microcode 0x17, as on 2 of 3 CPUs of core type 0x20");
}

static void what_nobody_has_is_skipped(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CPUS; n++) {
        records[n].presence[STATE_MICROCODE] = STATE_ABSENT;
    }
    struct keeper keeper = keeper_judge(judge_state_same, seen, CPUS);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_SKIP, "0-5");
    assert_string_equal(keeper.told[0].words.seen, "no CPU tells");
}

static void the_table_is_whole(void **state)
{
    (void)state;
    uint32_t slot = 0;
    for (uint32_t n = 0; n < state_row_count(); n++) {
        const struct state_row *row = state_row(n);
        assert_int_equal(row->slot, slot);
        for (uint32_t k = 0; k < row->count; k++) {
            assert_ptr_equal(state_row_of(slot + k), row);
        }
        assert_int_equal(row->msr != 0, row->offer != OFFER_NO_MSR);
        for (uint32_t before = 0; before < n; before++) {
            assert_string_not_equal(state_row(before)->name, row->name);
        }
        slot += row->count;
    }
    assert_int_equal(slot, STATE_SLOTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(equal_values_pass, fresh),
        cmocka_unit_test_setup(each_odd_group_is_told_once, fresh),
        cmocka_unit_test_setup(of_equal_groups_the_lowest_cpu_is_right, fresh),
        cmocka_unit_test_setup(a_planted_flip_is_seen, fresh),
        cmocka_unit_test_setup(only_cores_of_one_type_are_compared, fresh),
        cmocka_unit_test_setup(what_nobody_has_is_skipped, fresh),
        cmocka_unit_test(the_table_is_whole),
    };
    return RUN(tests);
}
