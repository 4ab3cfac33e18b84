/* Reads option text: split into words, each looked up in the table, each value given to its
 * setter. The caller's options change only when all of it was good. */
#include <muster/options.h>

#include "option_table.h"

struct reader {
    enum option_source source;
    const char *at;
    unsigned line;
    struct options *options;
    struct text *passed_over; /* or NULL */
    struct option_error *error;
};

struct word {
    char text[OPTION_VALUE_MAX];
    bool cut, unprintable, unbalanced;
};

void options_default(struct options *ret)
{
    *ret = (struct options){.repeat = 1,
                            .smi_watch_ms = SMI_WATCH_MS,
                            .format_tap = true,
                            .console_serial = true,
                            .console_screen = true};
}

static bool fail(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool fail(struct reader *reader, const char *format, ...)
{
    struct text message;
    text_init(&message, reader->error->message, sizeof(reader->error->message));
    text_add(&message, "muster: ");
    if (reader->source == OPTION_SOURCE_FILE && reader->line > 0) {
        text_format(&message, "muster.cfg:%u: ", reader->line);
    } else if (reader->source == OPTION_SOURCE_FILE) {
        text_add(&message, "muster.cfg: ");
    }
    va_list args;
    va_start(args, format);
    text_vformat(&message, format, args);
    va_end(args);
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void skip_blanks_in_line(struct reader *reader)
{
    while (is_blank(*reader->at) && *reader->at != '\n') {
        reader->at++;
    }
    if (reader->source == OPTION_SOURCE_FILE && *reader->at == '#') {
        while (*reader->at != '\0' && *reader->at != '\n') {
            reader->at++;
        }
    }
}

/* Goes to the next word; false at the end of the text. */
static bool seek_word(struct reader *reader)
{
    skip_blanks_in_line(reader);
    while (*reader->at == '\n') {
        reader->at++;
        reader->line++;
        skip_blanks_in_line(reader);
    }
    return *reader->at != '\0';
}

/* Reads the word here, up to white space outside quotes. What is wrong with it is only marked, for
 * the word may not be meant for us. */
static void read_word(struct reader *reader, struct word *ret)
{
    bool quoted = false;
    struct text text;
    text_init(&text, ret->text, sizeof(ret->text));
    ret->unprintable = false;
    for (; *reader->at != '\0' && *reader->at != '\n'; reader->at++) {
        const char c = *reader->at;
        if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && is_blank(c)) {
            break;
        } else if (c < ' ' || c > '~') {
            ret->unprintable = true;
            text_char(&text, '?');
        } else {
            text_char(&text, c);
        }
    }
    ret->unbalanced = quoted;
    ret->cut = text.cut;
}

static bool check_word(struct reader *reader, const struct word *word)
{
    if (word->unbalanced) {
        return fail(reader, "\"%.40s: the closing quote is missing", word->text);
    }
    if (word->unprintable) {
        return fail(reader, "\"%.40s\": has a character that is not printable ASCII", word->text);
    }
    if (word->cut) {
        return fail(reader, "\"%.40s...\": is longer than %u characters", word->text,
                    OPTION_VALUE_MAX - 1);
    }
    return true;
}

static bool fail_unknown(struct reader *reader, const struct word *word, size_t length)
{
    const struct option_row *guess = option_row_guess(word->text, length);
    if (guess) {
        return fail(reader, "\"%.40s\" is not an option; did you mean %s?", word->text,
                    guess->name);
    }
    return fail(reader, "\"%.40s\" is not an option; --help lists them", word->text);
}

static void pass_over(struct reader *reader, const struct word *word)
{
    if (!reader->passed_over) {
        return;
    }
    if (reader->passed_over->length > 0) {
        text_char(reader->passed_over, ' ');
    }
    text_add(reader->passed_over, word->text);
}

/* A word that whoever wrote the load options meant for another program. What begins with "--" and
 * goes on may be a slip of our user's, and is never passed over. */
static bool is_foreign(const struct reader *reader, const struct word *word)
{
    return reader->source == OPTION_SOURCE_LOADER &&
           !(string_starts(word->text, "--") && word->text[2] != '\0');
}

/* The value is what stands behind '=', or the next word of the line. */
static bool read_value(struct reader *reader, const struct option_row *row, struct word *ret)
{
    skip_blanks_in_line(reader);
    const char first = *reader->at;
    if (first == '\0' || first == '\n' || first == '-') {
        return fail(reader, "%s: wants %s behind it", row->name, row->argument);
    }
    read_word(reader, ret);
    return check_word(reader, ret);
}

static bool set_option(struct reader *reader, const struct option_row *row, const char *value)
{
    char buffer[192];
    struct text problem;
    text_init(&problem, buffer, sizeof(buffer));
    if (row->set(reader->options, value, &problem)) {
        return true;
    }
    return fail(reader, "%s: %s", row->name, buffer);
}

static bool read_option(struct reader *reader)
{
    struct word word;
    read_word(reader, &word);
    size_t length = 0;
    while (word.text[length] != '\0' && word.text[length] != '=') {
        length++;
    }
    const bool joined = word.text[length] == '=';
    const struct option_row *row = option_row_find(word.text, length);
    if (!row && is_foreign(reader, &word) && !word.unbalanced) {
        pass_over(reader, &word);
        return true;
    }
    if (!check_word(reader, &word)) {
        return false;
    }
    if (!row) {
        return fail_unknown(reader, &word, length);
    }
    if (row->argument[0] == '\0') {
        return joined ? fail(reader, "%s: takes no value", row->name) : set_option(reader, row, "");
    }
    if (joined && row->argument[0] == '[' && word.text[length + 1] == '\0') {
        return fail(reader, "%s: nothing stands behind the =", row->name);
    }
    if (joined) {
        return set_option(reader, row, word.text + length + 1);
    }
    if (row->argument[0] == '[') {
        return set_option(reader, row, "");
    }
    return read_value(reader, row, &word) && set_option(reader, row, word.text);
}

/* What would keep a self-test from being made, or NULL. */
static const char *against_self_test(const struct options *options)
{
    return options->break_id[0] != '\0' ? "--break"
           : options->dry_run           ? "--dry-run"
           : options->collect           ? "--collect"
                                        : NULL;
}

/* Typed, --dry-run and --collect are for this start alone: what muster.cfg wants of runs waits. */
static bool settle_self_test(struct reader *reader, enum self_test_wanted before)
{
    struct options *options = reader->options;
    const char *against = against_self_test(options);
    if (options->self_test == SELF_TEST_NO && !options->dry_run && !options->collect) {
        options->self_test = before;
    }
    if (options->self_test == SELF_TEST_NO || against == NULL) {
        return true;
    }
    reader->line = 0; /* of no single line */
    return fail(reader,
                "--self-test: cannot go together with %s%s%s, typed or in muster.cfg; leave one of "
                "them out",
                against, options->break_id[0] != '\0' ? " " : "", options->break_id);
}

bool options_read(struct options *options, enum option_source source, const char *text,
                  struct text *passed_over, struct option_error *ret_error)
{
    struct options changed = *options;
    const enum self_test_wanted before = options->self_test;
    struct reader reader = {
        .source = source,
        .at = text,
        .line = 1,
        .options = &changed,
        .passed_over = passed_over,
        .error = ret_error,
    };
    if (source == OPTION_SOURCE_FILE && string_starts(text, "\xef\xbb\xbf")) {
        reader.at += 3; /* editors on Windows put a byte order mark before the first line */
    }
    changed.self_test = SELF_TEST_NO;
    while (seek_word(&reader)) {
        if (!read_option(&reader)) {
            return false;
        }
    }
    if (!settle_self_test(&reader, before)) {
        return false;
    }
    *options = changed;
    return true;
}
