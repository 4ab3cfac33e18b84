#include "judged.h"
#include "sound_probe.h"

static struct observation sound_debug(void)
{
    struct observation seen = sound_probe();
    seen.debug.dr6 = (struct pair){0xffff0ff1, 0xffff0ff1};
    for (int n = 0; n < DEBUG_REGISTERS; n++) {
        seen.debug.kept[n] = (struct pair){0x400, 0x400};
    }
    return seen;
}

static void what_is_sound_passes(void **state)
{
    (void)state;
    struct observation seen = sound_debug();
    assert_passes(judge_debug, &seen);
    seen.debug.unmodelled = true; /* a newer emulator models it */
    assert_passes(judge_debug, &seen);
}

static void too_few_and_too_many_are_judged(void **state)
{
    (void)state;
    struct observation seen = sound_debug();
    seen.probe.came = 0;
    assert_fails(judge_debug, &seen, "debug exceptions 0x1", "debug exceptions 0x0",
                 "did not fire");
    seen.probe.came = 2;
    assert_fails(judge_debug, &seen, "debug exceptions 0x1", "debug exceptions 0x2",
                 "another CPU's");
}

static void dr6_and_what_is_kept_are_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_debug();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, debug.dr6), "DR6", "does not tell"},
        {offsetof(struct observation, debug.kept[0]), "DR0", "does not take back"},
        {offsetof(struct observation, debug.kept[1]), "DR1", "does not take back"},
        {offsetof(struct observation, debug.kept[2]), "DR2", "does not take back"},
        {offsetof(struct observation, debug.kept[3]), "DR3", "does not take back"},
        {offsetof(struct observation, debug.kept[4]), "DR6", "does not take back"},
        {offsetof(struct observation, debug.kept[5]), "DR7", "does not take back"},
    };
    assert_each_pair_fails(judge_debug, &sound, pairs, sizeof(pairs) / sizeof(pairs[0]));
}

static void the_frame_is_judged(void **state)
{
    (void)state;
    struct observation seen = sound_debug();
    struct words words;
    seen.probe.differs = FAULT_RIP;
    seen.probe.came = 2;
    assert_int_equal(judge_debug(&seen, &words), VERDICT_FAIL);
    assert_holds(words.seen, "RIP");
}

/* Only the emulator that is known for it, only for nothing at all, and only if all else is right.
 */
static void general_detect_left_out_is_a_deviation(void **state)
{
    (void)state;
    struct observation seen = sound_debug();
    struct words words;
    seen.debug.unmodelled = true;
    seen.probe.came = 0;
    assert_judged(judge_debug, &seen, VERDICT_DEVIATION, "debug exceptions 0x1",
                  "debug exceptions 0x0", "known deviation of QEMU TCG before 9.1");
    seen.probe.changed = 1u << WHOLE_CR4;
    assert_int_equal(judge_debug(&seen, &words), VERDICT_FAIL);
    seen.probe.changed = 0;
    seen.debug.kept[5].seen = 0;
    assert_int_equal(judge_debug(&seen, &words), VERDICT_FAIL);
    seen = sound_debug();
    seen.debug.unmodelled = true;
    seen.probe.came = 2;
    assert_int_equal(judge_debug(&seen, &words), VERDICT_FAIL);
}

/* It takes the place of a PASS, and of nothing else. */
static void a_missed_meeting_is_a_skip(void **state)
{
    (void)state;
    struct observation seen = sound_debug();
    struct words words;
    seen.debug.unasked = UNASKED_NOT_MET;
    assert_int_equal(judge_debug(&seen, &words), VERDICT_SKIP);
    assert_string_equal(words.seen, "not all CPUs came to the rendezvous within 5 s");
    seen.probe.came = 2;
    assert_fails(judge_debug, &seen, "debug exceptions 0x1", "debug exceptions 0x2",
                 "another CPU's");
    seen.probe.came = 1;
    seen.debug.kept[5].seen = 0;
    assert_int_equal(judge_debug(&seen, &words), VERDICT_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sound_passes),
        cmocka_unit_test(too_few_and_too_many_are_judged),
        cmocka_unit_test(dr6_and_what_is_kept_are_judged),
        cmocka_unit_test(the_frame_is_judged),
        cmocka_unit_test(a_missed_meeting_is_a_skip),
        cmocka_unit_test(general_detect_left_out_is_a_deviation),
    };
    return RUN(tests);
}
