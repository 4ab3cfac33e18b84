/* The notes taken before the door: what gives way when they are too many. */
#include "unit.h"

#include <muster/claims.h>
#include <muster/judge_places.h>
#include <muster/judge_roll.h>

static struct claims claims;
static struct notes *const notes = &claims.notes;

static int fresh(void **state)
{
    (void)state;
    memset(&claims, 0, sizeof(claims));
    return 0;
}

static void add(const char *check, uint32_t times)
{
    for (uint32_t n = 0; n < times; n++) {
        note_add(notes, check, "%s %u", check, n);
    }
}

static uint32_t kept(const char *check)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < notes->count; n++) {
        count += !strcmp(notes->list[n].check, check);
    }
    return count;
}

static void what_is_judged_displaces_what_is_only_told(void **state)
{
    (void)state;
    add("", NOTE_MAX + 3);
    assert_int_equal(notes->dropped, 3);
    add("roll.madt", 2);
    add("", 1);
    assert_int_equal(notes->count, NOTE_MAX);
    assert_int_equal(notes->dropped, 6);
    assert_int_equal(kept("roll.madt"), 2);
    assert_string_equal(notes->list[0].text, " 0"); /* the last ones went */
    assert_string_equal(notes->list[NOTE_MAX - 1].text, "roll.madt 0");
}

static void the_first_note_of_each_check_is_kept(void **state)
{
    (void)state;
    add("roll.madt", NOTE_MAX);
    add("roll.srat", 2);
    add("roll.pptt", 1);
    assert_int_equal(kept("roll.srat"), 1);
    assert_int_equal(kept("roll.pptt"), 1);
    assert_int_equal(kept("roll.madt"), NOTE_MAX - 2);
    assert_int_equal(notes->dropped, 3);
    assert_string_equal(notes->list[0].text, "roll.madt 0");
}

/* However many notes came before, and of whatever kind. */
static void no_check_passes_for_want_of_room(void **state)
{
    struct words words;
    (void)state;
    add("", NOTE_MAX);
    add("roll.smbios", NOTE_MAX);
    add("roll.madt", 1);
    add("roll.srat", NOTE_MAX);
    add("roll.pptt", 1);
    add("", NOTE_MAX);
    assert_int_equal(judge_roll_madt(&claims, &words), VERDICT_FAIL);
    assert_non_null(strstr(words.seen, "roll.madt 0 (+"));
    assert_int_equal(judge_roll_srat(&claims, &words), VERDICT_FAIL);
    assert_int_equal(judge_roll_pptt(&claims, &words), VERDICT_FAIL);
    assert_int_equal(judge_roll_smbios(&claims, &words), VERDICT_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_judged_displaces_what_is_only_told, fresh),
        cmocka_unit_test_setup(the_first_note_of_each_check_is_kept, fresh),
        cmocka_unit_test_setup(no_check_passes_for_want_of_room, fresh),
    };
    return RUN(tests);
}
