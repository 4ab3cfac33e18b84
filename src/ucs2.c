#include <muster/bytes.h>
#include <muster/memory.h>
#include <muster/ucs2.h>

static bool is_space(uint16_t unit)
{
    return unit == ' ' || (unit >= '\t' && unit <= '\r');
}

static bool is_control(uint16_t unit)
{
    return (unit < ' ' && !is_space(unit)) || (unit >= 0x7f && unit < 0xa0);
}

static char to_ascii(uint16_t unit, char other)
{
    return unit < 0x80 ? (char)unit : other;
}

void ucs2_print(struct text *out, const void *string, uint32_t units, char other)
{
    const uint8_t *at = string;
    for (uint32_t i = 0; i < units; i++) {
        const uint16_t unit = bytes_u16(at + 2 * (uint64_t)i);
        if (unit == 0) {
            return;
        }
        text_char(out, to_ascii(unit, other));
    }
}

bool ucs2_is_text(const void *bytes, uint32_t size)
{
    const uint8_t *at = bytes;
    uint32_t ascii = 0;
    uint32_t total = 0;
    for (; total < size / 2; total++) {
        const uint16_t unit = bytes_u16(at + 2 * (uint64_t)total);
        if (unit == 0) {
            break;
        }
        if (is_control(unit)) {
            return false;
        }
        ascii += unit < 0x80;
    }
    return total == 0 || ascii > total / 2;
}

static long print_utf16_file(struct text *out, const uint8_t *at, uint32_t size)
{
    for (uint32_t i = 2; i + 1 < size; i += 2) {
        const uint16_t unit = bytes_u16(at + i);
        if (is_control(unit)) {
            return (long)i;
        }
        text_char(out, to_ascii(unit, UCS2_NOT_AN_OPTION));
    }
    return -1;
}

static long print_byte_file(struct text *out, const uint8_t *at, uint32_t size, uint32_t from)
{
    for (uint32_t i = from; i < size; i++) {
        /* Bytes from 0x80 on are UTF-8, which a comment may hold. */
        if (at[i] < 0x80 && is_control(at[i])) {
            return (long)i;
        }
        text_char(out, (char)at[i]);
    }
    return -1;
}

long ucs2_print_file(struct text *out, const void *bytes, uint32_t size)
{
    const uint8_t *at = bytes;
    if (size >= 2 && at[0] == 0xff && at[1] == 0xfe) {
        return print_utf16_file(out, at, size);
    }
    const bool marked = size >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0;
    return print_byte_file(out, at, size, marked ? 3 : 0);
}
