#include "unit.h"

#include <muster/command_line.h>
#include <muster/options.h>

static void words_are_joined_and_quoted_where_needed(void **state)
{
    (void)state;
    char buffer[64];
    struct text out;
    text_init(&out, buffer, sizeof(buffer));
    command_line_add(&out, "--only");
    command_line_add(&out, "a b");
    command_line_add(&out, "");
    command_line_add(&out, "x\"y");
    assert_string_equal(buffer, "--only \"a b\" \"\" xy");
}

static void what_was_joined_reads_back(void **state)
{
    (void)state;
    char buffer[64];
    struct text out;
    struct options options;
    struct option_error error;
    text_init(&out, buffer, sizeof(buffer));
    command_line_add(&out, "--only");
    command_line_add(&out, "df.*");
    command_line_add(&out, "--repeat=3");
    options_default(&options);
    assert_true(options_read(&options, OPTION_SOURCE_SHELL, buffer, NULL, &error));
    assert_string_equal(options.only, "df.*");
    assert_int_equal(options.repeat, 3);
}

static void the_name_of_the_program_is_dropped(void **state)
{
    (void)state;
    static const struct {
        const char *line, *own_name, *rest;
    } cases[] = {
        {"muster.efi --list", NULL, " --list"},
        {"  FS0:\\tools\\MUSTER.EFI --list", NULL, " --list"},
        {"\"fs0:\\my tools\\muster.efi\" --list", NULL, " --list"},
        {"\"muster.efi", NULL, ""},
        {"bootx64.efi", "", ""},
        {"muster --list", "muster.efi", " --list"},
        {"Muster --list", "MUSTER.EFI", " --list"},
        {"fs0:muster --list", "muster.efi", " --list"},
        {"\\tools\\muster --list", "muster.efi", " --list"},
        {"kernel -x", "kernel", " -x"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_string_equal(command_line_options(cases[i].line, cases[i].own_name), cases[i].rest);
    }
}

static void anything_else_is_kept(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "", "   ", "--list", ".efi", "root=/dev/sdb3 init=/sbin/init", "xmuster --list", "must",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        assert_ptr_equal(command_line_options(lines[i], "muster.efi"), lines[i]);
        assert_ptr_equal(command_line_options(lines[i], ""), lines[i]);
        assert_ptr_equal(command_line_options(lines[i], NULL), lines[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_joined_and_quoted_where_needed),
        cmocka_unit_test(what_was_joined_reads_back),
        cmocka_unit_test(the_name_of_the_program_is_dropped),
        cmocka_unit_test(anything_else_is_kept),
    };
    return RUN(tests);
}
