#include <muster/command_line.h>

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_letters(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (lower(a[i]) != lower(b[i])) {
            return false;
        }
    }
    return true;
}

void command_line_add(struct text *out, const char *word)
{
    bool quoted = *word == '\0';
    for (const char *c = word; *c != '\0'; c++) {
        quoted = quoted || is_space(*c);
    }
    text_add(out, out->length > 0 ? " " : "");
    text_add(out, quoted ? "\"" : "");
    for (const char *c = word; *c != '\0'; c++) {
        if (*c != '"') {
            text_char(out, *c);
        }
    }
    text_add(out, quoted ? "\"" : "");
}

/* A word of a line, without its quotes. */
struct word {
    const char *at;
    size_t length;
    const char *after;
};

static struct word first_word(const char *line)
{
    while (is_space(*line)) {
        line++;
    }
    const bool quoted = *line == '"';
    const char *at = quoted ? line + 1 : line;
    const char *end = at;
    while (*end != '\0' && (quoted ? *end != '"' : !is_space(*end))) {
        end++;
    }
    return (struct word){
        .at = at, .length = (size_t)(end - at), .after = quoted && *end != '\0' ? end + 1 : end};
}

static bool ends_in_efi(const struct word *word)
{
    return word->length > 4 && same_letters(word->at + word->length - 4, ".efi", 4);
}

/* The shell is also called by a path, and without ".efi". */
static bool is_named(const struct word *word, const char *name)
{
    size_t length = string_length(name);
    if (length > 4 && same_letters(name + length - 4, ".efi", 4)) {
        length -= 4;
    }
    if (length == 0 || word->length < length) {
        return false;
    }
    const char *tail = word->at + word->length - length;
    const bool whole = tail == word->at || tail[-1] == '\\' || tail[-1] == '/' || tail[-1] == ':';
    return whole && same_letters(tail, name, length);
}

const char *command_line_options(const char *line, const char *own_name)
{
    const struct word word = first_word(line);
    if (ends_in_efi(&word) || (own_name != NULL && is_named(&word, own_name))) {
        return word.after;
    }
    return line;
}
