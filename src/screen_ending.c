/* PASS or FAIL in large letters, what it rests on, what became of the record, what comes next. */
#include <muster/summary.h>

#include "screen_parts.h"

enum { WORDS_LEAST = 2, SUMMARY_MAX = 192, MISSED_NAMES = 60 };

static void summary_make(char buffer[SUMMARY_MAX], const struct report *report)
{
    struct text text;
    text_init(&text, buffer, SUMMARY_MAX);
    summary_add(&text, report);
}

/* The self-test has its own sentence; empty where there was none. */
static void self_test_make(char buffer[SUMMARY_MAX], const struct report *report)
{
    struct text text;
    text_init(&text, buffer, SUMMARY_MAX);
    if (report->self_test) {
        text_add(&text, "self-test: ");
        self_test_summary(&text, report->self_test, MISSED_NAMES);
    }
}

static enum ink self_test_ink(const struct report *report)
{
    return report->self_test && !self_test_passed(report->self_test) ? INK_FAIL : INK_TEXT;
}

static uint32_t words_rows(uint32_t columns, const struct screen_model *model)
{
    const struct pane pane = {.columns = columns};
    char summary[SUMMARY_MAX], self_test[SUMMARY_MAX];
    summary_make(summary, model->report);
    self_test_make(self_test, model->report);
    return pane_wrap_rows(&pane, summary) + pane_wrap_rows(&pane, self_test) +
           pane_wrap_rows(&pane, model->kept) + pane_wrap_rows(&pane, model->closing);
}

static uint32_t words_draw(const struct pane *pane, uint32_t row, const struct screen_model *model)
{
    char summary[SUMMARY_MAX], self_test[SUMMARY_MAX];
    summary_make(summary, model->report);
    self_test_make(self_test, model->report);
    row += pane_wrap(pane, row, pane->rows - row, INK_TEXT, summary);
    row += pane_wrap(pane, row, pane->rows - row, self_test_ink(model->report), self_test);
    row += pane_wrap(pane, row, pane->rows - row, INK_TEXT, model->kept);
    return row + pane_wrap(pane, row, pane->rows - row, INK_DIM, model->closing);
}

static uint32_t verdict_draw(const struct pane *pane, const struct report *report)
{
    enum verdict verdict = report_verdict(report);
    return letters_draw(pane, verdict_name(verdict),
                        report_sound(report)      ? INK_PASS
                        : verdict == VERDICT_FAIL ? INK_FAIL
                                                  : INK_WARN);
}

uint32_t ending_rows(uint32_t columns, const struct screen_model *model, uint32_t gap)
{
    return LETTERS_ROWS + gap + words_rows(columns, model);
}

uint32_t ending_draw(const struct pane *pane, const struct screen_model *model, uint32_t gap)
{
    uint32_t words = words_rows(pane->columns, model);
    /* The verdict comes first, where not all has room. */
    uint32_t most = pane->rows > LETTERS_ROWS + gap ? pane->rows - LETTERS_ROWS - gap : 0;
    words = words < most ? words : most > WORDS_LEAST ? most : WORDS_LEAST;
    struct pane room = pane_part(pane, 0, 0, pane->columns, pane->rows - words - gap);
    return words_draw(pane, verdict_draw(&room, model->report) + gap, model);
}

void low_ending_draw(struct pane *pane, const struct screen_model *model)
{
    char summary[SUMMARY_MAX];
    struct pane foot = pane_part(pane, 0, pane->rows - 1, pane->columns, 1);
    pane->rows--;
    verdict_draw(
        &(struct pane){pane->screen, pane->left, pane->top, pane->columns * 60 / 100, pane->rows},
        model->report);
    summary_make(summary, model->report);
    pane_text(&foot, 0, 0, INK_TEXT, summary);
}
