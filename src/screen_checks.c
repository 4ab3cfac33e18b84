/* How far the run is, and how each check ended. */
#include "screen_parts.h"

/* --- progress: a segment for each check, in the colour of its verdict --- */

static enum ink segment_ink(const struct screen_model *model, uint32_t first, uint32_t end)
{
    enum verdict worst = VERDICT_NONE;
    for (uint32_t n = first; n < end; n++) {
        const struct check_result *result = &model->report->results[n];
        worst = result->verdict > worst ? result->verdict : worst;
        if (result->verdict == VERDICT_NONE && string_equal(result->id, model->doing)) {
            return INK_BUSY;
        }
    }
    return worst == VERDICT_NONE   ? INK_ASLEEP
           : worst == VERDICT_SKIP ? INK_DIM
           : worst == VERDICT_PASS ? INK_PASS
           : worst == VERDICT_FAIL ? INK_FAIL
                                   : INK_WARN;
}

static void bar_draw(const struct pane *bar, const struct screen_model *model)
{
    uint32_t count = model->report->result_count;
    pane_fill(bar, INK_ASLEEP);
    for (uint32_t x = 0; x < bar->columns && count > 0; x++) {
        uint32_t first = x * count / bar->columns, end = (x + 1) * count / bar->columns;
        struct pane at = pane_part(bar, x, 0, 1, 1);
        pane_fill(&at, segment_ink(model, first, end > first ? end : first + 1));
    }
}

void progress_draw(const struct pane *pane, const struct screen_model *model)
{
    char buffer[48];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    text_format(&text, "  %u of %u checks", model->report->results_done,
                model->report->result_count);
    pane_text_right(pane, 0, INK_TEXT, buffer);
    uint32_t length = (uint32_t)text.length;
    uint32_t columns = pane->columns > length ? pane->columns - length : 0;
    struct pane bar = pane_part(pane, 0, 0, columns, 1);
    bar_draw(&bar, model);
}

/* --- the checks --- */

static const char *claim_of(const struct report *report, const char *id)
{
    for (uint32_t n = 0; n < report->result_count; n++) {
        if (string_equal(report->results[n].id, id)) {
            return report->results[n].claim;
        }
    }
    return "";
}

uint32_t running_draw(const struct pane *pane, const struct screen_model *model)
{
    enum { CLAIM_ROWS = 3 };
    uint32_t row = pane_wrap(pane, 0, CLAIM_ROWS, INK_BUSY, model->doing);
    return row + pane_wrap(pane, row, CLAIM_ROWS, INK_TEXT, claim_of(model->report, model->doing));
}

struct mark {
    char glyph;
    uint8_t ink, id_ink;
};

static struct mark mark_of(const struct check_result *result, const char *doing)
{
    switch (result->verdict) {
    case VERDICT_PASS:
        return (struct mark){'+', INK_PASS, INK_TEXT};
    case VERDICT_SKIP:
        return (struct mark){'-', INK_DIM, INK_DIM};
    case VERDICT_DEVIATION:
        return (struct mark){'~', INK_WARN, INK_TEXT};
    case VERDICT_ERROR:
        return (struct mark){'?', INK_WARN, INK_WARN};
    case VERDICT_FAIL:
        return (struct mark){'!', INK_FAIL, INK_FAIL};
    case VERDICT_NONE:
        break;
    }
    return string_equal(result->id, doing) ? (struct mark){'>', INK_BUSY, INK_BUSY}
                                           : (struct mark){'.', INK_DIM, INK_DIM};
}

static uint32_t longest_id(const struct report *report)
{
    uint32_t longest = 0;
    for (uint32_t n = 0; n < report->result_count; n++) {
        uint32_t length = (uint32_t)string_length(report->results[n].id);
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* The first check to show, so that the newest one is among the `room` that fit. */
static uint32_t first_shown(const struct report *report, uint32_t rows, uint32_t room)
{
    uint32_t newest = report->results_done, first = 0;
    if (newest >= report->result_count && newest > 0) {
        newest = report->result_count - 1;
    }
    while (newest - first >= room) {
        first += rows;
    }
    return first;
}

void checks_draw(const struct pane *pane, const struct screen_model *model)
{
    const struct report *report = model->report;
    uint32_t width = longest_id(report) + 4; /* mark, space, id, gap */
    uint32_t across = (pane->columns + 2) / width;
    if (across == 0 || pane->rows == 0) {
        return;
    }
    uint32_t rows = (report->result_count + across - 1) / across;
    if (rows > pane->rows && report->ended) {
        return;
    }
    rows = rows < pane->rows ? rows : pane->rows;
    uint32_t first = first_shown(report, rows, across * rows);
    for (uint32_t n = 0; n < across * rows && first + n < report->result_count; n++) {
        const struct check_result *result = &report->results[first + n];
        struct mark mark = mark_of(result, model->doing);
        uint32_t column = n / rows * width, row = n % rows;
        pane_text(pane, column, row, (enum ink)mark.ink, (char[]){mark.glyph, '\0'});
        pane_text(pane, column + 2, row, (enum ink)mark.id_ink, result->id);
    }
}
