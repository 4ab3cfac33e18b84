#include "unit.h"

#include <stdio.h>
#include <string.h>

#include <muster/closing.h>

static const char *record_words(bool asked, const struct record_claim *claim,
                                struct record_kept record)
{
    static char buffer[256];
    static struct options options;
    struct text text;
    options.record = asked;
    text_init(&text, buffer, sizeof(buffer));
    closing_record(&text, &options, claim, &record);
    return buffer;
}

static void what_became_of_the_record_is_told(void **state)
{
    (void)state;
    const struct record_claim kept = {.kept = true}, not_kept = {.why_not = "the store is full"};
    const struct record_kept none = {.wanted = 8}, all = {.end = true, .pieces = 8, .wanted = 8};
    assert_string_equal(record_words(true, &kept, all),
                        "report kept: start again from this stick to save it");
    assert_string_equal(record_words(true, &not_kept, none),
                        "no record is kept: the store is full");
    assert_string_equal(record_words(true, &kept, none),
                        "no record is kept: firmware's SetVariable did not take it");
    assert_string_equal(record_words(false, &not_kept, none), "");
}

static void what_firmware_took_of_the_end_is_told(void **state)
{
    (void)state;
    const struct record_claim kept = {.kept = true};
    struct record_kept record = {.end = true, .wanted = 8};
    assert_string_equal(record_words(true, &kept, record),
                        "of the report only verdicts and failures are kept: start again from this "
                        "stick to save it");
    record.pieces = 1;
    assert_string_equal(
        record_words(true, &kept, record),
        "report kept in part, 1 of 8 pieces: start again from this stick to save it");
    assert_false(record_whole(&record));
    record.death = true; /* SetVariable did not come back from piece 2 */
    assert_non_null(strstr(record_words(true, &kept, record), "1 of 8 pieces: start"));
    record = (struct record_kept){.death = true};
    assert_string_equal(record_words(true, &kept, record),
                        "the end of this run is not kept: the next start may tell of a death");
}

static void what_comes_next_is_told(void **state)
{
    (void)state;
    assert_non_null(strstr(closing_next(THEN_WAIT), "after 600 s"));
    assert_non_null(strstr(closing_next(THEN_WAIT), "USB keyboards are gone"));
    assert_string_equal(closing_next(THEN_HALT), closing_next(THEN_DEBUG_EXIT));
    for (enum then then = THEN_WAIT; then <= THEN_DEBUG_EXIT; then++) {
        assert_true(closing_next(then)[0] != '\0');
    }
}

/* Keys come first: they are at hand. */
static void the_rest_is_where_it_can_be_read(void **state)
{
    (void)state;
    assert_string_equal(closing_rest(THEN_WAIT, true, true), "press Space");
    assert_string_equal(closing_rest(THEN_HALT, true, true), "in the report kept");
    assert_string_equal(closing_rest(THEN_HALT, false, true), "in the serial report");
    assert_string_equal(closing_rest(THEN_HALT, false, false), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_became_of_the_record_is_told),
        cmocka_unit_test(what_firmware_took_of_the_end_is_told),
        cmocka_unit_test(what_comes_next_is_told),
        cmocka_unit_test(the_rest_is_where_it_can_be_read),
    };
    return RUN(tests);
}
