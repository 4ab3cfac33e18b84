#include "options_reading.h"

static void defaults(void **state)
{
    (void)state;
    accept("");
    accept(" \t\r\n ");
    assert_int_equal(options.ask, ASK_RUN);
    assert_false(options.cpus_given || options.dry_run || options.bench);
    assert_string_equal(options.only, "");
    assert_string_equal(options.skip, "");
    assert_string_equal(options.break_id, "");
    assert_int_equal(options.repeat, 1);
    assert_int_equal(options.smi_watch_ms, 100);
    accept("--smi-watch 60000");
    assert_int_equal(options.smi_watch_ms, 60000);
    accept("");
    assert_true(options.console_serial && options.console_screen);
    assert_int_equal(options.serial.kind, SERIAL_DEFAULT);
    assert_int_equal(options.then, THEN_WAIT);
}

static void asks(void **state)
{
    static const struct {
        const char *word;
        enum ask ask;
    } cases[] = {{"--help", ASK_HELP},
                 {"-h", ASK_HELP},
                 {"-?", ASK_HELP},
                 {"--list", ASK_LIST},
                 {"--version", ASK_VERSION}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fresh(state);
        accept(cases[i].word);
        assert_int_equal(options.ask, cases[i].ask);
    }
}

static void takes_values_either_way(void **state)
{
    (void)state;
    accept("--cpus 0-3,8 --only=df.* --skip \"tss.*,gs.base\" --repeat=1000000 --dry-run --bench "
           "--break df.guard-page");
    assert_true(options.cpus_given);
    assert_int_equal(cpuset_count(&options.cpus), 5);
    assert_true(cpuset_has(&options.cpus, 8));
    assert_string_equal(options.only, "df.*");
    assert_string_equal(options.skip, "tss.*,gs.base");
    assert_int_equal(options.repeat, 1000000);
    assert_true(options.dry_run);
    assert_true(options.bench);
    assert_string_equal(options.break_id, "df.guard-page");
}

static void a_self_test_is_on_the_usual_cpu_or_on_each(void **state)
{
    (void)state;
    accept("");
    assert_int_equal(options.self_test, SELF_TEST_NO);
    accept("--self-test --only df.*");
    assert_int_equal(options.self_test, SELF_TEST_USUAL);
    assert_string_equal(options.only, "df.*");
    accept("--self-test=each");
    assert_int_equal(options.self_test, SELF_TEST_EACH);
}

/* startup.nsh collects first, whatever muster.cfg says of runs. */
static void words_typed_keep_a_self_test_of_the_file_for_later(void **state)
{
    (void)state;
    assert_true(read_from(OPTION_SOURCE_FILE, "--self-test"));
    accept("");
    assert_int_equal(options.self_test, SELF_TEST_USUAL);
    accept("--collect");
    assert_int_equal(options.self_test, SELF_TEST_NO);
    fresh(state);
    assert_true(read_from(OPTION_SOURCE_FILE, "--self-test=each"));
    accept("--dry-run");
    assert_int_equal(options.self_test, SELF_TEST_NO);
}

static void quotes_keep_words_together(void **state)
{
    (void)state;
    accept("\"--only\" \"df.*\" --skip=\"a\",b\t\"--repeat=2\"");
    assert_string_equal(options.only, "df.*");
    assert_string_equal(options.skip, "a,b");
    assert_int_equal(options.repeat, 2);
}

static void lists_add_up_and_later_words_win(void **state)
{
    (void)state;
    accept("--only a.* --only b --skip c --repeat 2 --repeat 3");
    accept("--only d,e --skip=f --cpus 1 --cpus 2 --then halt --then reset");
    assert_string_equal(options.only, "a.*,b,d,e");
    assert_string_equal(options.skip, "c,f");
    assert_int_equal(options.repeat, 3);
    assert_int_equal(options.then, THEN_RESET);
    assert_false(cpuset_has(&options.cpus, 1));
    assert_true(cpuset_has(&options.cpus, 2));
}

static void formats(void **state)
{
    (void)state;
    assert_true(options.format_tap && !options.format_json && !options.baseline);
    accept("--format json");
    assert_true(!options.format_tap && options.format_json);
    accept("--format tap,json --baseline");
    assert_true(options.format_tap && options.format_json && options.baseline);
    accept("--format json,tap --format tap");
    assert_true(options.format_tap && !options.format_json);
    refuse("--format xml", "muster: --format: \"xml\" is not tap, json or tap,json");
    refuse("--format tap,", "muster: --format: \"tap,\" is not tap, json or tap,json");
}

static void consoles(void **state)
{
    (void)state;
    accept("--console serial");
    assert_true(options.console_serial && !options.console_screen);
    accept("--console screen");
    assert_true(!options.console_serial && options.console_screen);
    accept("--console serial,screen");
    assert_true(options.console_serial && options.console_screen);
    accept("--console screen --console screen,serial");
    assert_true(options.console_serial && options.console_screen);
    refuse("--console vga", "muster: --console: \"vga\" is not serial, screen or serial,screen");
    refuse("--console serial,", "muster: --console: \"serial,\" is not serial, screen or "
                                "serial,screen");
}

static void endings(void **state)
{
    (void)state;
    static const char *const words[] = {"wait", "reset", "shutdown", "halt", "debug-exit"};
    static const enum then wanted[] = {THEN_WAIT, THEN_RESET, THEN_SHUTDOWN, THEN_HALT,
                                       THEN_DEBUG_EXIT};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        char line[32];
        snprintf(line, sizeof(line), "--then=%s", words[i]);
        accept(line);
        assert_int_equal(options.then, wanted[i]);
    }
    refuse("--then reboot", "muster: --then: \"reboot\" is not wait, reset, shutdown, halt or "
                            "debug-exit");
}

static void serial_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum serial_kind kind;
        uint64_t address;
        uint32_t baud;
    } cases[] = {
        {"--serial com1", SERIAL_PORT, 0x3f8, 0},
        {"--serial com2,9600", SERIAL_PORT, 0x2f8, 9600},
        {"--serial ioport:0x3e8", SERIAL_PORT, 0x3e8, 0},
        {"--serial ioport:1000,115200", SERIAL_PORT, 1000, 115200},
        {"--serial ioport:0xFFF8", SERIAL_PORT, 0xfff8, 0},
        {"--serial mmio:0xfe001000,57600", SERIAL_MMIO, 0xfe001000, 57600},
        {"--serial mmio:0x12345678ab00", SERIAL_MMIO, 0x12345678ab00, 0},
        {"--serial none", SERIAL_NONE, 0, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fresh(state);
        accept(cases[i].text);
        assert_int_equal(options.serial.kind, cases[i].kind);
        assert_int_equal(options.serial.address, cases[i].address);
        assert_int_equal(options.serial.baud, cases[i].baud);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(defaults, fresh),
        cmocka_unit_test_setup(asks, fresh),
        cmocka_unit_test_setup(takes_values_either_way, fresh),
        cmocka_unit_test_setup(a_self_test_is_on_the_usual_cpu_or_on_each, fresh),
        cmocka_unit_test_setup(words_typed_keep_a_self_test_of_the_file_for_later, fresh),
        cmocka_unit_test_setup(quotes_keep_words_together, fresh),
        cmocka_unit_test_setup(lists_add_up_and_later_words_win, fresh),
        cmocka_unit_test_setup(formats, fresh),
        cmocka_unit_test_setup(consoles, fresh),
        cmocka_unit_test_setup(endings, fresh),
        cmocka_unit_test_setup(serial_lines, fresh),
    };
    return RUN(tests);
}
