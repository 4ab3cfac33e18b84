#include "judged.h"

static const char *const guard_wanted = "no guard page mapped, every stack page read-write and NX";
static const char *const overflow = "a stack overflow here would run on into the next page";

static struct observation sound_pages(void)
{
    return (struct observation){
        .made = true,
        .pages = {.cr3 = {0x7fd00000, 0x7fd00000},
                  .nx_offered = true,
                  .nx_on = true,
                  .write_protect_on = true,
                  .surveyed = true,
                  .leaves = 900},
    };
}

static void sound_memory_passes(void **state)
{
    (void)state;
    const struct observation guard = {.made = true}, pages = sound_pages();
    assert_passes(judge_guard, &guard);
    assert_passes(judge_pages, &pages);
}

static void mapped_guards_and_wrong_pages_are_judged(void **state)
{
    (void)state;
    struct observation seen = {.guard = {.guards_mapped = 2, .first_address = 0xffffa00000009000}};
    assert_fails(judge_guard, &seen, guard_wanted,
                 "2 guard pages mapped, 0 stack pages not mapped read-write and NX, "
                 "first at 0xffffa00000009000",
                 overflow);
    seen.guard = (struct obs_guard){.pages_wrong = 5, .first_address = 0xffffa0000000a000};
    assert_fails(judge_guard, &seen, guard_wanted,
                 "0 guard pages mapped, 5 stack pages not mapped read-write and NX, "
                 "first at 0xffffa0000000a000",
                 overflow);
}

/* All there is to say fits, whatever the numbers. */
static void the_largest_numbers_fit(void **state)
{
    (void)state;
    const struct observation seen = {.guard = {.guards_mapped = UINT32_MAX,
                                               .pages_wrong = UINT32_MAX,
                                               .first_address = UINT64_MAX}};
    assert_fails(judge_guard, &seen, guard_wanted,
                 "4294967295 guard pages mapped, 4294967295 stack pages not mapped read-write "
                 "and NX, first at 0xffffffffffffffff",
                 overflow);
}

static void written_stacks_are_named(void **state)
{
    (void)state;
    const char *const expected = "paint of unused stacks intact";
    const char *const means = "somebody wrote to a stack that nothing should use yet";
    struct observation seen = {.guard = {.overrun = 1u << STACK_MAIN}};
    assert_fails(judge_guard, &seen, expected, "written: main", means);
    seen.guard = (struct obs_guard){.touched = 1u << STACK_DF};
    assert_fails(judge_guard, &seen, expected, "written: IST1", means);
    seen.guard = (struct obs_guard){.touched = 1u << STACK_RSP0 | 1u << STACK_NMI,
                                    .overrun = 1u << STACK_MAIN};
    assert_fails(judge_guard, &seen, expected, "written: main IST2 RSP0", means);
}

static void page_tables_are_the_ones_of_all(void **state)
{
    (void)state;
    const struct observation sound = sound_pages();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, pages.cr3), "CR3", "other page tables than the rest"},
    };
    assert_each_pair_fails(judge_pages, &sound, pairs, 1);
}

static void nx_and_wp_must_be_on(void **state)
{
    (void)state;
    struct observation seen = sound_pages();
    seen.pages.nx_on = false;
    assert_fails(judge_pages, &seen, "EFER.NXE 0x1", "EFER.NXE 0x0", "no-execute is off");
    seen.pages.nx_offered = false;
    struct words words = {{0}, {0}, {0}};
    assert_int_equal(judge_pages(&seen, &words), VERDICT_SKIP);
    assert_non_null(strstr(words.seen, "no NX"));
    seen = sound_pages();
    seen.pages.write_protect_on = false;
    assert_fails(judge_pages, &seen, "CR0.WP 0x1", "CR0.WP 0x0",
                 "read-only pages can be written in ring 0");
}

static void writable_and_executable_is_counted(void **state)
{
    (void)state;
    struct observation seen = sound_pages();
    seen.pages.writable_executable = 12;
    seen.pages.first_wx = 0xffffa00000001000;
    assert_fails(judge_pages, &seen, "pages both writable and executable 0x0",
                 "12 of 900 pages both writable and executable, first at 0xffffa00000001000",
                 "a stray write becomes code");
    seen.pages.surveyed = false; /* then the numbers mean nothing */
    assert_passes(judge_pages, &seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_memory_passes),
        cmocka_unit_test(mapped_guards_and_wrong_pages_are_judged),
        cmocka_unit_test(the_largest_numbers_fit),
        cmocka_unit_test(written_stacks_are_named),
        cmocka_unit_test(page_tables_are_the_ones_of_all),
        cmocka_unit_test(nx_and_wp_must_be_on),
        cmocka_unit_test(writable_and_executable_is_counted),
    };
    return RUN(tests);
}
