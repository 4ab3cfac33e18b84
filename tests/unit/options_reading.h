/* Reading options from an invented command line or file. */
#ifndef TEST_OPTIONS_READING_H
#define TEST_OPTIONS_READING_H

#include "unit.h"

#include <stdio.h>

#include <muster/options.h>

static struct options options;
static struct option_error error;
static char passed_buffer[512];
static struct text passed;

static inline int fresh(void **state)
{
    (void)state;
    options_default(&options);
    memset(&error, 0, sizeof(error));
    text_init(&passed, passed_buffer, sizeof(passed_buffer));
    return 0;
}

static inline bool read_from(enum option_source source, const char *text)
{
    return options_read(&options, source, text, &passed, &error);
}

static inline void accept(const char *text)
{
    error.message[0] = '\0';
    if (!read_from(OPTION_SOURCE_SHELL, text)) {
        fail_msg("\"%s\" was refused: %s", text, error.message);
    }
    assert_string_equal(error.message, "");
}

static inline void refuse_from(enum option_source source, const char *text, const char *message)
{
    const struct options before = options;
    assert_false(read_from(source, text));
    assert_string_equal(error.message, message);
    assert_memory_equal(&options, &before, sizeof(options));
}

static inline void refuse(const char *text, const char *message)
{
    refuse_from(OPTION_SOURCE_SHELL, text, message);
}

#endif
