/* Drawn screens, and what stands on them. */
#ifndef MUSTER_TESTS_SCREENS_H
#define MUSTER_TESTS_SCREENS_H

#include "unit.h"

#include "../../src/screen_parts.h"
#include "../samples/sample.c"

static struct sample sample;
static struct screen screen;

/* Exactly as many cells as the screen has, so that the sanitizer sees a write beside it. */
static void draw(const char *name, uint32_t cpus, uint32_t columns, uint32_t rows)
{
    assert_true(sample_make(&sample, name, cpus));
    free(screen.cells);
    screen = (struct screen){columns, rows, malloc(sizeof(struct cell) * columns * rows)};
    memset(screen.cells, 0xee, sizeof(struct cell) * columns * rows);
    screen_draw(&screen, &sample.model);
}

static const struct cell *cell_at(uint32_t column, uint32_t row)
{
    return &screen.cells[row * screen.columns + column];
}

/* The row that holds the text, or -1. */
static int row_of(const char *string)
{
    size_t length = strlen(string);
    for (uint32_t row = 0; row < screen.rows; row++) {
        for (uint32_t column = 0; column + length <= screen.columns; column++) {
            size_t n = 0;
            while (n < length && cell_at(column + n, row)->glyph == (uint8_t)string[n]) {
                n++;
            }
            if (n == length) {
                return (int)row;
            }
        }
    }
    return -1;
}

static uint32_t count_paper(enum ink paper)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < screen.columns * screen.rows; n++) {
        count += screen.cells[n].paper == paper;
    }
    return count;
}

/* Draws an ended run with the whole double-fault table. */
static void draw_ended(const char *name, uint32_t cpus, uint32_t columns, uint32_t rows)
{
    draw(name, cpus, columns, rows);
    memset(sample.report.df.state, DF_WRONG, sizeof(sample.report.df.state));
    memset(screen.cells, 0xee, sizeof(struct cell) * columns * rows);
    screen_draw(&screen, &sample.model);
}

#endif
