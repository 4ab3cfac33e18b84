#include <muster/paragraph.h>

static uint32_t word_length(const char *words)
{
    uint32_t length = 0;
    while (words[length] != '\0' && words[length] != ' ') {
        length++;
    }
    return length;
}

static const char *skip_spaces(const char *words)
{
    while (*words == ' ') {
        words++;
    }
    return words;
}

void paragraph_print(struct text *out, uint32_t indent, uint32_t width, const char *label,
                     const char *words)
{
    const uint32_t first = indent + (uint32_t)string_length(label);
    uint32_t column = first;
    text_format(out, "%*s%s", (int)indent, "", label);
    for (words = skip_spaces(words); *words != '\0'; words = skip_spaces(words)) {
        const uint32_t length = word_length(words);
        if (column > first && column + 1 + length > width) {
            text_format(out, "\n%*s", (int)first, "");
            column = first;
        }
        const uint32_t space = column > first;
        text_add(out, space ? " " : "");
        text_format(out, "%.*s", (int)length, words);
        column += space + length;
        words += length;
    }
    text_char(out, '\n');
}
