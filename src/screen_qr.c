/* The QR code in cells of 2 by 4 dots, a module to a dot. */
#include "screen_parts.h"

enum { DOTS_ACROSS = 2, DOTS_DOWN = 4, ROWS_MIN = 9 };

static uint32_t cells_for(uint32_t dots, uint32_t each)
{
    return (dots + each - 1) / each;
}

/* The largest code that fits, quiet zone taken off. */
static uint32_t room_for_modules(const struct pane *pane)
{
    uint32_t across = pane->columns * DOTS_ACROSS, down = pane->rows * DOTS_DOWN;
    uint32_t side = across < down ? across : down;
    return side > 2 * QR_QUIET ? side - 2 * QR_QUIET : 0;
}

static bool dark_at(const struct qr *qr, uint32_t x, uint32_t y)
{
    uint32_t size = qr_size(qr);
    return x >= QR_QUIET && y >= QR_QUIET && x - QR_QUIET < size && y - QR_QUIET < size &&
           qr_dark(qr, x - QR_QUIET, y - QR_QUIET);
}

static uint8_t pattern_at(const struct qr *qr, uint32_t column, uint32_t row)
{
    uint8_t pattern = 0;
    for (uint32_t dot = 0; dot < DOTS_ACROSS * DOTS_DOWN; dot++) {
        uint32_t x = column * DOTS_ACROSS + dot % DOTS_ACROSS;
        uint32_t y = row * DOTS_DOWN + dot / DOTS_ACROSS;
        pattern |= (uint8_t)(dark_at(qr, x, y) << dot);
    }
    return pattern;
}

uint32_t qr_rows(const struct pane *pane, struct qr *qr, const struct report *report)
{
    if (!qr || pane->rows < ROWS_MIN || !qr_of_report(qr, report, room_for_modules(pane))) {
        return 0;
    }
    return cells_for(qr_size(qr) + 2 * QR_QUIET, DOTS_DOWN);
}

uint32_t qr_columns(const struct qr *qr)
{
    return cells_for(qr_size(qr) + 2 * QR_QUIET, DOTS_ACROSS);
}

/* Beside the code, where there is room for words. */
static void caption_draw(const struct pane *pane, uint32_t columns)
{
    enum { COLUMNS_MIN = 10 };
    struct pane room = pane_part(pane, columns + 2, 0, pane->columns, pane->rows);
    if (room.columns >= COLUMNS_MIN) {
        pane_wrap(&room, 0, room.rows, INK_DIM, "Verdict and failures, for a phone to take along.");
    }
}

void qr_draw(const struct pane *pane, const struct qr *qr)
{
    uint32_t columns = qr_columns(qr);
    uint32_t rows = cells_for(qr_size(qr) + 2 * QR_QUIET, DOTS_DOWN);
    caption_draw(pane, columns);
    for (uint32_t row = 0; row < rows; row++) {
        for (uint32_t column = 0; column < columns; column++) {
            pane_dots(pane, column, row, INK_LIGHT, pattern_at(qr, column, row));
        }
    }
}
