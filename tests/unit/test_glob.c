#include "unit.h"

#include <fnmatch.h>

#include <muster/glob.h>

static void agrees_with_fnmatch(void **state)
{
    (void)state;
    static const char *const patterns[] = {"",     "*",    "?",        "df.*",
                                           "df.?", "*.*",  "*a*b*",    "a*a",
                                           "**",   "?*?",  "*ab",      "df.gate-absent-*",
                                           "d",    "*df*", "*.guard-*"};
    static const char *const ids[] = {
        "",          "d",   "df.", "df.a", "aab",  "abab",          "a",
        "aa",        "aba", "ab",  "xayb", "df.*", "df.guard-page", "df.gate-absent-gp",
        "tss.loaded"};
    for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++) {
        for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
            assert_int_equal(glob_match(patterns[p], ids[i]), fnmatch(patterns[p], ids[i], 0) == 0);
        }
    }
}

static void needs_no_exponential_time(void **state)
{
    (void)state;
    char id[200];
    memset(id, 'a', sizeof(id));
    id[sizeof(id) - 1] = '\0';
    assert_false(glob_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", id));
}

static void matches_any_of_a_list(void **state)
{
    (void)state;
    assert_true(glob_list_match("df.*,gdt.loaded", "gdt.loaded"));
    assert_true(glob_list_match("df.*,gdt.loaded", "df.storm"));
    assert_false(glob_list_match("df.*,gdt.loaded", "gdt.loaded2"));
    assert_false(glob_list_match("df.*,gdt.loaded", "df"));
    assert_false(glob_list_match("", "df.storm"));
    assert_false(glob_list_match("a,b", "a,b"));
}

static void hands_out_the_items(void **state)
{
    (void)state;
    char item[16];
    assert_true(glob_list_item("df.*,x,gdt.loaded", 0, item, sizeof(item)));
    assert_string_equal(item, "df.*");
    assert_true(glob_list_item("df.*,x,gdt.loaded", 2, item, sizeof(item)));
    assert_string_equal(item, "gdt.loaded");
    assert_false(glob_list_item("df.*,x,gdt.loaded", 3, item, sizeof(item)));
    assert_false(glob_list_item("", 0, item, sizeof(item)));
    assert_true(glob_list_item("df.guard-page", 0, item, 4));
    assert_string_equal(item, "df.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_fnmatch),
        cmocka_unit_test(needs_no_exponential_time),
        cmocka_unit_test(matches_any_of_a_list),
        cmocka_unit_test(hands_out_the_items),
    };
    return RUN(tests);
}
