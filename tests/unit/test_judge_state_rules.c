#include "judged.h"

#include <muster/judge_state.h>

static struct state_record record, moments[MOMENT_COUNT];
static struct observation seen;

static const struct state_question question = {
    .slot = STATE_CR4,
    .flip = 0x2000,
    .rules =
        (const struct state_rule[]){
            {STATE_CR4, CAME_RUNNING, 0x20, 0x2000, "VMX was left on"},
            {STATE_CR4, CAME_BY_INIT, 0, ~UINT64_C(0), "INIT did not reset CR4"},
            {STATE_CR8, CAME_BY_INIT, 0, 0xf, "INIT did not reset CR8"},
            {0}},
};

static int fresh(void **state)
{
    (void)state;
    memset(&record, 0, sizeof(record));
    memset(moments, 0, sizeof(moments));
    memset(&seen, 0, sizeof(seen));
    seen.state = (struct obs_state){.record = &record, .moments = moments, .question = &question};
    return 0;
}

static void a_rule_holds_for_those_it_names(void **state)
{
    (void)state;
    state_set(&record, STATE_CR4, 0x668);
    seen.state.bsp = true;
    assert_passes(judge_state_rules, &seen);
    seen.state.bsp = false;
    record.by_mailbox = true;
    assert_passes(judge_state_rules, &seen);
    record.by_mailbox = false;
    assert_fails(judge_state_rules, &seen, "cr4 with bits 0xffffffffffffffff clear after INIT",
                 "cr4 0x668; bits 0x668 are set", "INIT did not reset CR4");
    record.value[STATE_CR4] = 0;
    assert_passes(judge_state_rules, &seen);
}

static void bits_that_are_missing_and_bits_too_many_are_told(void **state)
{
    (void)state;
    state_set(&record, STATE_CR4, 0x2640);
    seen.state.bsp = true;
    assert_fails(judge_state_rules, &seen,
                 "cr4 with bits 0x20 set and bits 0x2000 clear on the BSP",
                 "cr4 0x2640; bits 0x20 are clear; bits 0x2000 are set", "VMX was left on");
}

static void every_rule_counts(void **state)
{
    (void)state;
    state_set(&record, STATE_CR4, 0);
    state_set(&record, STATE_CR8, 2);
    assert_fails(judge_state_rules, &seen, "cr8 with bits 0xf clear after INIT",
                 "cr8 0x2; bits 0x2 are set", "INIT did not reset CR8");
}

static void a_planted_flip_breaks_the_rule(void **state)
{
    (void)state;
    state_set(&record, STATE_CR4, 0);
    seen.state.planted = STATE_CR4;
    seen.state.flip = 0x2000;
    assert_fails(judge_state_rules, &seen, "cr4 with bits 0xffffffffffffffff clear after INIT",
                 "cr4 0x2000; bits 0x2000 are set", "INIT");
}

static void segments_must_lie_in_the_gdt(void **state)
{
    (void)state;
    seen.state.bsp = true;
    state_set(&record, STATE_GDT_LIMIT, 0x2f);
    state_set(&record, STATE_CS, 0x28);
    state_set(&record, STATE_SS, 0);    /* null is fine in 64-bit mode */
    state_set(&record, STATE_DS, 0x7c); /* in the LDT */
    state_set(&record, STATE_TR, 0x20);
    assert_passes(judge_state_segments, &seen);
    record.value[STATE_TR] = 0x28; /* a TSS descriptor has two slots */
    assert_fails(judge_state_segments, &seen, "selectors within the GDT's limit 0x2f on the BSP",
                 "tr 0x28", "raises #GP");
    record.value[STATE_TR] = 0;
    record.value[STATE_CS] = 0x30;
    assert_fails(judge_state_segments, &seen, "selectors within the GDT's limit 0x2f on the BSP",
                 "cs 0x30", "raises #GP");
}

static void after_init_the_gdt_is_not_asked_for(void **state)
{
    (void)state;
    state_set(&record, STATE_CR4, 0);
    state_set(&record, STATE_TR, 0x28);
    assert_passes(judge_state_segments, &seen); /* the question here has no rule for TR */
}

static void moments_set(enum state_slot slot, uint64_t entry, uint64_t before, uint64_t after)
{
    state_set(&moments[MOMENT_ENTRY], slot, entry);
    state_set(&moments[MOMENT_BEFORE], slot, before);
    state_set(&moments[MOMENT_AFTER], slot, after);
}

static void the_door_may_change_what_bites_nobody(void **state)
{
    (void)state;
    assert_passes(judge_state_door, &seen); /* nothing could be asked */
    moments_set(STATE_RFLAGS, 0x246, 0x246, 0x46);
    moments_set(STATE_CR0, 0x80010033, 0x80010033, 0x80000033); /* WP off */
    moments_set(STATE_CR4, 0x800668, 0x800668, 0x668);          /* CET off */
    moments_set(STATE_EFER, 0x500, 0x500, 0xd00);               /* NXE on */
    moments_set(STATE_XCR0, 1, 7, 7);
    moments_set(STATE_PAT, 6, 6, 6);
    assert_passes(judge_state_door, &seen);
}

static void each_change_that_bites_is_told(void **state)
{
    (void)state;
    static const struct {
        enum state_slot slot;
        uint64_t before, after;
        const char *means;
    } changes[] = {
        {STATE_CR0, 0x80000033, 0x80000037, "floating point"},
        {STATE_CR0, 0x80000033, 0xc0000033, "uncached"},
        {STATE_CR0, 0x80000033, 0x80010033, "CR0.WP"},
        {STATE_CR4, 0x668, 0x1668, "paging levels"},
        {STATE_CR4, 0x1668, 0x668, "paging levels"},
        {STATE_CR4, 0x668, 0x100668, "SMEP"},
        {STATE_EFER, 0xd00, 0x500, "NXE"},
        {STATE_XCR0, 7, 3, "AVX"},
        {STATE_APIC_BASE, 0xfee00900, 0xfee00d00, "local APIC"},
        {STATE_PAT, 0x0007040600070406, 0x0007040600070106, "memory types"},
        {STATE_TSC_ADJUST, 0, 0xfffffffffffff000, "TSC"},
        {STATE_DR7, 0x400, 0x401, "breakpoint"},
    };
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        struct words words;
        fresh(state);
        moments_set(changes[i].slot, changes[i].before, changes[i].before, changes[i].after);
        assert_int_equal(judge_state_door(&seen, &words), VERDICT_FAIL);
        assert_holds(words.expected, "through ExitBootServices");
        assert_holds(words.means, changes[i].means);
        moments_set(changes[i].slot, changes[i].before, changes[i].after, changes[i].after);
        assert_int_equal(judge_state_door(&seen, &words), VERDICT_FAIL);
        assert_holds(words.expected, "between entry and ExitBootServices");
        assert_true(strlen(words.seen) < sizeof(words.seen) - 1);
        assert_true(strlen(words.means) < sizeof(words.means) - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_rule_holds_for_those_it_names, fresh),
        cmocka_unit_test_setup(bits_that_are_missing_and_bits_too_many_are_told, fresh),
        cmocka_unit_test_setup(every_rule_counts, fresh),
        cmocka_unit_test_setup(a_planted_flip_breaks_the_rule, fresh),
        cmocka_unit_test_setup(segments_must_lie_in_the_gdt, fresh),
        cmocka_unit_test_setup(after_init_the_gdt_is_not_asked_for, fresh),
        cmocka_unit_test_setup(the_door_may_change_what_bites_nobody, fresh),
        cmocka_unit_test_setup(each_change_that_bites_is_told, fresh),
    };
    return RUN(tests);
}
