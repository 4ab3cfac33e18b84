/* How many character cells a framebuffer shows, how large, and where. Pure: also used before the
 * door to size memory. */
#ifndef MUSTER_FRAMEBUFFER_LAYOUT_H
#define MUSTER_FRAMEBUFFER_LAYOUT_H

#include <stdint.h>

#include <muster/handoff.h>

enum {
    CELL_WIDTH = 8, /* pixels, at scale 1 */
    CELL_HEIGHT = 16,
    CELL_COLUMNS_MIN = 40, /* below this nothing is shown */
    CELL_ROWS_MIN = 12,
    CELL_COLUMNS_MAX = 480,
    CELL_ROWS_MAX = 270,
};

struct framebuffer_layout {
    uint32_t scale;         /* pixels for each dot of a glyph */
    uint32_t columns, rows; /* cells; 0: nothing can be shown */
    uint32_t left;          /* pixels before the first column; the first row is at the top */
};

/* Columns and rows are 0 when there is no linear framebuffer, when it is too small, or when its
 * claim contradicts itself (stride below width, size below what the lines need). */
void framebuffer_lay_out(const struct framebuffer_claim *claim, struct framebuffer_layout *ret);

/* Only the number of cells. */
void framebuffer_cells(const struct framebuffer_claim *claim, uint32_t *ret_columns,
                       uint32_t *ret_rows);

#endif
