#include "unit.h"

#include <limits.h>
#include <stdio.h>

#include <muster/text.h>

static char buffer[128];
static struct text text;

static int fresh(void **state)
{
    (void)state;
    memset(buffer, 'x', sizeof(buffer));
    text_init(&text, buffer, sizeof(buffer));
    return 0;
}

static void starts_empty(void **state)
{
    (void)state;
    assert_string_equal(buffer, "");
    assert_int_equal(text.length, 0);
    assert_false(text.cut);
}

static void adds_characters_and_strings(void **state)
{
    (void)state;
    text_add(&text, "CPU");
    text_char(&text, ' ');
    text_add(&text, "7");
    assert_string_equal(buffer, "CPU 7");
    assert_int_equal(text.length, 5);
}

static void cuts_at_the_end(void **state)
{
    (void)state;
    text_init(&text, buffer, 4);
    text_add(&text, "abc");
    assert_false(text.cut);
    text_char(&text, 'd');
    text_format(&text, "%d", 5);
    assert_true(text.cut);
    assert_string_equal(buffer, "abc");
    assert_int_equal(text.length, 3);
    assert_int_equal(buffer[4], 'x');
}

static void one_byte_holds_the_terminator(void **state)
{
    (void)state;
    text_init(&text, buffer, 1);
    text_add(&text, "a");
    assert_string_equal(buffer, "");
    assert_true(text.cut);
    assert_int_equal(buffer[1], 'x');
}

/* The host's printf is the independent implementation. */
#define SAME_AS_HOST(...)                                                                          \
    do {                                                                                           \
        char wanted[sizeof(buffer)];                                                               \
        snprintf(wanted, sizeof(wanted), __VA_ARGS__);                                             \
        text_init(&text, buffer, sizeof(buffer));                                                  \
        text_format(&text, __VA_ARGS__);                                                           \
        assert_string_equal(buffer, wanted);                                                       \
    } while (0)

static void formats_numbers_as_the_host_does(void **state)
{
    (void)state;
    SAME_AS_HOST("%d %d %d %d", 0, -1, INT_MAX, INT_MIN);
    SAME_AS_HOST("%u %x", UINT_MAX, UINT_MAX);
    SAME_AS_HOST("%ld %lu %lx", LONG_MIN, ULONG_MAX, ULONG_MAX);
    SAME_AS_HOST("%lld %llu %llx", LLONG_MIN, ULLONG_MAX, 0x123456789abcdefull);
    SAME_AS_HOST("%zu %zx", SIZE_MAX, (size_t)0);
    SAME_AS_HOST("[%5d] [%-5d] [%05d] [%5d]", 42, 42, 42, -42);
    SAME_AS_HOST("[%05d] [%-6d] [%02x] [%016lx]", -42, -42, 10, 0xabcul);
    SAME_AS_HOST("[%1d] [%3u] [%*d] [%*x]", 12345, 12345u, 6, 7, 4, 0xfu);
}

static void formats_strings_as_the_host_does(void **state)
{
    (void)state;
    SAME_AS_HOST("%s|%s", "", "text");
    SAME_AS_HOST("[%6s] [%-6s] [%2s]", "abc", "abc", "abc");
    SAME_AS_HOST("[%.2s] [%.0s] [%.9s] [%6.2s] [%-6.2s]", "abc", "abc", "abc", "abc", "abc");
    SAME_AS_HOST("[%.*s] [%*s]", 2, "abc", 5, "abc");
    SAME_AS_HOST("%c%c%c 100%%", 'a', '%', 'z');
    SAME_AS_HOST("[%3c] [%-3c]", 'a', 'b');
}

static void reads_no_further_than_the_precision(void **state)
{
    (void)state;
    const char unterminated[3] = {'a', 'b', 'c'};
    text_format(&text, "%.3s", unterminated);
    assert_string_equal(buffer, "abc");
}

/* Formats the compiler would refuse, handed over at run time. */
static void format_odd(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_vformat(&text, format, args);
    va_end(args);
}

static void survives_bad_formats(void **state)
{
    (void)state;
    format_odd("%q %");
    assert_string_equal(buffer, "%q %");
    fresh(state);
    format_odd("[%s]", (char *)NULL);
    assert_string_equal(buffer, "[(none)]");
    fresh(state);
    format_odd("[%05s]", "ab"); /* zeros are for numbers */
    assert_string_equal(buffer, "[   ab]");
    fresh(state);
    format_odd("%999999999d", 1);
    assert_true(text.cut);
    assert_int_equal(strlen(buffer), sizeof(buffer) - 1);
}

static void leaves_the_callers_arguments_usable(void **state)
{
    (void)state;
    fresh(state);
    format_odd("%d %s %d", 1, "two", 3);
    format_odd(" %d", 4);
    assert_string_equal(buffer, "1 two 3 4");
}

static void compares_strings(void **state)
{
    (void)state;
    assert_int_equal(string_length(""), 0);
    assert_int_equal(string_length("four"), 4);
    assert_true(string_equal("", ""));
    assert_true(string_equal("abc", "abc"));
    assert_false(string_equal("abc", "abd"));
    assert_false(string_equal("abc", "ab"));
    assert_false(string_equal("", "a"));
    assert_true(string_starts("abc", ""));
    assert_true(string_starts("abc", "ab"));
    assert_true(string_starts("abc", "abc"));
    assert_false(string_starts("abc", "abcd"));
    assert_false(string_starts("abc", "b"));
    assert_false(string_starts("", "b"));
}

static void copies_what_fits(void **state)
{
    (void)state;
    assert_true(string_copy(buffer, 4, "abc"));
    assert_string_equal(buffer, "abc");
    assert_false(string_copy(buffer, 3, "abc"));
    assert_string_equal(buffer, "ab");
    assert_false(string_copy(buffer, 1, "abc"));
    assert_string_equal(buffer, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(starts_empty, fresh),
        cmocka_unit_test_setup(adds_characters_and_strings, fresh),
        cmocka_unit_test_setup(cuts_at_the_end, fresh),
        cmocka_unit_test_setup(one_byte_holds_the_terminator, fresh),
        cmocka_unit_test(formats_numbers_as_the_host_does),
        cmocka_unit_test(formats_strings_as_the_host_does),
        cmocka_unit_test_setup(reads_no_further_than_the_precision, fresh),
        cmocka_unit_test_setup(survives_bad_formats, fresh),
        cmocka_unit_test_setup(leaves_the_callers_arguments_usable, fresh),
        cmocka_unit_test(compares_strings),
        cmocka_unit_test_setup(copies_what_fits, fresh),
    };
    return RUN(tests);
}
