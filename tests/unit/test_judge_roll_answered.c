/* roll.answered and roll.apic-id: one CPU against those who speak of it. */
#include "judged.h"

#include <muster/claim_state.h>
#include <muster/judge_roll_cpu.h>

static struct observation claimed(bool answered, enum claim_state madt, enum claim_state mps)
{
    return (struct observation){.made = true,
                                .claimed = {.asked = true,
                                            .answered = answered,
                                            .has_mps = true,
                                            .has_madt = true,
                                            .mps = (uint8_t)mps,
                                            .madt = (uint8_t)madt}};
}

static void answers_decide_between_sources(void **state)
{
    (void)state;
    struct observation seen = claimed(true, CLAIM_ENABLED, CLAIM_ENABLED);
    assert_passes(judge_roll_answered, &seen);
    seen = claimed(true, CLAIM_DISABLED, CLAIM_ENABLED);
    assert_fails(judge_roll_answered, &seen,
                 "every CPU that answers is enabled by the MADT and by MP Services",
                 "it answered; the MADT calls it disabled; MP Services enables it",
                 "an operating system that reads the MADT never uses it");
    seen = claimed(true, CLAIM_ENABLED, CLAIM_ABSENT);
    assert_fails(judge_roll_answered, &seen,
                 "every CPU that answers is enabled by the MADT and by MP Services",
                 "it answered; the MADT enables it; MP Services does not list it",
                 "firmware that works through MP Services");
    seen = claimed(false, CLAIM_ENABLED, CLAIM_ABSENT);
    assert_fails(judge_roll_answered, &seen, "every CPU that is claimed is there",
                 "it did not answer; the MADT enables it; MP Services does not list it",
                 "a phantom");
    /* Lost, and all agree that it is there: that is up.answer's. */
    seen = claimed(false, CLAIM_ENABLED, CLAIM_ENABLED);
    assert_passes(judge_roll_answered, &seen);
    /* Without MP Services nobody denies it. */
    seen = claimed(false, CLAIM_ENABLED, CLAIM_ABSENT);
    seen.claimed.has_mps = false;
    assert_passes(judge_roll_answered, &seen);
}

static void who_was_not_called_is_skipped(void **state)
{
    (void)state;
    struct words words = {0};
    struct observation seen = claimed(false, CLAIM_ENABLED, CLAIM_ABSENT);
    seen.claimed.asked = false;
    assert_int_equal(judge_roll_answered(&seen, &words), VERDICT_SKIP);
    assert_string_equal(words.seen, "it was not called");
}

static struct observation sound_ids(void)
{
    struct observation seen = {.made = true};
    seen.ids = (struct obs_ids){.leaf1 = {0x23, 0x23},
                                .leaf_b = {0x23, 0x23},
                                .leaf_1f = {0x23, 0x23},
                                .amd = {0x23, 0x23},
                                .leaf_80000026 = {0x23, 0x23},
                                .apic = {0x23, 0x23},
                                .bsp = {0, 0},
                                .has_leaf_b = true,
                                .has_leaf_1f = true,
                                .has_amd = true,
                                .has_leaf_80000026 = true,
                                .x2apic = true,
                                .leaf_b_same = true,
                                .leaf_1f_same = true};
    return seen;
}

static void every_route_tells_one_id(void **state)
{
    (void)state;
    static const struct judged_pair pairs[] = {
        {offsetof(struct observation, ids.leaf1), "APIC ID by leaf 1", "by one ID"},
        {offsetof(struct observation, ids.leaf_b), "APIC ID by leaf 0xb", "by one ID"},
        {offsetof(struct observation, ids.leaf_1f), "APIC ID by leaf 0x1f", "by one ID"},
        {offsetof(struct observation, ids.amd), "APIC ID by leaf 0x8000001e", "by one ID"},
        {offsetof(struct observation, ids.leaf_80000026), "APIC ID by leaf 0x80000026",
         "by one ID"},
        {offsetof(struct observation, ids.apic), "APIC ID by MSR 0x802", "by one ID"},
        {offsetof(struct observation, ids.bsp), "IA32_APIC_BASE.BSP", "the one CPU that booted"},
    };
    struct observation seen = sound_ids();
    assert_passes(judge_roll_apic_id, &seen);
    assert_each_pair_fails(judge_roll_apic_id, &seen, pairs, 7);
    seen.ids.leaf_1f_same = false;
    assert_fails(judge_roll_apic_id, &seen, "leaf 0x1f: one APIC ID in all sub-leaves 0x1",
                 "leaf 0x1f: one APIC ID in all sub-leaves 0x0", "by one ID");
    /* Of an ID that does not fit leaf 1 tells as it likes. */
    seen = sound_ids();
    seen.ids.leaf_b = seen.ids.leaf_1f = seen.ids.amd = seen.ids.apic = (struct pair){0x123, 0x123};
    seen.ids.leaf_80000026 = seen.ids.leaf_b;
    seen.ids.leaf1.seen = 0xff;
    assert_passes(judge_roll_apic_id, &seen);
    /* Leaves that the CPU does not offer hold nothing. */
    seen.ids.has_leaf_1f = seen.ids.has_leaf_b = false;
    seen.ids.has_amd = seen.ids.has_leaf_80000026 = false;
    seen.ids.leaf_b.seen = seen.ids.amd.seen = seen.ids.leaf_80000026.seen = 0;
    assert_passes(judge_roll_apic_id, &seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_decide_between_sources),
        cmocka_unit_test(who_was_not_called_is_skipped),
        cmocka_unit_test(every_route_tells_one_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
