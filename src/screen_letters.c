/* A word in letters of 5 by 7 blocks, as large as there is room: to be read across a room. */
#include "screen_parts.h"

enum { LETTER_COLUMNS = 5, LETTER_ROWS = 7, LETTER_STEP = LETTER_COLUMNS + 1 };

static const struct letter {
    char c;
    const char *rows[LETTER_ROWS];
} letters[] = {
    {'A', {"#####", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"}},
    {'E', {"#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#####"}},
    {'F', {"#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#    "}},
    {'I', {"#####", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", "#####"}},
    {'L', {"#    ", "#    ", "#    ", "#    ", "#    ", "#    ", "#####"}},
    {'O', {"#####", "#   #", "#   #", "#   #", "#   #", "#   #", "#####"}},
    {'P', {"#####", "#   #", "#   #", "#####", "#    ", "#    ", "#    "}},
    {'R', {"#####", "#   #", "#   #", "#####", "#  # ", "#  ##", "#   #"}},
    {'S', {"#####", "#    ", "#    ", "#####", "    #", "    #", "#####"}},
};

static const struct letter *letter_find(char c)
{
    for (uint32_t n = 0; n < sizeof(letters) / sizeof(letters[0]); n++) {
        if (letters[n].c == c) {
            return &letters[n];
        }
    }
    return NULL;
}

/* Cells of one block. A cell is twice as high as it is wide: a block that is square, or somewhat
 * higher, has about half as many rows as columns. */
struct block {
    uint32_t columns, rows;
};

static struct block block_for(const struct pane *pane, uint32_t length)
{
    uint32_t across = length * LETTER_STEP - 1;
    struct block block = {pane->columns / across, pane->rows / LETTER_ROWS};
    uint32_t highest = (block.columns + 2) / 2;
    if (block.rows > highest) {
        block.rows = highest;
    }
    if (block.columns > 2 * block.rows) {
        block.columns = 2 * block.rows;
    }
    return block;
}

static void letter_draw(const struct pane *pane, const struct letter *letter, struct block block,
                        enum ink ink)
{
    for (uint32_t row = 0; row < LETTER_ROWS; row++) {
        for (uint32_t column = 0; column < LETTER_COLUMNS; column++) {
            if (letter->rows[row][column] == '#') {
                struct pane part = pane_part(pane, column * block.columns, row * block.rows,
                                             block.columns, block.rows);
                pane_fill(&part, ink);
            }
        }
    }
}

uint32_t letters_draw(const struct pane *pane, const char *word, enum ink ink)
{
    uint32_t length = (uint32_t)string_length(word);
    struct block block = block_for(pane, length);
    if (block.columns == 0 || block.rows == 0) {
        return 0;
    }
    for (uint32_t n = 0; n < length; n++) {
        struct pane at = pane_part(pane, n * LETTER_STEP * block.columns, 0,
                                   LETTER_COLUMNS * block.columns, LETTER_ROWS * block.rows);
        const struct letter *letter = letter_find(word[n]);
        if (letter) {
            letter_draw(&at, letter, block, ink);
        }
    }
    return LETTER_ROWS * block.rows;
}
