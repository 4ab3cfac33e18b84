/* Rectangles of cells, and text in them. */
#include "screen_parts.h"

static uint32_t at_most(uint32_t value, uint32_t most)
{
    return value < most ? value : most;
}

struct pane pane_part(const struct pane *pane, uint32_t left, uint32_t top, uint32_t columns,
                      uint32_t rows)
{
    left = at_most(left, pane->columns);
    top = at_most(top, pane->rows);
    return (struct pane){
        .screen = pane->screen,
        .left = pane->left + left,
        .top = pane->top + top,
        .columns = at_most(columns, pane->columns - left),
        .rows = at_most(rows, pane->rows - top),
    };
}

static struct cell *pane_cell(const struct pane *pane, uint32_t column, uint32_t row)
{
    return &pane->screen->cells[(pane->top + row) * pane->screen->columns + pane->left + column];
}

void pane_fill(const struct pane *pane, enum ink paper)
{
    for (uint32_t row = 0; row < pane->rows; row++) {
        for (uint32_t column = 0; column < pane->columns; column++) {
            *pane_cell(pane, column, row) =
                (struct cell){.glyph = ' ', .ink = INK_TEXT, .paper = (uint8_t)paper};
        }
    }
}

static void put(const struct pane *pane, uint32_t column, uint32_t row, enum ink ink, char c)
{
    if (column < pane->columns && row < pane->rows) {
        struct cell *cell = pane_cell(pane, column, row);
        cell->glyph = c >= ' ' && c <= '~' ? (uint8_t)c : '?';
        cell->ink = (uint8_t)ink;
    }
}

void pane_dots(const struct pane *pane, uint32_t column, uint32_t row, enum ink paper,
               uint8_t pattern)
{
    if (column < pane->columns && row < pane->rows) {
        *pane_cell(pane, column, row) =
            (struct cell){.glyph = pattern, .ink = CELL_DOTS, .paper = (uint8_t)paper};
    }
}

uint32_t pane_text(const struct pane *pane, uint32_t column, uint32_t row, enum ink ink,
                   const char *string)
{
    for (; *string; string++) {
        put(pane, column++, row, ink, *string);
    }
    return column;
}

void pane_text_right(const struct pane *pane, uint32_t row, enum ink ink, const char *string)
{
    uint32_t length = (uint32_t)string_length(string);
    pane_text(pane, length < pane->columns ? pane->columns - length : 0, row, ink, string);
}

/* How many characters of `string` stand on a line of `columns`: to the last space that fits, or as
 * many as fit of a word longer than the line. */
static uint32_t line_length(const char *string, uint32_t columns)
{
    uint32_t length = 0, at_space = 0;
    for (; length <= columns && string[length]; length++) {
        if (string[length] == ' ') {
            at_space = length;
        }
    }
    if (length <= columns) {
        return length;
    }
    return at_space > 0 ? at_space : columns;
}

static const char *past_spaces(const char *string)
{
    while (*string == ' ') {
        string++;
    }
    return string;
}

uint32_t pane_wrap(const struct pane *pane, uint32_t row, uint32_t most, enum ink ink,
                   const char *string)
{
    uint32_t used = 0;
    string = past_spaces(string);
    while (*string && used < most && pane->columns > 0) {
        uint32_t length = line_length(string, pane->columns);
        for (uint32_t n = 0; n < length; n++) {
            put(pane, n, row + used, ink, string[n]);
        }
        string = past_spaces(string + length);
        used++;
    }
    return used;
}

uint32_t pane_wrap_rows(const struct pane *pane, const char *string)
{
    uint32_t rows = 0;
    string = past_spaces(string);
    while (*string && pane->columns > 0) {
        string = past_spaces(string + line_length(string, pane->columns));
        rows++;
    }
    return rows;
}
