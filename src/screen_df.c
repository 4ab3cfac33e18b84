/* The double-fault table, small, where it was asked for. */
#include <muster/descriptor.h>

#include "screen_parts.h"

enum {
    LABEL_COLUMNS = 5,
    CELL_COLUMNS = 5,
    HEAD_ROWS = 1,
    RING0_ROWS = HEAD_ROWS + FIRST_USER,
    ALL_ROWS = RING0_ROWS + 1 + FIRST_USER_COUNT,
};

static enum ink state_ink(enum df_state state)
{
    return state == DF_WRONG       ? INK_FAIL
           : state == DF_DEVIATES  ? INK_WARN
           : state == DF_AS_WANTED ? INK_TEXT
                                   : INK_DIM;
}

static void draw_head(const struct pane *pane)
{
    pane_text(pane, 0, 0, INK_DIM, "1st");
    for (uint32_t column = 0; column < DF_COLUMNS; column++)
        pane_text(pane, LABEL_COLUMNS + column * CELL_COLUMNS, 0, INK_DIM,
                  vector_name(df_column_vector(column)));
}

static void draw_row(const struct pane *pane, const struct df_table *table, enum df_first first,
                     uint32_t row)
{
    pane_text(pane, 0, row, INK_DIM, vector_name(df_first_vector(first)));
    for (uint32_t column = 0; column < DF_COLUMNS; column++) {
        char cell[8];
        df_cell_text(table, first, column, cell);
        pane_text(pane, LABEL_COLUMNS + column * CELL_COLUMNS, row,
                  state_ink((enum df_state)table->state[first][column]), cell);
    }
}

uint32_t df_rows(const struct report *report, uint32_t most)
{
    if (df_table_empty(&report->df) || most < RING0_ROWS)
        return 0;
    /* Ring 3's part is told where the verdict's letters need not shrink for it. */
    return most * 2 / 3 < ALL_ROWS ? RING0_ROWS : ALL_ROWS;
}

void df_draw(const struct pane *pane, const struct report *report)
{
    draw_head(pane);
    for (enum df_first first = 0; first < FIRST_USER; first++)
        draw_row(pane, &report->df, first, HEAD_ROWS + (uint32_t)first);
    if (pane->rows < ALL_ROWS)
        return;
    pane_text(pane, 0, RING0_ROWS, INK_DIM, "in ring 3:");
    for (enum df_first first = FIRST_USER; first < FIRST_COUNT; first++)
        draw_row(pane, &report->df, first, RING0_ROWS + 1 + (uint32_t)(first - FIRST_USER));
}
