#include "options_reading.h"

static void bad_serial_lines(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "com3",
        "com1x",
        "com1,",
        "com1,9601",
        "com1,0",
        "com1,49",
        "com1,230400",
        "com1,9600,8",
        "com1,9600x",
        "ioport:",
        "ioport:0",
        "ioport:0x",
        "ioport:0xfff9",
        "ioport:0x3f8:9600",
        "ioport:1e3",
        "mmio:0",
        "mmio:",
        "mmio:0x10000000000000",
        "mmio:0x1ffffffffffffffff",
        "",
        "none,9600",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        char line[64];
        const struct options before = options;
        snprintf(line, sizeof(line), "--serial=%s", lines[i]);
        assert_false(read_from(OPTION_SOURCE_SHELL, line));
        assert_memory_equal(error.message, "muster: --serial: \"", 19);
        assert_memory_equal(&options, &before, sizeof(options));
    }
}

static void bad_values(void **state)
{
    (void)state;
    refuse("--repeat 0", "muster: --repeat: \"0\" is not a number from 1 to 1000000");
    refuse("--repeat 1000001", "muster: --repeat: \"1000001\" is not a number from 1 to 1000000");
    refuse("--repeat=99999999999999999999999",
           "muster: --repeat: \"99999999999999999999999\" is not a number from 1 to 1000000");
    refuse("--repeat 2x", "muster: --repeat: \"2x\" is not a number from 1 to 1000000");
    refuse("--repeat=-1", "muster: --repeat: \"-1\" is not a number from 1 to 1000000");
    refuse("--smi-watch 0",
           "muster: --smi-watch: \"0\" is not a number of milliseconds from 1 to 60000");
    refuse("--smi-watch 60001",
           "muster: --smi-watch: \"60001\" is not a number of milliseconds from 1 to 60000");
    refuse("--smi-watch 5ms",
           "muster: --smi-watch: \"5ms\" is not a number of milliseconds from 1 to 60000");
    refuse("--cpus 0,x", "muster: --cpus: \"0,x\" is not a set of CPU indices such as 0-3,8, each "
                         "below 4096: see character 3");
    refuse("--cpus 4096", "muster: --cpus: \"4096\" is not a set of CPU indices such as 0-3,8, "
                          "each below 4096: see character 1");
    refuse("--break \"\"", "muster: --break: \"\" is not a check's id such as df.guard-page");
    refuse("--break df.*", "muster: --break: \"df.*\" is not a check's id such as df.guard-page");
    refuse("--break 12345678901234567890123456789012",
           "muster: --break: \"12345678901234567890123456789012\" is not a check's id such as "
           "df.guard-page");
    accept("--break 1234567890123456789012345678901");
}

static void bad_globs(void **state)
{
    (void)state;
    static const char *const lists[] = {"\"\"", ",", "a,", ",a", "a,,b", "a/b", "\"a b\"", "[ab]"};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        char line[64];
        snprintf(line, sizeof(line), "--only %s", lists[i]);
        assert_false(read_from(OPTION_SOURCE_SHELL, line));
        assert_non_null(strstr(error.message, "is not a list of check ids or globs"));
        assert_string_equal(options.only, "");
    }
}

static void lists_have_an_end(void **state)
{
    (void)state;
    char line[400];
    memset(line, 'a', sizeof(line));
    memcpy(line, "--only ", 7);
    line[7 + 255] = '\0';
    accept(line);
    assert_int_equal(strlen(options.only), 255);
    refuse("--only b", "muster: --only: the list is longer than 255 characters");
    fresh(state);
    line[7 + 254] = '\0';
    accept(line);
    refuse("--only b", "muster: --only: the list is longer than 255 characters");
    fresh(state);
    line[7 + 253] = '\0';
    accept(line);
    accept("--only b");
    assert_string_equal(options.only + 252, "a,b");
    fresh(state);
    line[7 + 253] = line[7 + 254] = 'a';
    line[7 + 255] = 'a';
    line[7 + 256] = '\0';
    refuse(line, "muster: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\": is longer than 255 "
                 "characters");
}

static void unknown_options(void **state)
{
    (void)state;
    refuse("--cpu 3", "muster: \"--cpu\" is not an option; did you mean --cpus?");
    refuse("--cpu=3", "muster: \"--cpu=3\" is not an option; did you mean --cpus?");
    refuse("--DRYRUN", "muster: \"--DRYRUN\" is not an option; did you mean --dry-run?");
    refuse("-only df.*", "muster: \"-only\" is not an option; did you mean --only?");
    refuse("serial=com1", "muster: \"serial=com1\" is not an option; did you mean --serial?");
    refuse("--hklp", "muster: \"--hklp\" is not an option; did you mean --help?");
    refuse("--frobnicate", "muster: \"--frobnicate\" is not an option; --help lists them");
    refuse("word", "muster: \"word\" is not an option; --help lists them");
    refuse("--", "muster: \"--\" is not an option; --help lists them");
    refuse("\"\"", "muster: \"\" is not an option; --help lists them");
    refuse("-h?", "muster: \"-h?\" is not an option; --help lists them");
    refuse("-,", "muster: \"-,\" is not an option; --help lists them");
    refuse("--dry-run x", "muster: \"x\" is not an option; --help lists them");
}

static void missing_and_needless_values(void **state)
{
    (void)state;
    refuse("--cpus", "muster: --cpus: wants SET behind it");
    refuse("--dry-run --only --bench", "muster: --only: wants GLOB,... behind it");
    refuse("--bench=yes", "muster: --bench: takes no value");
    refuse("-h=", "muster: --help: takes no value");
}

static void bad_text(void **state)
{
    (void)state;
    refuse("--only \"df.*", "muster: \"df.*: the closing quote is missing");
    refuse("--only df.\x01", "muster: \"df.?\": has a character that is not printable ASCII");
    refuse("--only d\xc3\xa9", "muster: \"d??\": has a character that is not printable ASCII");
    refuse("--\x7f", "muster: \"--?\": has a character that is not printable ASCII");
}

static void files_have_lines_and_comments(void **state)
{
    (void)state;
    assert_true(read_from(OPTION_SOURCE_FILE, "# a comment with \"one quote\r\n"
                                              "--only df.*   # why\r\n"
                                              "\r\n"
                                              "--repeat=3 --bench #--dry-run\n"
                                              "--skip=a#b.c,x"
                                              "") == false);
    assert_non_null(strstr(error.message, "muster: muster.cfg:5: --skip: \"a#b.c,x\" is not"));
    assert_true(read_from(OPTION_SOURCE_FILE, "\xef\xbb\xbf--only df.* # why\r\n--bench\n#x"));
    assert_string_equal(options.only, "df.*");
    assert_true(options.bench);
    assert_false(options.dry_run);
}

static void files_name_the_line(void **state)
{
    (void)state;
    refuse_from(OPTION_SOURCE_FILE, "--bench\n\n--repeat 0\n--cpus x",
                "muster: muster.cfg:3: --repeat: \"0\" is not a number from 1 to 1000000");
    refuse_from(OPTION_SOURCE_FILE, "--cpus\n0-3\n",
                "muster: muster.cfg:1: --cpus: wants SET "
                "behind it");
    refuse_from(OPTION_SOURCE_FILE, "--cpus # 0-3\n",
                "muster: muster.cfg:1: --cpus: wants SET "
                "behind it");
    refuse_from(OPTION_SOURCE_FILE, "\n--only \"a\nb\"",
                "muster: muster.cfg:2: \"a: the closing "
                "quote is missing");
    refuse_from(OPTION_SOURCE_FILE, "\nonly df.*",
                "muster: muster.cfg:2: \"only\" is not an "
                "option; did you mean --only?");
    refuse_from(OPTION_SOURCE_FILE, "\xff\xfe=",
                "muster: muster.cfg:1: \"?\?=\": has a character "
                "that is not printable ASCII");
}

static void loaders_words_are_passed_over(void **state)
{
    (void)state;
    assert_true(read_from(OPTION_SOURCE_LOADER,
                          "root=/dev/sdb3 init=/sbin/init -x -- ro --only df.* caf\xc3\xa9 -e=1"));
    assert_string_equal(passed_buffer, "root=/dev/sdb3 init=/sbin/init -x -- ro caf?? -e=1");
    assert_string_equal(options.only, "df.*");
    assert_true(options_read(&options, OPTION_SOURCE_LOADER, "quiet", NULL, &error));
}

static void loaders_slips_are_errors(void **state)
{
    (void)state;
    refuse_from(OPTION_SOURCE_LOADER, "root=x --onyl df.*",
                "muster: \"--onyl\" is not an option; did you mean --only?");
    refuse_from(OPTION_SOURCE_LOADER, "root=x --repeat 0",
                "muster: --repeat: \"0\" is not a number from 1 to 1000000");
    refuse_from(OPTION_SOURCE_LOADER, "root=\"x", "muster: \"root=x: the closing quote is missing");
}

static void loaders_long_words_are_passed_over(void **state)
{
    (void)state;
    char line[2000];
    memset(line, 'r', sizeof(line));
    memcpy(line + sizeof(line) - 9, " --bench", 9);
    assert_true(read_from(OPTION_SOURCE_LOADER, line));
    assert_true(options.bench);
    assert_int_equal(passed.length, OPTION_VALUE_MAX - 1);
}

static void a_self_test_goes_alone(void **state)
{
    (void)state;
    refuse("--self-test --break df.storm",
           "muster: --self-test: cannot go together with --break "
           "df.storm, typed or in muster.cfg; leave one of them out");
    refuse("--dry-run --self-test", "muster: --self-test: cannot go together with --dry-run, typed "
                                    "or in muster.cfg; leave one of them out");
    refuse("--self-test=each --collect", "muster: --self-test: cannot go together with --collect, "
                                         "typed or in muster.cfg; leave one of them out");
    refuse("--self-test=all", "muster: --self-test: \"all\" is not each, the one word that may "
                              "stand behind it");
    assert_true(read_from(OPTION_SOURCE_FILE, "--self-test"));
    refuse("--break df.storm",
           "muster: --self-test: cannot go together with --break df.storm, typed or in muster.cfg; "
           "leave one of them out");
}

static void help_fits_a_screen(void **state)
{
    (void)state;
    char buffer[4096];
    struct text help;
    text_init(&help, buffer, sizeof(buffer));
    options_help(&help);
    assert_false(help.cut);
    int lines = 0;
    for (char *line = strtok(buffer, "\n"); line; line = strtok(NULL, "\n")) {
        assert_true(strlen(line) <= 79);
        lines++;
    }
    assert_in_range(lines, 15, 24); /* and two empty ones, which strtok passes over */
}

static void help_names_every_option(void **state)
{
    (void)state;
    static const char *const names[] = {"-h, -?, --help", "--version", "--list",     "--cpus SET",
                                        "--only GLOB",    "--skip",    "--repeat N", "--dry-run",
                                        "--bench",        "--console", "--serial",   "--format",
                                        "--baseline",     "--then",    "--break ID"};
    char buffer[4096];
    struct text help;
    text_init(&help, buffer, sizeof(buffer));
    options_help(&help);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_non_null(strstr(buffer, names[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(bad_serial_lines, fresh),
        cmocka_unit_test_setup(bad_values, fresh),
        cmocka_unit_test_setup(bad_globs, fresh),
        cmocka_unit_test_setup(lists_have_an_end, fresh),
        cmocka_unit_test_setup(unknown_options, fresh),
        cmocka_unit_test_setup(missing_and_needless_values, fresh),
        cmocka_unit_test_setup(bad_text, fresh),
        cmocka_unit_test_setup(files_have_lines_and_comments, fresh),
        cmocka_unit_test_setup(files_name_the_line, fresh),
        cmocka_unit_test_setup(loaders_words_are_passed_over, fresh),
        cmocka_unit_test_setup(loaders_slips_are_errors, fresh),
        cmocka_unit_test_setup(loaders_long_words_are_passed_over, fresh),
        cmocka_unit_test_setup(a_self_test_goes_alone, fresh),
        cmocka_unit_test_setup(help_fits_a_screen, fresh),
        cmocka_unit_test_setup(help_names_every_option, fresh),
    };
    return RUN(tests);
}
