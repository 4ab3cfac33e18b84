#include "judged.h"

#include <muster/stage.h>

/* CPU with APIC ID 0x106, up at the first call. */
static struct observation sound_arrival(void)
{
    return (struct observation){
        .made = true,
        .arrival = {.called = true,
                    .stage = STAGE_ONLINE,
                    .entries = 1,
                    .slots_claimed = 1,
                    .leaf1 = {0x06, 0x06},
                    .leaf_b = {0x106, 0x106},
                    .apic = {0x106, 0x106},
                    .has_leaf_b = true,
                    .has_apic = true},
    };
}

static void a_sound_arrival_passes(void **state)
{
    (void)state;
    const struct observation sound = sound_arrival();
    assert_passes(judge_up_answer, &sound);
    assert_passes(judge_up_once, &sound);
    assert_passes(judge_up_apic_id, &sound);
}

static void the_lost_are_told_with_their_stage(void **state)
{
    (void)state;
    for (uint32_t stage = 0; stage < STAGE_COUNT; stage++) {
        struct observation seen = sound_arrival();
        char told[128];
        seen.arrival.lost = true;
        seen.arrival.stage = stage;
        seen.arrival.waited_us = 2000123;
        seen.arrival.retries = 2;
        snprintf(told, sizeof(told), "stage %s after 2000123 us, 2 retries", stage_id(stage));
        assert_fails(judge_up_answer, &seen, "stage online, and work done when called", told,
                     stage_sentence(stage));
    }
}

static void one_retry_is_one(void **state)
{
    (void)state;
    struct observation seen = sound_arrival();
    seen.arrival.lost = true;
    seen.arrival.stage = STAGE_GDT;
    seen.arrival.retries = 1;
    assert_fails(judge_up_answer, &seen, "stage online, and work done when called",
                 "stage gdt after 0 us, 1 retry", "stage gdt: loaded its GDT");
}

static void a_refusal_says_why(void **state)
{
    (void)state;
    const char *const expected = "stage online, and work done when called";
    struct observation seen = sound_arrival();
    seen.arrival.lost = true;
    seen.arrival.stage = STAGE_PROTECTED_MODE;
    seen.arrival.refusal = REFUSAL_NO_NX;
    assert_fails(judge_up_answer, &seen, expected, "stage protected-mode after 0 us, 0 retries",
                 "turning paging on; it does not offer NX");
    seen.arrival.refusal = REFUSAL_NO_LA57;
    assert_fails(judge_up_answer, &seen, expected, "stage protected-mode after 0 us, 0 retries",
                 "; it cannot use as many paging levels as the BSP");
    seen.arrival.stage = STAGE_INIT_SENT;
    seen.arrival.refusal = REFUSAL_ICR_BUSY;
    assert_fails(judge_up_answer, &seen, expected, "stage init-sent after 0 us, 0 retries",
                 "; the BSP's APIC stayed busy");
}

static void both_attempts_are_told(void **state)
{
    (void)state;
    struct observation seen = sound_arrival();
    seen.arrival.lost = true;
    seen.arrival.first_stage = STAGE_GDT;
    seen.arrival.stage = STAGE_SIPI_SENT;
    seen.arrival.retries = 1;
    assert_fails(judge_up_answer, &seen, "stage online, and work done when called",
                 "first stage gdt, then stage sipi-sent after 0 us, 1 retry", "stage sipi-sent: ");
}

static void slots_have_one_owner(void **state)
{
    (void)state;
    struct observation seen = sound_arrival();
    seen.arrival.slots_claimed = 2;
    assert_fails(judge_up_once, &seen, "CPUs that claimed this slot 0x1",
                 "CPUs that claimed this slot 0x2", "two CPUs run with the same APIC ID");
    seen.arrival.slots_claimed = 0;
    assert_fails(judge_up_once, &seen, "CPUs that claimed this slot 0x1",
                 "CPUs that claimed this slot 0x0", "two CPUs run with the same APIC ID");
}

static void starts_are_counted_against_calls(void **state)
{
    (void)state;
    struct observation seen = sound_arrival();
    seen.arrival.entries = 2;
    assert_fails(judge_up_once, &seen, "entries into the trampoline 0x1",
                 "entries into the trampoline 0x2", "started more often than it was called");
    seen.arrival.retries = 1;
    assert_passes(judge_up_once, &seen);
    seen.arrival.entries = 1; /* it missed the first call */
    assert_passes(judge_up_once, &seen);
    seen.arrival.entries = 3;
    assert_fails(judge_up_once, &seen, "entries into the trampoline 0x2",
                 "entries into the trampoline 0x3", "started more often than it was called");
}

/* The BSP, and CPUs that --cpus left asleep. */
static void who_was_not_called_has_no_start_to_count(void **state)
{
    (void)state;
    struct observation seen = sound_arrival();
    seen.arrival.called = false;
    seen.arrival.entries = seen.arrival.slots_claimed = 0;
    assert_passes(judge_up_once, &seen);
}

static void strangers_are_told_with_their_id(void **state)
{
    (void)state;
    struct observation seen = sound_arrival();
    seen.arrival.called = false;
    seen.arrival.strangers = 3;
    seen.arrival.stranger_id = 0x2a;
    assert_fails(judge_up_once, &seen, "only CPUs that firmware claimed",
                 "3 arrivals of CPUs nobody claimed, first with APIC ID 0x2a",
                 "whose APIC ID is in no table");
}

/* At its tenth call, as at the first. */
static struct observation sound_recall(void)
{
    return (struct observation){
        .made = true,
        .again = {.wanted = 10, .call = 10, .stage = STAGE_ONLINE, .claimed = {1, 1}},
    };
}

static void who_comes_again_passes(void **state)
{
    (void)state;
    struct observation seen = sound_recall();
    assert_passes(judge_up_again, &seen);
    seen.again.retries = 2; /* a SIPI that came late is told, not judged */
    assert_passes(judge_up_again, &seen);
}

static void who_does_not_come_again_fails_at_its_stage(void **state)
{
    (void)state;
    struct observation seen = sound_recall();
    seen.again.lost = true;
    seen.again.call = 7;
    seen.again.stage = STAGE_SIPI_SENT;
    seen.again.waited_us = 6000123;
    assert_fails(judge_up_again, &seen, "stage online at each of 10 calls",
                 "call 7: stage sipi-sent after 6000123 us, 1 retry",
                 "may not start it a second time");
    seen.again.first_stage = STAGE_REAL_MODE;
    seen.again.refusal = REFUSAL_ICR_BUSY;
    assert_fails(judge_up_again, &seen, "stage online at each of 10 calls",
                 "call 7: first stage real-mode, then stage sipi-sent after 6000123 us, 1 retry",
                 "the BSP's APIC stayed busy");
}

static void who_starts_twice_at_one_call_fails(void **state)
{
    (void)state;
    struct observation seen = sound_recall();
    seen.again.claimed.seen = 2;
    assert_fails(judge_up_again, &seen, "times its slot was claimed at one call 0x1",
                 "times its slot was claimed at one call 0x2", "it started twice");
}

static void who_cannot_be_called_again_is_skipped(void **state)
{
    (void)state;
    struct observation seen = sound_recall();
    struct words words = {0};
    seen.again.unasked = UNASKED_MAILBOX;
    assert_int_equal(judge_up_again(&seen, &words), VERDICT_SKIP);
    assert_non_null(strstr(words.seen, "mailbox takes each CPU once"));
}

static void each_route_to_the_id_is_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_arrival();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, arrival.leaf_b), "APIC ID by CPUID leaf 0xB",
         "another APIC ID than firmware's tables"},
        {offsetof(struct observation, arrival.leaf1), "APIC ID by CPUID leaf 1",
         "not the low 8 bits"},
        {offsetof(struct observation, arrival.apic), "APIC ID by the APIC's register",
         "IPIs to this CPU go elsewhere"},
    };
    assert_each_pair_fails(judge_up_apic_id, &sound, pairs, sizeof(pairs) / sizeof(pairs[0]));
}

static void a_route_that_is_not_there_says_nothing(void **state)
{
    (void)state;
    struct observation seen = sound_arrival();
    seen.arrival.has_leaf_b = seen.arrival.has_apic = false;
    seen.arrival.leaf_b.seen = seen.arrival.apic.seen = 0;
    assert_passes(judge_up_apic_id, &seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_arrival_passes),
        cmocka_unit_test(the_lost_are_told_with_their_stage),
        cmocka_unit_test(one_retry_is_one),
        cmocka_unit_test(a_refusal_says_why),
        cmocka_unit_test(both_attempts_are_told),
        cmocka_unit_test(slots_have_one_owner),
        cmocka_unit_test(starts_are_counted_against_calls),
        cmocka_unit_test(who_was_not_called_has_no_start_to_count),
        cmocka_unit_test(strangers_are_told_with_their_id),
        cmocka_unit_test(who_comes_again_passes),
        cmocka_unit_test(who_does_not_come_again_fails_at_its_stage),
        cmocka_unit_test(who_starts_twice_at_one_call_fails),
        cmocka_unit_test(who_cannot_be_called_again_is_skipped),
        cmocka_unit_test(each_route_to_the_id_is_judged),
        cmocka_unit_test(a_route_that_is_not_there_says_nothing),
    };
    return RUN(tests);
}
