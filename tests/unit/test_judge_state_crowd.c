/* The judges of state.* that compare CPUs by more than one value. */
#include "crowds.h"

#include <muster/judge_state.h>

enum { CPUS = 4 };

static struct state_record records[CPUS];
static struct cpuid_record cpuids[CPUS];
static struct observation seen[CPUS];

static const struct state_question question = {
    .slot = STATE_FEATURE_CONTROL,
    .none = "no CPU has the MSR",
    .means = "a hypervisor starts on some CPUs only",
};

static void cpuid_set(uint32_t cpu, uint32_t leaf, uint32_t subleaf, enum cpuid_register which,
                      uint32_t value)
{
    struct cpuid_record *record = &cpuids[cpu];
    for (uint32_t n = 0; n < record->count; n++) {
        if (record->rows[n].leaf == leaf && record->rows[n].subleaf == subleaf) {
            record->rows[n].value[which] = value;
            return;
        }
    }
    record->rows[record->count] = (struct cpuid_row){leaf, subleaf, {0}};
    record->rows[record->count++].value[which] = value;
}

static int fresh(void **state)
{
    (void)state;
    memset(records, 0, sizeof(records));
    memset(cpuids, 0, sizeof(cpuids));
    for (uint32_t n = 0; n < CPUS; n++) {
        state_set(&records[n], STATE_CORE_TYPE, 0);
        state_set(&records[n], STATE_APIC_BASE, n ? 0xfee00800 : 0xfee00900);
        state_set(&records[n], STATE_FEATURE_CONTROL, 5);
        cpuid_set(n, 1, 0, CPUID_EBX, n << 24 | 0x800);
        cpuid_set(n, 1, 0, CPUID_ECX, 0x7ffafbbf);
        cpuid_set(n, 7, 0, CPUID_EBX, 0x29);
        cpuid_set(n, 0xd, 0, CPUID_EAX, 7);
        seen[n].state = (struct obs_state){.record = &records[n],
                                           .cpuid = &cpuids[n],
                                           .question = &question,
                                           .bsp = n == 0,
                                           .planted = STATE_SLOTS};
    }
    return 0;
}

static struct keeper judged(judge_of_crowd *judge_it, uint32_t told)
{
    struct keeper keeper = keeper_judge(judge_it, seen, CPUS);
    assert_int_equal(keeper.count, told);
    return keeper;
}

static void a_locked_feature_control_passes(void **state)
{
    (void)state;
    judged(judge_state_feature_control, 0);
}

static void one_that_differs_is_told(void **state)
{
    (void)state;
    records[2].value[STATE_FEATURE_CONTROL] = 1;
    struct keeper keeper = judged(judge_state_feature_control, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "2");
    assert_string_equal(keeper.told[0].words.seen, "feature-control 0x1; bits 0x4 differ");
}

static void unlocked_is_a_failure_where_vmx_is_there(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CPUS; n++) {
        records[n].value[STATE_FEATURE_CONTROL] = 4;
    }
    struct keeper keeper = judged(judge_state_feature_control, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "0-3");
    for (uint32_t n = 0; n < CPUS; n++) {
        cpuid_set(n, 1, 0, CPUID_ECX, 1u << 5 | 1u << 31); /* under a hypervisor */
    }
    judged(judge_state_feature_control, 0);
    for (uint32_t n = 0; n < CPUS; n++) {
        cpuid_set(n, 1, 0, CPUID_ECX, 0); /* nothing to lock */
    }
    judged(judge_state_feature_control, 0);
}

static void no_feature_control_is_a_skip(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CPUS; n++) {
        records[n].presence[STATE_FEATURE_CONTROL] = STATE_ABSENT;
    }
    struct keeper keeper = judged(judge_state_feature_control, 1);
    assert_told(&keeper.told[0], VERDICT_SKIP, "0-3");
}

static void one_apic_mode_passes(void **state)
{
    (void)state;
    judged(judge_state_apic_mode, 0);
    for (uint32_t n = 0; n < CPUS; n++) {
        records[n].value[STATE_APIC_BASE] |= 0x400;
    }
    judged(judge_state_apic_mode, 0);
}

static void another_apic_mode_is_told(void **state)
{
    (void)state;
    records[0].value[STATE_APIC_BASE] |= 0x400;
    struct keeper keeper = judged(judge_state_apic_mode, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "0");
    assert_string_equal(keeper.told[0].words.expected,
                        "xAPIC mode, apic-base 0xfee00800, as on 3 of 4 CPUs");
    assert_string_equal(keeper.told[0].words.seen, "x2APIC mode, apic-base 0xfee00d00");
    fresh(state);
    records[3].value[STATE_APIC_BASE] = 0xfee00000;
    keeper = judged(judge_state_apic_mode, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "3");
    assert_string_equal(keeper.told[0].words.seen, "disabled, apic-base 0xfee00000");
}

static void another_apic_lock_is_told(void **state)
{
    (void)state;
    state_set(&records[1], STATE_XAPIC_DISABLE, 0); /* there and open is as good as not there */
    judged(judge_state_apic_mode, 0);
    records[1].value[STATE_XAPIC_DISABLE] = 1;
    struct keeper keeper = judged(judge_state_apic_mode, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "1");
    assert_string_equal(keeper.told[0].words.seen, "xAPIC mode, apic-base 0xfee00800, mode locked");
}

static void the_bsp_bit_is_on_the_bsp_alone(void **state)
{
    (void)state;
    records[2].value[STATE_APIC_BASE] |= 0x100;
    struct keeper keeper = judged(judge_state_apic_mode, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "2");
    fresh(state);
    records[0].value[STATE_APIC_BASE] &= ~UINT64_C(0x100);
    keeper = judged(judge_state_apic_mode, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "0");
}

static void cpuid_may_differ_in_ids(void **state)
{
    (void)state;
    cpuid_set(2, 1, 0, CPUID_ECX, 0x7ffafbbf ^ 1u << 27); /* OSXSAVE */
    judged(judge_state_cpuid, 0);
}

static void a_missing_feature_is_told_by_leaf_and_bit(void **state)
{
    (void)state;
    cpuid_set(3, 1, 0, CPUID_ECX, 0x6ffafbbf);
    cpuid_set(3, 7, 0, CPUID_EBX, 0x409);
    cpuid_set(3, 0xd, 0, CPUID_EAX, 3);
    cpuid_set(3, 0xd, 2, CPUID_EAX, 0x100);
    struct keeper keeper = judged(judge_state_cpuid, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "3");
    assert_string_equal(keeper.told[0].words.expected, "CPUID as on 3 of 4 CPUs");
    assert_string_equal(keeper.told[0].words.seen,
                        "leaf 0x1 ECX lacks 0x10000000; leaf 0x7 EBX lacks 0x20, has 0x400 more; "
                        "leaf 0xd EAX lacks 0x4; leaf 0xd.2 EAX has 0x100 more");
}

static void more_differences_are_counted(void **state)
{
    (void)state;
    for (uint32_t leaf = 0x80000001; leaf < 0x80000008; leaf++) {
        cpuid_set(1, leaf, 0, CPUID_EAX, 1);
    }
    struct keeper keeper = judged(judge_state_cpuid, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "1");
    assert_non_null(strstr(keeper.told[0].words.seen, "; +3 more"));
}

static void cores_of_another_type_are_compared_with_their_own(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CPUS; n++) {
        cpuid_set(n, 7, 0, CPUID_EDX, 1u << 15);
        if (n >= 2) {
            records[n].value[STATE_CORE_TYPE] = 0x20;
            cpuid_set(n, 7, 0, CPUID_EBX, 0x9);
        }
        cpuid_set(n, 0xd, 1, CPUID_EAX, 0xf);
    }
    judged(judge_state_cpuid, 0);
    cpuid_set(3, 7, 0, CPUID_EBX, 0x8);
    struct keeper keeper = judged(judge_state_cpuid, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "3");
    assert_string_equal(keeper.told[0].words.expected, "CPUID as on 1 of 2 CPUs of core type 0x20");
}

static void a_planted_difference_is_seen(void **state)
{
    (void)state;
    seen[2].state.flip = 1;
    struct keeper keeper = judged(judge_state_cpuid, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "2");
    assert_string_equal(keeper.told[0].words.seen, "leaf 0x1 ECX lacks 0x1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_locked_feature_control_passes, fresh),
        cmocka_unit_test_setup(one_that_differs_is_told, fresh),
        cmocka_unit_test_setup(unlocked_is_a_failure_where_vmx_is_there, fresh),
        cmocka_unit_test_setup(no_feature_control_is_a_skip, fresh),
        cmocka_unit_test_setup(one_apic_mode_passes, fresh),
        cmocka_unit_test_setup(another_apic_mode_is_told, fresh),
        cmocka_unit_test_setup(another_apic_lock_is_told, fresh),
        cmocka_unit_test_setup(the_bsp_bit_is_on_the_bsp_alone, fresh),
        cmocka_unit_test_setup(cpuid_may_differ_in_ids, fresh),
        cmocka_unit_test_setup(a_missing_feature_is_told_by_leaf_and_bit, fresh),
        cmocka_unit_test_setup(more_differences_are_counted, fresh),
        cmocka_unit_test_setup(cores_of_another_type_are_compared_with_their_own, fresh),
        cmocka_unit_test_setup(a_planted_difference_is_seen, fresh),
    };
    return RUN(tests);
}
