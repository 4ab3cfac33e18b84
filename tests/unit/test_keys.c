/* Keys by PS/2 and by terminal. */
#include "unit.h"

#include <muster/keys.h>

static enum key last_of(const char *characters)
{
    struct key_sequence sequence = {0};
    enum key key = KEY_NONE;
    for (; *characters; characters++) {
        key = key_of_character(&sequence, (uint8_t)*characters);
        if (characters[1]) {
            assert_int_equal(key, KEY_NONE);
        }
    }
    return key;
}

static void a_terminal_sends_characters_and_sequences(void **state)
{
    (void)state;
    assert_int_equal(last_of(" "), KEY_NEXT);
    assert_int_equal(last_of("p"), KEY_BACK);
    assert_int_equal(last_of("S"), KEY_SHUTDOWN);
    assert_int_equal(last_of("r"), KEY_OTHER);
    assert_int_equal(last_of("\r"), KEY_OTHER);
    assert_int_equal(last_of("\x1b"), KEY_NONE);
    assert_int_equal(last_of("\x1b[B"), KEY_NEXT);
    assert_int_equal(last_of("\x1b[6~"), KEY_NEXT);
    assert_int_equal(last_of("\x1b[5~"), KEY_BACK);
    assert_int_equal(last_of("\x1b[A"), KEY_BACK);
    assert_int_equal(last_of("\x1bOB"), KEY_NEXT);
    assert_int_equal(last_of("\x1b[C"), KEY_NONE);
}

static void after_a_sequence_keys_count_again(void **state)
{
    (void)state;
    struct key_sequence sequence = {0};
    for (const char *at = "\x1b[6~"; *at; at++) {
        key_of_character(&sequence, (uint8_t)*at);
    }
    assert_int_equal(key_of_character(&sequence, 's'), KEY_SHUTDOWN);
}

static void a_keyboard_sends_scan_codes(void **state)
{
    (void)state;
    assert_int_equal(key_of_scan_code(0x39), KEY_NEXT);
    assert_int_equal(key_of_scan_code(0x51), KEY_NEXT);
    assert_int_equal(key_of_scan_code(0x49), KEY_BACK);
    assert_int_equal(key_of_scan_code(0x1f), KEY_SHUTDOWN);
    assert_int_equal(key_of_scan_code(0x1c), KEY_OTHER);
    assert_int_equal(key_of_scan_code(0x9c), KEY_NONE); /* Enter is let go */
    assert_int_equal(key_of_scan_code(0xe0), KEY_NONE); /* a longer code begins */
}

/* The E0 forms have the same second byte: right Ctrl and Alt, and the fake Shifts around grey keys.
 */
static void what_alone_says_nothing_is_no_key(void **state)
{
    (void)state;
    static const uint8_t codes[] = {0x1d, 0x2a, 0x36, 0x38, 0x3a, 0x45, 0x46, 0x5b, 0x5c};
    for (size_t n = 0; n < sizeof(codes); n++) {
        assert_int_equal(key_of_scan_code(codes[n]), KEY_NONE);
        assert_int_equal(key_of_scan_code(codes[n] | 0x80), KEY_NONE);
    }
}

static void nul_is_no_key(void **state)
{
    (void)state;
    struct key_sequence sequence = {0};
    assert_int_equal(key_of_character(&sequence, '\0'), KEY_NONE);
    assert_int_equal(key_of_character(&sequence, ' '), KEY_NEXT);
    key_of_character(&sequence, 0x1b);
    assert_int_equal(key_of_character(&sequence, '\0'), KEY_NONE);
    key_of_character(&sequence, '[');
    assert_int_equal(key_of_character(&sequence, 'B'), KEY_NEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_sends_characters_and_sequences),
        cmocka_unit_test(after_a_sequence_keys_count_again),
        cmocka_unit_test(a_keyboard_sends_scan_codes),
        cmocka_unit_test(what_alone_says_nothing_is_no_key),
        cmocka_unit_test(nul_is_no_key),
    };
    return RUN(tests);
}
