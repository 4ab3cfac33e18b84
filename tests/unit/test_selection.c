#include "unit.h"

#include <muster/selection.h>

static const struct check_info infos[] = {
    {.id = "roll.madt"}, {.id = "df.guard-page"}, {.id = "df.storm"}};

static const struct check_info *get(uint32_t n)
{
    assert_true(n < 3);
    return &infos[n];
}

static int breakable(const char *id)
{
    return strcmp(id, "df.storm") == 0 || strcmp(id, "up.gdt") == 0;
}

static const char *left_out;

static const char *find_left_out(const struct options *of)
{
    assert_string_not_equal(of->break_id, "");
    return left_out;
}

static const struct catalogue catalogue = {
    .count = 3, .get = get, .breakable = breakable, .left_out = find_left_out};

static struct options options;
static struct option_error error;

static int reset(void **state)
{
    (void)state;
    options_default(&options);
    left_out = NULL;
    memset(&error, 0, sizeof(error));
    return 0;
}

static void choose(const char *only, const char *skip, const char *break_id)
{
    strcpy(options.only, only);
    strcpy(options.skip, skip);
    strcpy(options.break_id, break_id);
}

static void expect_error(const char *source, const char *message)
{
    assert_false(selection_check(&options, &catalogue, source, &error));
    assert_string_equal(error.message, message);
}

static void only_and_skip_choose(void **state)
{
    (void)state;
    assert_true(selection_has(&options, "df.storm"));
    choose("df.*", "*.storm", "");
    assert_true(selection_has(&options, "df.guard-page"));
    assert_false(selection_has(&options, "df.storm"));
    assert_false(selection_has(&options, "roll.madt"));
}

static void good_choices_pass(void **state)
{
    (void)state;
    assert_true(selection_check(&options, &catalogue, "", &error));
    choose("df.*,roll.madt", "df.storm", "up.gdt");
    assert_true(selection_check(&options, &catalogue, "", &error));
    choose("", "", "df.storm");
    assert_true(selection_check(&options, &catalogue, "", &error));
    assert_string_equal(error.message, "");
}

static void a_pattern_without_a_match_is_named(void **state)
{
    (void)state;
    choose("df.*,dff.*", "", "");
    expect_error("", "muster: --only dff.*: matches no check; --list names them all");
    choose("", "nmi.*", "");
    expect_error("muster.cfg",
                 "muster: muster.cfg: --skip nmi.*: matches no check; --list names them all");
}

static void an_unknown_defect_is_named(void **state)
{
    (void)state;
    choose("", "", "roll.madt");
    expect_error("", "muster: --break roll.madt: no such defect; give a check's id from --list, or "
                     "up.STAGE");
}

static void nothing_left_is_an_error(void **state)
{
    (void)state;
    choose("df.*", "df.*", "");
    expect_error("", "muster: --only and --skip leave no check to run; widen one of them");
    choose("", "*", "");
    expect_error("", "muster: --only and --skip leave no check to run; widen one of them");
}

static void a_defect_of_a_check_that_is_left_out_is_refused(void **state)
{
    (void)state;
    choose("roll.*", "", "df.storm");
    left_out = "df.storm";
    expect_error("muster.cfg", "muster: muster.cfg: --break df.storm: --only and --skip leave this "
                               "check out; choose it, too");
    choose("roll.*", "", "up.gdt");
    left_out = "df.guard-page";
    expect_error("", "muster: --break up.gdt: happens in df.guard-page, which --only and --skip "
                     "leave out; choose it, too");
    choose("roll.*", "roll.*", "df.storm");
    expect_error("", "muster: --only and --skip leave no check to run; widen one of them");
}

static void long_patterns_are_cut_not_overrun(void **state)
{
    (void)state;
    memset(options.only, 'a', sizeof(options.only) - 1);
    options.only[sizeof(options.only) - 1] = '\0';
    assert_false(selection_check(&options, &catalogue, "muster.cfg", &error));
    assert_int_equal(strlen(error.message), sizeof(error.message) - 1);
}

static void cpus_stay_within_the_inventory(void **state)
{
    (void)state;
    assert_true(selection_check_cpus(&options, 4, "", &error));
    options.cpus_given = true;
    cpuset_add(&options.cpus, 0);
    cpuset_add(&options.cpus, 3);
    assert_true(selection_check_cpus(&options, 4, "", &error));
    assert_false(selection_check_cpus(&options, 3, "muster.cfg", &error));
    assert_string_equal(
        error.message,
        "muster: muster.cfg: --cpus: CPU 3 is beyond the 3 CPUs there are; highest index: 2");
    assert_false(selection_check_cpus(&options, 1, "", &error));
    assert_string_equal(error.message,
                        "muster: --cpus: CPU 3 is beyond the 1 CPU there is; highest index: 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(only_and_skip_choose, reset),
        cmocka_unit_test_setup(good_choices_pass, reset),
        cmocka_unit_test_setup(a_pattern_without_a_match_is_named, reset),
        cmocka_unit_test_setup(an_unknown_defect_is_named, reset),
        cmocka_unit_test_setup(nothing_left_is_an_error, reset),
        cmocka_unit_test_setup(a_defect_of_a_check_that_is_left_out_is_refused, reset),
        cmocka_unit_test_setup(long_patterns_are_cut_not_overrun, reset),
        cmocka_unit_test_setup(cpus_stay_within_the_inventory, reset),
    };
    return RUN(tests);
}
