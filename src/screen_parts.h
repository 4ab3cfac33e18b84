/* The parts a screen is composed of; only src/screen*.c include this. */
#ifndef MUSTER_SCREEN_PARTS_H
#define MUSTER_SCREEN_PARTS_H

#include <stdbool.h>

#include <muster/screen.h>
#include <muster/text.h>

/* --- a rectangle of cells; everything drawn in it is clipped to it (screen_pane.c) --- */

struct pane {
    struct screen *screen;
    uint32_t left, top, columns, rows;
};

/* The part of `pane` at this place inside it, as much of it as there is. */
struct pane pane_part(const struct pane *pane, uint32_t left, uint32_t top, uint32_t columns,
                      uint32_t rows);
/* Empty cells in `paper`. */
void pane_fill(const struct pane *pane, enum ink paper);
/* Writes on whatever paper is there; returns the column after the text. */
uint32_t pane_text(const struct pane *pane, uint32_t column, uint32_t row, enum ink ink,
                   const char *string);
/* The same, ending at the right edge. */
void pane_text_right(const struct pane *pane, uint32_t row, enum ink ink, const char *string);
/* One cell of 2 by 4 dots, as screen.h says. */
void pane_dots(const struct pane *pane, uint32_t column, uint32_t row, enum ink paper,
               uint8_t pattern);
/* Writes words into lines of the pane's width from `row` on, at most `most` of them; returns the
 * lines used. */
uint32_t pane_wrap(const struct pane *pane, uint32_t row, uint32_t most, enum ink ink,
                   const char *string);
/* The lines pane_wrap would use. */
uint32_t pane_wrap_rows(const struct pane *pane, const char *string);

/* --- letters made of cells (screen_letters.c) --- */

enum { LETTERS_ROWS = 7 }; /* at their smallest */
/* Draws PASS, FAIL or ERROR as large as the pane allows, at its top left; returns the rows used, 0
 * where it does not fit. */
uint32_t letters_draw(const struct pane *pane, const char *word, enum ink ink);

/* --- the end of the run (screen_ending.c) --- */

/* The rows that the verdict takes in its smallest letters, with all words, in these columns. */
uint32_t ending_rows(uint32_t columns, const struct screen_model *model, uint32_t gap);
/* PASS or FAIL, what it rests on, what became of the record, what comes next. Returns the rows
 * used. */
uint32_t ending_draw(const struct pane *pane, const struct screen_model *model, uint32_t gap);
enum { LOW_ROWS = 10 };
/* For less than LOW_ROWS: the words stand in one line below the letters, which is cut off `pane`.
 */
void low_ending_draw(struct pane *pane, const struct screen_model *model);

/* --- the CPUs (screen_grid_layout.c, screen_grid.c) --- */

/* The order CPUs sit in: package after package once bring-up has told the places, until then by
 * index. */
struct seats {
    uint32_t count;                  /* CPUs */
    uint32_t most;                   /* in one package; `count`: packages are not told apart */
    const struct topology *topology; /* its seats; NULL: by index */
};

struct seats seats_of(const struct report *report);
/* CPUs of the package that begins at seat `first`. */
uint32_t seats_run(const struct seats *seats, uint32_t first);

struct grid {
    uint32_t box_columns, box_rows; /* cells of one box */
    uint32_t gap_columns, gap_rows; /* between boxes */
    uint32_t group;                 /* boxes between wider gaps; 0: no groups */
    uint32_t label_columns;         /* the first CPU index of each row stands before it */
    uint32_t across, down;          /* boxes */
    struct seats seats;
    uint32_t cpus_per_box; /* above 1: a box shows its worst CPU */
};

/* The largest boxes for these CPUs in this room. */
void grid_lay_out(struct seats seats, uint32_t columns, uint32_t rows, struct grid *ret);
/* Cells from the first row to the last. */
uint32_t grid_rows(const struct grid *grid);
/* Where box `n` of a row begins, from the left edge of the pane. */
uint32_t grid_box_left(const struct grid *grid, uint32_t n);
void grid_draw(const struct pane *pane, const struct grid *grid, const struct screen_model *model);
/* What the boxes mean, and how many there are of each. Returns the rows wanted. */
uint32_t legend_draw(const struct pane *pane, const struct grid *grid,
                     const struct screen_model *model);

/* --- the program and the machine (screen_title.c) --- */

void title_draw(const struct pane *pane, const struct screen_model *model);

/* --- how far the run is (screen_checks.c) --- */

/* A bar with a segment for each check, and "15 of 29 checks". */
void progress_draw(const struct pane *pane, const struct screen_model *model);
/* The running check and its claim. Returns the rows used. */
uint32_t running_draw(const struct pane *pane, const struct screen_model *model);
/* Every check with its verdict, in columns. Where not all fit: those up to the running one, and at
 * the end none. */
void checks_draw(const struct pane *pane, const struct screen_model *model);

/* --- the double-fault table (screen_df.c) --- */

/* The columns it takes. */
enum { DF_TABLE_COLUMNS = 38 };
/* The rows it takes of `most`: without ring 3's where not all fit, 0 where no check of it has run,
 * or those do not fit either. */
uint32_t df_rows(const struct report *report, uint32_t most);
void df_draw(const struct pane *pane, const struct report *report);

/* --- how long each CPU took to come (screen_latency.c) --- */

enum { LATENCY_COLUMNS = 24, LATENCY_ROWS = 3 }; /* at least */
/* Whether there is anything to draw: an AP that came. */
bool latency_known(const struct report *report);
/* A bar for each CPU; false: there is no room for a picture, or nothing to draw. */
bool latency_draw(const struct pane *pane, const struct report *report);

/* --- the QR code (screen_qr.c) --- */

/* Makes the code, where it fits into the pane; the rows it takes, or 0. */
uint32_t qr_rows(const struct pane *pane, struct qr *qr, const struct report *report);
/* The columns that the code made last takes. */
uint32_t qr_columns(const struct qr *qr);
void qr_draw(const struct pane *pane, const struct qr *qr);

/* --- what went wrong (screen_failures.c) --- */

/* Failures in words, worst first, then what was skipped; as many as fit from model->page->first on,
 * and how many more. */
void failures_draw(const struct pane *pane, const struct screen_model *model);

#endif
