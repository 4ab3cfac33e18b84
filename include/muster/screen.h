/* The report as a picture made of character cells. Pure: a model in, cells out; the framebuffer
 * shows them. */
#ifndef MUSTER_SCREEN_H
#define MUSTER_SCREEN_H

#include <stdint.h>

#include <muster/qr.h>
#include <muster/report.h>

/* Colours of the palette in screen_colour(). */
enum ink {
    INK_BACKGROUND,
    INK_TEXT,
    INK_DIM,
    INK_PANEL,
    INK_ASLEEP,
    INK_WAKING,
    INK_ONLINE,
    INK_BUSY,
    INK_PASS,
    INK_FAIL,
    INK_LOST,
    INK_WARN,
    INK_LIGHT, /* the paper of a QR code */
    INK_COUNT
};

/* As a cell's ink: the glyph is a pattern of 2 by 4 dots, bit 2 * line + column; dots that are set
 * have the colour of the background. */
enum { CELL_DOTS = 0xfe };

struct cell {
    uint8_t glyph; /* printable ASCII; ' ' shows the paper alone */
    uint8_t ink, paper;
};

struct screen {
    uint32_t columns, rows;
    struct cell *cells; /* rows * columns */
};

/* How one CPU looks in the grid. */
enum cpu_look {
    LOOK_ASLEEP,
    LOOK_WAKING,
    LOOK_ONLINE,
    LOOK_BUSY,
    LOOK_PASSED,
    LOOK_FAILED,
    LOOK_LOST
};

/* Failures, deviations and skipped checks that are told in words, counted from the worst. */
struct failures_page {
    uint32_t first; /* how many are left out before the first told */
    uint32_t told;  /* written by screen_draw() */
    uint32_t left;  /* after those told; written by screen_draw() */
};

struct screen_model {
    const struct report *report;
    const uint8_t *looks;       /* enum cpu_look by CPU index, report->cpus_claimed of them */
    const char *doing;          /* the running check's id or the running step, "" at the end */
    struct qr *qr;              /* memory for the code shown at the end, or NULL: none is */
    struct failures_page *page; /* which failures are told; NULL: the first */
    const char *closing;        /* what happens next ("resets in 600 s, or on a key"), or "" */
    const char *kept;           /* what became of the record, or "" where nobody asked for one */
    const char *rest;           /* where that can be read of which the list has no room, or "" */
};

/* 0x00RRGGBB */
uint32_t screen_colour(enum ink ink);

/* Draws the whole picture into `screen` (at least 40×12 cells): title, identity, CPU grid, running
 * check, progress bar, failures in words, and at the end PASS or FAIL in letters to read across a
 * room. */
void screen_draw(struct screen *screen, const struct screen_model *model);

#endif
