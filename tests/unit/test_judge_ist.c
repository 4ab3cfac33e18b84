#include "judged.h"
#include "sound_probe.h"

static void every_vector_on_its_stack_passes(void **state)
{
    (void)state;
    const struct observation seen = {.made = true, .named = {.asked = 265}};
    assert_passes(judge_named, &seen);
}

static void another_stack_fails(void **state)
{
    (void)state;
    struct observation seen = {
        .made = true,
        .named = {.asked = 265,
                  .wrong = 1,
                  .vector = {64, 64},
                  .frame = {stack_top(2, STACK_MAIN) - 680, stack_top(2, STACK_PROBE) - 40}}};
    assert_fails(judge_named, &seen, "vector 64, frame 680 below the top of main of CPU 2",
                 "vector 64, frame 40 below the top of IST5 of CPU 2; 1 of 265 deliveries",
                 "a stack that its gate does not name");
    seen.named.frame.seen = 0x1000;
    seen.named.vector.seen = 13;
    assert_fails(judge_named, &seen, "vector 64, frame 680 below the top of main of CPU 2",
                 "vector 13, frame at 0x1000; 1 of 265 deliveries",
                 "a stack that its gate does not name");
}

/* An NMI, and a double fault in its handler. */
static struct observation nested(void)
{
    struct observation seen = sound_probe(), both = {.made = true};
    both.nested.inner = seen.probe;
    both.nested.outer = seen.probe;
    both.nested.outer.want.vector = both.nested.outer.seen.vector = VECTOR_NMI;
    both.nested.outer.want.soft = both.nested.outer.seen.soft = true;
    return both;
}

static void both_as_wanted_pass(void **state)
{
    (void)state;
    const struct observation seen = nested();
    assert_passes(judge_nested, &seen);
}

static void either_fails(void **state)
{
    (void)state;
    struct observation seen = nested();
    seen.nested.inner.reentered = 1u << STACK_NMI;
    assert_fails(judge_nested, &seen, "each IST stack entered only when nothing is on it",
                 "entered while in use: IST2", "two exceptions use one IST stack");
    seen = nested();
    seen.nested.inner.came = 0;
    assert_fails(judge_nested, &seen, "1 exceptions, vector 8 #DF", "0", "went through");
    seen.nested.outer.came = 0;
    assert_fails(judge_nested, &seen, "1 exceptions, vector 2 NMI", "0", "went through");
    seen = nested();
    seen.nested.outer.changed = 1u << WHOLE_IDTR;
    assert_fails(judge_nested, &seen, "the CPU as it was before the fault", "changed: IDTR",
                 "left the CPU changed");
}

static void each_part_of_a_reentry_counts(void **state)
{
    (void)state;
    const struct observation sound = {
        .made = true, .reentry = {.noticed = {62, 62}, .whole = {62, 62}, .landed = {62, 62}}};
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, reentry.noticed), "stacks noticed", "nobody noticed"},
        {offsetof(struct observation, reentry.whole), "first frames whole", "overwrote"},
        {offsetof(struct observation, reentry.landed), "second frames in their place",
         "not delivered where the IST entry then pointed"},
    };
    assert_passes(judge_reentry, &sound);
    assert_each_pair_fails(judge_reentry, &sound, pairs, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_on_its_stack_passes),
        cmocka_unit_test(another_stack_fails),
        cmocka_unit_test(both_as_wanted_pass),
        cmocka_unit_test(either_fails),
        cmocka_unit_test(each_part_of_a_reentry_counts),
    };
    return RUN(tests);
}
