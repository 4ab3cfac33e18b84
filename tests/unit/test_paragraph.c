#include "unit.h"

#include <muster/paragraph.h>

static char buffer[256];

static const char *set(uint32_t indent, uint32_t width, const char *label, const char *words)
{
    struct text out;
    text_init(&out, buffer, sizeof(buffer));
    paragraph_print(&out, indent, width, label, words);
    return buffer;
}

static void short_words_take_one_line(void **state)
{
    (void)state;
    assert_string_equal(set(2, 40, "claim: ", "it holds"), "  claim: it holds\n");
    assert_string_equal(set(0, 40, "", ""), "\n");
    assert_string_equal(set(0, 40, "", "  a   b "), "a b\n");
}

static void lines_break_below_the_first_word(void **state)
{
    (void)state;
    assert_string_equal(set(1, 12, "x: ", "aaa bbb ccc ddd"), " x: aaa bbb\n    ccc ddd\n");
    assert_string_equal(set(0, 7, "", "aaa bbb ccc"), "aaa bbb\nccc\n");
    assert_string_equal(set(0, 6, "", "aaa bbb ccc"), "aaa\nbbb\nccc\n");
}

static void a_long_word_stands_alone(void **state)
{
    (void)state;
    assert_string_equal(set(0, 5, "", "a bbbbbbbbb c"), "a\nbbbbbbbbb\nc\n");
    assert_string_equal(set(0, 0, "", "a b"), "a\nb\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_words_take_one_line),
        cmocka_unit_test(lines_break_below_the_first_word),
        cmocka_unit_test(a_long_word_stands_alone),
    };
    return RUN(tests);
}
