/* The QR code: what it says, and that it keeps to its room. That it can be read is tested on
 * screenshots, by an independent reader (tests/boot). */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include <muster/advice.h>
#include <muster/qr.h>

enum { QR_10 = 57 };

static struct report report;
static struct qr qr;

static void add_failure(uint32_t result, const char *id, uint32_t cpu, const char *seen)
{
    struct words words = {.means = "meaning"};
    report.results[result].id = id;
    report.result_count = result + 1;
    snprintf(words.seen, sizeof(words.seen), "%s", seen);
    report_find(&report, result, cpu, VERDICT_FAIL, &words);
}

static void start(void)
{
    memset(&report, 0, sizeof(report));
    report.version = "0.1";
    report.build = "1a2b3c4d";
    report.break_id = "";
    strcpy(report.firmware, "EDK II");
    report.firmware_revision = 0x10000;
    report.cpus_claimed = report.cpus_answered = 4;
}

static const char *text_of(uint32_t named, uint32_t explained)
{
    static char buffer[QR_TEXT_MAX];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    qr_text(&text, &report,
            &(struct qr_share){.named = named, .explained = explained, .machine = explained > 0});
    return buffer;
}

static void it_tells_the_failures(void **state)
{
    (void)state;
    start();
    add_failure(0, "gs.base", 2, "0x1");
    add_failure(1, "df.storm", 3, "0x2");
    assert_non_null(strstr(text_of(2, 2), "\ngs.base CPU 2: 0x1\ndf.storm CPU 3: 0x2\n"));
    assert_non_null(strstr(text_of(2, 1), "\ngs.base CPU 2: 0x1\ndf.storm CPU 3\n"));
    assert_non_null(strstr(text_of(1, 0), "\ngs.base CPU 2\n+1 more\n"));
    assert_null(strstr(text_of(2, 2), "more"));
    assert_non_null(strstr(text_of(0, 0), "\n+2 more\n"));
    assert_null(strstr(text_of(0, 0), "EDK II"));
    assert_non_null(strstr(text_of(1, 1), "\nEDK II 0x10000\n"));
}

static void a_planted_defect_that_was_missed_is_told_on_any_screen(void **state)
{
    (void)state;
    static struct self_test test;
    test = (struct self_test){.count = 2, .done = 2};
    test.plantings[0] = (struct planting){.id = "gs.base", .outcome = PLANTING_CAUGHT};
    test.plantings[1] = (struct planting){.id = "df.storm", .outcome = PLANTING_CAUGHT};
    start();
    assert_null(strstr(text_of(1, 1), "teeth"));
    report.self_test = &test;
    assert_non_null(strstr(text_of(1, 1), "\nteeth: 2 of 2 planted defects caught"));
    assert_null(strstr(text_of(0, 0), "teeth"));
    self_test_miss(&test, 1, &(struct words){.seen = "PASS"});
    assert_non_null(strstr(text_of(0, 0), "\nteeth: 1 of 2 planted defects caught"));
    assert_non_null(strstr(text_of(0, 0), "df.storm"));
    assert_true(strlen(text_of(0, 0)) < 200);
}

/* A report that is full when the last checks fail. */
static void what_the_report_had_no_room_for_is_told(void **state)
{
    (void)state;
    start();
    report.finding_count = FINDING_MAX - 1;
    add_failure(0, "gs.base", 0, "0x0");
    add_failure(0, "gs.base", 1, "0x1");
    add_failure(0, "gs.base", 2, "0x2");
    add_failure(1, "df.storm", 3, "0x3");
    add_failure(1, "df.storm", 1, "0x4");
    assert_int_equal(report.results[0].finding_count, 1);
    assert_int_equal(report.results[1].finding_count, 0);
    assert_non_null(strstr(text_of(2, 2), "\ngs.base CPU 0: 0x0\ndf.storm CPU 1,3\n+2 more\n"));
    assert_non_null(strstr(text_of(1, 1), "\ngs.base CPU 0: 0x0\n+3 more\n"));
    assert_non_null(strstr(text_of(9, 0), "\ndf.storm CPU 1,3\n+2 more\n"));
    if (qr_offered()) {
        assert_true(qr_of_report(&qr, &report, QR_SIZE_MAX));
        assert_int_equal(qr.named, 2);
        assert_int_equal(qr.failures, 4);
        assert_non_null(strstr(qr.text, "\n+2 more\n"));
    }
}

/* One deviation of it was kept before. */
static void a_check_whose_failure_was_dropped_is_named(void **state)
{
    (void)state;
    struct words words = {.seen = "0x1"};
    start();
    report.results[0].id = "gs.base";
    report.result_count = 1;
    report_find(&report, 0, 0, VERDICT_DEVIATION, &words);
    report.finding_count = FINDING_MAX;
    add_failure(0, "gs.base", 2, "0x2");
    add_failure(0, "gs.base", CPU_NONE, "0x3");
    assert_int_equal(report.results[0].findings_dropped, 2);
    assert_non_null(strstr(text_of(1, 1), "\ngs.base CPU 2\n"));
    assert_null(strstr(text_of(1, 1), "more"));
    assert_non_null(strstr(text_of(0, 0), "\n+1 more\n"));
}

static void it_keeps_to_its_room(void **state)
{
    (void)state;
    static char ids[40][16];
    start();
    if (!qr_offered()) {
        skip();
    }
    for (uint32_t n = 0; n < 40; n++) {
        snprintf(ids[n], sizeof(ids[n]), "df.check-%u", n);
        add_failure(n, ids[n], n % 4, "a value that takes its room in the code, as values do");
    }
    for (uint32_t room = 41; room <= QR_SIZE_MAX; room += 3) {
        assert_true(qr_of_report(&qr, &report, room));
        assert_true(qr_size(&qr) <= room);
    }
    assert_false(qr_of_report(&qr, &report, 24));
    assert_false(qr_of_report(&qr, &report, 3));
}

/* Three finder patterns and their light rims (ISO/IEC 18004, 6.3.3). */
static void it_is_a_qr_code(void **state)
{
    (void)state;
    start();
    if (!qr_offered()) {
        skip();
    }
    assert_true(qr_of_report(&qr, &report, QR_10));
    uint32_t last = qr_size(&qr) - 1;
    assert_int_equal(qr_size(&qr) % 4, 1);
    for (uint32_t n = 0; n < 7; n++) {
        assert_true(qr_dark(&qr, n, 0) && qr_dark(&qr, last - n, 0) && qr_dark(&qr, 0, last - n));
        assert_false(qr_dark(&qr, n, 7) || qr_dark(&qr, last - 7, n) || qr_dark(&qr, n, last - 7));
    }
}

static void each_check_has_advice(void **state)
{
    (void)state;
    assert_non_null(strstr(advice_for("up.answer"), "start-up code"));
    assert_non_null(strstr(advice_for("df.storm"), "--repeat"));
    assert_string_equal(advice_for("gs.base"), advice_for(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_tells_the_failures),
        cmocka_unit_test(a_planted_defect_that_was_missed_is_told_on_any_screen),
        cmocka_unit_test(what_the_report_had_no_room_for_is_told),
        cmocka_unit_test(a_check_whose_failure_was_dropped_is_named),
        cmocka_unit_test(it_keeps_to_its_room),
        cmocka_unit_test(it_is_a_qr_code),
        cmocka_unit_test(each_check_has_advice),
    };
    return RUN(tests);
}
