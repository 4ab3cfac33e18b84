/* What went wrong, in words: worst first, as many as fit. */
#include <muster/advice.h>
#include <muster/cpu_words.h>

#include "screen_parts.h"

/* One thing to tell: a title of id and CPUs, and what it means. */
struct entry {
    const char *id;
    const struct cpuset *cpus; /* NULL: none to name */
    const char *how;           /* "skipped"; empty for a failure */
    const char *means;
    const char *next; /* what to do about it, or "" */
    enum ink ink;
};

struct list {
    const struct pane *pane;
    uint32_t row;      /* the next free one */
    uint32_t spacing;  /* empty rows between entries */
    uint32_t left_out; /* entries yet to be passed over: an earlier page told them */
    uint32_t told, untold;
    const char *advice; /* given last: neighbours in the report share it */
};

static void entry_title(const struct pane *pane, uint32_t row, const struct entry *entry)
{
    enum { MORE_LENGTH = 20 }; /* ",... and 4000 more" */
    char buffer[192];
    struct text text;
    uint32_t column = pane_text(pane, 0, row, entry->ink, entry->id) + 2;
    pane_text(pane, column, row, INK_DIM, entry->how);
    if (!entry->cpus || column + MORE_LENGTH / 2 > pane->columns) {
        return;
    }
    uint32_t room = pane->columns - column;
    text_init(&text, buffer, sizeof(buffer));
    cpu_words_name(&text, entry->cpus, room > MORE_LENGTH ? room - MORE_LENGTH : 1);
    pane_text(pane, column, row, INK_TEXT, buffer);
}

/* What to do about the entry, unless that has just been said, where there is room for all of it.
 * Returns the rows used. */
static uint32_t advice_add(struct list *list, const struct pane *body, uint32_t row, uint32_t room,
                           const char *next)
{
    if (!next[0] || next == list->advice || pane_wrap_rows(body, next) > room) {
        return 0;
    }
    list->advice = next;
    return pane_wrap(body, row, room, INK_DIM, next);
}

/* Tells an entry whole or, unless it is the first, not at all; a row stays free for the count of
 * those left out. */
static void list_add(struct list *list, const struct entry *entry)
{
    const struct pane *pane = list->pane;
    if (list->left_out > 0) {
        list->left_out--;
        return;
    }
    struct pane body = pane_part(pane, 2, 0, pane->columns, pane->rows);
    uint32_t rows = 1 + pane_wrap_rows(&body, entry->means);
    uint32_t room = pane->rows > list->row + 1 ? pane->rows - list->row - 1 : 0;
    if (list->untold > 0 || room < 2 || (rows > room && list->told > 0)) {
        list->untold++;
        return;
    }
    entry_title(pane, list->row, entry);
    rows = 1 + pane_wrap(&body, list->row + 1, room - 1, entry->ink == INK_DIM ? INK_DIM : INK_TEXT,
                         entry->means);
    rows += advice_add(list, &body, list->row + rows, room - rows, entry->next);
    list->row += rows + list->spacing;
    list->told++;
}

static const char *finding_means(const struct finding *finding)
{
    return finding->words.means[0] ? finding->words.means : finding->words.seen;
}

/* Whether an earlier finding of the result has told the same; else gathers in `ret_cpus` all CPUs
 * it is told of. */
static bool told_before(const struct finding *findings, uint32_t count, uint32_t n,
                        struct cpuset *ret_cpus)
{
    cpuset_clear(ret_cpus);
    for (uint32_t other = 0; other < count; other++) {
        if (findings[other].verdict < VERDICT_ERROR ||
            !string_equal(finding_means(&findings[other]), finding_means(&findings[n]))) {
            continue;
        }
        if (other < n) {
            return true;
        }
        cpuset_unite(ret_cpus, &findings[other].cpus);
    }
    return false;
}

static void failure_add(struct list *list, const struct report *report,
                        const struct check_result *result, enum ink ink)
{
    const struct finding *findings = &report->findings[result->first_finding];
    struct cpuset cpus;
    for (uint32_t n = 0; n < result->finding_count; n++) {
        if (findings[n].verdict >= VERDICT_ERROR &&
            !told_before(findings, result->finding_count, n, &cpus)) {
            list_add(list, &(struct entry){result->id, &cpus, "", finding_means(&findings[n]),
                                           advice_for(result->id), ink});
        }
    }
    if (result->finding_count == 0) {
        list_add(list, &(struct entry){result->id, &result->failed, "", result->note,
                                       advice_for(result->id), ink});
    }
    list->untold += result->findings_dropped;
}

static void remark_add(struct list *list, const struct report *report,
                       const struct check_result *result, enum ink ink)
{
    bool skipped = result->verdict == VERDICT_SKIP;
    list_add(list,
             &(struct entry){result->id, NULL, skipped ? "skipped" : "known deviation",
                             skipped ? result->note : report_deviation(report, result), "", ink});
}

static void all_add(struct list *list, const struct report *report, enum verdict verdict,
                    enum ink ink)
{
    for (uint32_t n = 0; n < report->result_count; n++) {
        const struct check_result *result = &report->results[n];
        if (result->verdict == verdict && verdict >= VERDICT_ERROR) {
            failure_add(list, report, result, ink);
        } else if (result->verdict == verdict) {
            remark_add(list, report, result, ink);
        }
    }
}

static void heading_draw(const struct pane *pane, const struct report *report)
{
    char buffer[64];
    struct text text;
    uint32_t failed = report_count(report, VERDICT_FAIL);
    uint32_t errors = report_count(report, VERDICT_ERROR);
    text_init(&text, buffer, sizeof(buffer));
    if (failed > 0) {
        text_format(&text, "%u check%s failed", failed, failed == 1 ? "" : "s");
    }
    if (errors > 0) {
        text_format(&text, "%s%u ended in ERROR", failed ? ", " : "", errors);
    }
    if (failed + errors == 0) {
        text_add(&text, report->ended        ? "no check failed"
                        : pane->columns < 26 ? "none failed"
                                             : "no check has failed so far");
    }
    pane_text(pane, 0, 0, failed ? INK_FAIL : errors ? INK_WARN : INK_DIM, buffer);
}

/* "and 3 more: press Space" */
static void untold_draw(const struct list *list, const char *rest)
{
    const struct pane *pane = list->pane;
    char buffer[64];
    struct text text;
    if (list->untold == 0 || pane->rows < 2) {
        return;
    }
    text_init(&text, buffer, sizeof(buffer));
    text_format(&text, "and %u more", list->untold);
    if (rest[0] && text.length + 2 + string_length(rest) <= pane->columns) {
        text_format(&text, ": %s", rest);
    }
    pane_text(pane, 0, list->row < pane->rows ? list->row : pane->rows - 1, INK_DIM, buffer);
}

void failures_draw(const struct pane *pane, const struct screen_model *model)
{
    const struct report *report = model->report;
    uint32_t spacing = pane->rows >= 16;
    struct list list = {.pane = pane,
                        .row = 1 + spacing,
                        .spacing = spacing,
                        .left_out = model->page ? model->page->first : 0};
    heading_draw(pane, report);
    all_add(&list, report, VERDICT_FAIL, INK_FAIL);
    all_add(&list, report, VERDICT_ERROR, INK_WARN);
    all_add(&list, report, VERDICT_DEVIATION, INK_WARN);
    all_add(&list, report, VERDICT_SKIP, INK_DIM);
    untold_draw(&list, model->rest);
    if (model->page) {
        model->page->told = list.told;
        model->page->left = list.untold;
    }
}
