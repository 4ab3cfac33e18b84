/* Any text for options: it is taken whole, or refused with one printable line and nothing changed.
 * The input's first byte chooses the source; a seed begins with 0 (shell), 1 (loader) or 2 (file).
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <muster/options.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_printable(const char *text, size_t room)
{
    assert(memchr(text, '\0', room));
    for (; *text != '\0'; text++) {
        assert(*text >= ' ' && *text <= '~');
    }
}

static void check_options(const struct options *options)
{
    assert(options->ask <= ASK_LIST && options->then <= THEN_DEBUG_EXIT);
    assert(options->repeat >= 1 && options->repeat <= REPEAT_MAX);
    assert(options->format_tap || options->format_json);
    assert(options->console_serial || options->console_screen);
    assert(options->cpus_given == !cpuset_empty(&options->cpus));
    check_printable(options->only, sizeof(options->only));
    check_printable(options->skip, sizeof(options->skip));
    check_printable(options->break_id, sizeof(options->break_id));
    assert(options->serial.baud == 0 || 115200 % options->serial.baud == 0);
    if (options->serial.kind == SERIAL_PORT) {
        assert(options->serial.address > 0 && options->serial.address <= 0xfff8);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char passed_buffer[64];
    struct text passed;
    struct option_error error;
    struct options options;
    if (size == 0) {
        return 0;
    }
    char *text = malloc(size); /* of just this size, so that ASan sees one byte too many */
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    const enum option_source source = data[0] % 3;
    text_init(&passed, passed_buffer, sizeof(passed_buffer));
    options_default(&options);
    const struct options before = options;
    if (options_read(&options, source, text, &passed, &error)) {
        check_options(&options);
    } else {
        assert(!memcmp(&options, &before, sizeof(options)));
        check_printable(error.message, sizeof(error.message));
        assert(!strncmp(error.message, "muster: ", 8) && error.message[8] != '\0');
    }
    check_printable(passed_buffer, sizeof(passed_buffer));
    assert(source == OPTION_SOURCE_LOADER || passed.length == 0);
    free(text);
    return 0;
}
