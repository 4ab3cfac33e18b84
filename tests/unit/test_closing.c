#include "unit.h"

#include <stdio.h>
#include <string.h>

#include <muster/closing.h>

static const char *record_words(bool asked, const struct record_claim *claim, uint32_t pieces)
{
    static char buffer[256];
    static struct options options;
    struct text text;
    options.record = asked;
    text_init(&text, buffer, sizeof(buffer));
    closing_record(&text, &options, claim, pieces);
    return buffer;
}

static void what_became_of_the_record_is_told(void **state)
{
    (void)state;
    const struct record_claim kept = {.kept = true}, not_kept = {.why_not = "the store is full"};
    assert_string_equal(record_words(true, &kept, 3),
                        "report kept: start again from this stick to save it");
    assert_string_equal(record_words(true, &not_kept, 0), "no record is kept: the store is full");
    assert_string_equal(record_words(true, &kept, 0),
                        "no record is kept: firmware's SetVariable did not take it");
    assert_string_equal(record_words(false, &not_kept, 0), "");
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
        cmocka_unit_test(what_comes_next_is_told),
        cmocka_unit_test(the_rest_is_where_it_can_be_read),
    };
    return RUN(tests);
}
