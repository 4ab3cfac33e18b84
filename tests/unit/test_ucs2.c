#include "unit.h"

#include <muster/ucs2.h>

static char buffer[64];
static struct text out;

static int reset(void **state)
{
    (void)state;
    text_init(&out, buffer, sizeof(buffer));
    return 0;
}

/* Bytes of exactly this size, so that a read past the end is seen. */
static bool is_text(const char *bytes, uint32_t size)
{
    char *exact = malloc(size > 0 ? size : 1);
    memcpy(exact, bytes, size);
    const bool text = ucs2_is_text(exact, size);
    free(exact);
    return text;
}

static long print_file(const char *bytes, uint32_t size)
{
    char *exact = malloc(size > 0 ? size : 1);
    memcpy(exact, bytes, size);
    reset(NULL);
    const long bad = ucs2_print_file(&out, exact, size);
    free(exact);
    return bad;
}

static void prints_up_to_the_nul_or_the_end(void **state)
{
    (void)state;
    ucs2_print(&out, "a\0b\0\0\0c", 4, '?');
    assert_string_equal(buffer, "ab");
    ucs2_print(&out, "a\0b", 1, '?');
    assert_string_equal(buffer, "aba");
    ucs2_print(&out, "\xe9\0\x41\x30z", 3, '?');
    assert_string_equal(buffer, "aba??z");
}

static void reads_at_any_alignment(void **state)
{
    (void)state;
    const char odd[] = "xa\0b";
    ucs2_print(&out, odd + 1, 2, '?');
    assert_string_equal(buffer, "ab");
}

static void text_is_told_from_other_bytes(void **state)
{
    (void)state;
    assert_true(is_text("", 0));
    assert_true(is_text("-\0h\0\0\0", 6));
    assert_true(is_text("-\0h\0", 4));
    assert_true(is_text("-\0h\0x", 5));
    assert_true(is_text("a\0 \0\xe9\0", 6));
    assert_true(is_text("a\0\0\0\x01\x02", 6)); /* what follows the NUL does not count */
    assert_false(is_text("a\0\x01\0", 4));
    assert_false(is_text("a\0\x7f\0", 4));
    /* A GUID that a boot manager adds. */
    assert_false(is_text("\x4e\xac\x08\x81\x11\x9f\x59\x4d\x85\x0e\xe2\x1a\x52\x2c\x59\xb2", 16));
    /* One-byte text where two-byte text is wanted. */
    assert_false(is_text("--dry-run", 9));
}

static void files_are_bytes_or_marked_utf16(void **state)
{
    (void)state;
    assert_int_equal(print_file("--list\r\n", 8), -1);
    assert_string_equal(buffer, "--list\r\n");
    assert_int_equal(print_file("\xef\xbb\xbf--list", 9), -1);
    assert_string_equal(buffer, "--list");
    assert_int_equal(print_file("\xff\xfe-\0l\0\xe9\0", 8), -1);
    assert_string_equal(buffer, "-l\x7f");
    assert_int_equal(print_file("\xff\xfe-\0l", 5), -1);
    assert_string_equal(buffer, "-");
    assert_int_equal(print_file("# \xc3\xa9", 4), -1);
    assert_string_equal(buffer, "# \xc3\xa9");
    assert_int_equal(print_file("", 0), -1);
    assert_string_equal(buffer, "");
}

static void bytes_that_no_text_has_are_pointed_at(void **state)
{
    (void)state;
    assert_int_equal(print_file("--li\0st", 7), 4);
    assert_int_equal(print_file("\x1b[0m", 4), 0);
    assert_int_equal(print_file("\xff\xfe-\0\x01\0", 6), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(prints_up_to_the_nul_or_the_end, reset),
        cmocka_unit_test_setup(reads_at_any_alignment, reset),
        cmocka_unit_test(text_is_told_from_other_bytes),
        cmocka_unit_test(files_are_bytes_or_marked_utf16),
        cmocka_unit_test(bytes_that_no_text_has_are_pointed_at),
    };
    return RUN(tests);
}
