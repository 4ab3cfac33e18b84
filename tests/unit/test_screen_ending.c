/* The screen once the run has ended: all that its person needs, however many CPUs there are. */
#include "screens.h"

/* All of the code made last is on the screen, with its quiet zone. */
static void assert_the_code_is_there(void)
{
    uint32_t side = qr_size(&sample.qr) + 2 * QR_QUIET;
    assert_int_equal(count_paper(INK_LIGHT), (side + 1) / 2 * ((side + 3) / 4));
    assert_non_null(strstr(sample.qr.text, "\ndf.guard-page CPU "));
    assert_non_null(strstr(sample.qr.text, "\ndf.storm CPU "));
}

static void however_many_cpus_there_are_the_code_has_its_place(void **state)
{
    (void)state;
    if (!qr_offered()) {
        skip();
    }
    for (uint32_t cpus = 1; cpus <= CPU_MAX; cpus += cpus < 512 ? 1 : 7) {
        draw("fail", cpus, 100, 37);
        assert_the_code_is_there();
        draw("fail", cpus, 160, 50);
        assert_the_code_is_there();
    }
}

static void the_code_outlasts_all_pages_where_it_is_no_failures_room(void **state)
{
    (void)state;
    struct failures_page page = {0};
    draw_ended("fail", 255, 100, 37);
    sample.model.page = &page;
    page.first = 1;
    screen_draw(&screen, &sample.model);
    assert_int_equal(count_paper(INK_LIGHT) > 100, qr_offered());
    assert_int_not_equal(row_of("df.storm  CPU 127"), -1);
}

static void a_small_screen_tells_all_that_matters(void **state)
{
    (void)state;
    static const uint32_t rolls[] = {2, 4, 24, 48, 96, 128, 255};
    for (unsigned n = 0; n < sizeof(rolls) / sizeof(rolls[0]); n++) {
        draw_ended("fail", rolls[n], 100, 37);
        assert_int_not_equal(row_of("USB keyboards are gone."), -1);
        assert_int_not_equal(row_of("report kept: start again from this stick to save it"), -1);
        assert_int_not_equal(row_of("run it again with --only and"), -1);
        assert_int_not_equal(row_of("bring-up by CPU"), -1);
        assert_int_equal(row_of("and 3 more: press Space") != -1, qr_offered());
        assert_true(count_paper(INK_FAIL) > 100);
    }
}

/* An entry that an earlier page told does not use up what is to be said of the next. */
static void advice_is_told_with_the_first_entry_that_is_shown(void **state)
{
    (void)state;
    struct failures_page page = {.first = 1};
    draw("fail", 4, 100, 37);
    sample.model.page = &page;
    screen_draw(&screen, &sample.model);
    assert_int_not_equal(row_of("df.storm  CPU 2"), -1);
    assert_int_not_equal(row_of("run it again with --only and"), -1);
}

static void where_the_rest_of_the_list_is_is_told(void **state)
{
    (void)state;
    draw("many", 4, 160, 50);
    assert_int_not_equal(row_of("more: press Space"), -1);
    sample.model.rest = "";
    screen_draw(&screen, &sample.model);
    assert_int_equal(row_of("more:"), -1);
    assert_int_not_equal(row_of(" more"), -1);
}

static void why_no_record_is_kept_is_told(void **state)
{
    (void)state;
    draw("pass", 255, 100, 37);
    sample.model.kept =
        "no record is kept: 200000 of the variable store's 262144 bytes are in use; "
        "a record may fill half of it";
    screen_draw(&screen, &sample.model);
    assert_int_not_equal(row_of("no record is kept: 200000 of"), -1);
    assert_int_not_equal(row_of("USB keyboards are gone."), -1);
}

static void what_to_do_next_is_told(void **state)
{
    (void)state;
    draw("lost", 4, 160, 50);
    assert_int_not_equal(row_of("run it again: the same CPU at the same stage"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(however_many_cpus_there_are_the_code_has_its_place),
        cmocka_unit_test(the_code_outlasts_all_pages_where_it_is_no_failures_room),
        cmocka_unit_test(a_small_screen_tells_all_that_matters),
        cmocka_unit_test(advice_is_told_with_the_first_entry_that_is_shown),
        cmocka_unit_test(where_the_rest_of_the_list_is_is_told),
        cmocka_unit_test(why_no_record_is_kept_is_told),
        cmocka_unit_test(what_to_do_next_is_told),
    };
    return RUN(tests);
}
