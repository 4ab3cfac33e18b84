/* Text built into a caller's buffer: bounded, always terminated, no allocation. */
#ifndef MUSTER_TEXT_H
#define MUSTER_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *at;
    size_t size;   /* of the buffer, terminator included */
    size_t length; /* without the terminator */
    bool cut;      /* something did not fit and was dropped */
};

/* Any phase, any CPU. `size` is at least 1. */
void text_init(struct text *text, char *buffer, size_t size);
void text_char(struct text *text, char c);
void text_add(struct text *text, const char *string);
/* The printf subset %c %s %d %u %x with l, ll, z, width, '-', '0', precision for %s, and %%; width
 * and precision may be '*'. Anything else is shown as it stands. */
void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vformat(struct text *text, const char *format, va_list args);

/* strlen, strcmp and so on, which the freestanding program has no library for. */
size_t string_length(const char *string);
bool string_equal(const char *a, const char *b);
bool string_starts(const char *string, const char *prefix);
/* Copies what fits and always terminates; false when cut. `size` is at least 1. */
bool string_copy(char *to, size_t size, const char *from);

#endif
