/* The picture as a whole.
 *
 *   title and identity
 *   a box for each CPU, and what the boxes mean
 *   progress
 *   running check, or the verdict    |  what failed,
 *   in large letters; all checks     |  in words
 *
 * The grid takes the room it needs, within what the parts below it must have; they share the rest.
 * At the end the QR code stands below the failures. Where it would crowd them out, it stands at the
 * top right instead, and the grid makes do with the columns beside it.
 */
#include "screen_parts.h"

static const uint32_t colours[INK_COUNT] = {
    [INK_BACKGROUND] = 0x10151b, [INK_TEXT] = 0xd8dee4,   [INK_DIM] = 0x7d8996,
    [INK_PANEL] = 0x1c242d,      [INK_ASLEEP] = 0x2a343f, [INK_WAKING] = 0xb8923c,
    [INK_ONLINE] = 0x35678c,     [INK_BUSY] = 0x86c5f4,   [INK_PASS] = 0x2f9271,
    [INK_FAIL] = 0xff6b57,       [INK_LOST] = 0xd98be8,   [INK_WARN] = 0xe5b04a,
    [INK_LIGHT] = 0xffffff,
};

uint32_t screen_colour(enum ink ink)
{
    return (uint32_t)ink < INK_COUNT ? colours[ink] : colours[INK_TEXT];
}

/* Where the QR code is looked for, in this order. */
enum code_place {
    CODE_BELOW,    /* below the failures, if that leaves room for them */
    CODE_BESIDE,   /* beside the grid */
    CODE_IF_AT_ALL /* below the failures, or nowhere */
};

enum { CODE_MARGIN = 2 /* columns before it */ };

/* Rows of each part, as the height of the screen allows. */
struct plan {
    uint32_t margin; /* columns on either side */
    uint32_t gap;    /* rows between parts */
    uint32_t title_padding, title, legend, progress;
    uint32_t upper_most;              /* rows of grid, legend and progress, with their gaps */
    uint32_t code_columns, code_rows; /* of the code beside the grid; 0: it is not there */
};

enum { BETWEEN_COLUMNS = 4 }; /* the story and the failures are two texts side by side */

/* Of what is below the grid, the columns for all but the failures. */
static uint32_t story_columns(uint32_t columns)
{
    return columns * 58 / 100;
}

/* Rows below the grid: at the end the verdict and all that is said of it must have their place. */
static uint32_t below_rows(const struct screen *screen, const struct plan *plan,
                           const struct screen_model *model, bool tight)
{
    uint32_t rows = screen->rows, below = rows >= 30 && !tight ? 14 : rows >= 20 ? 10 : 8;
    if (!model->report->ended || rows < 30) {
        return below;
    }
    uint32_t ending =
        ending_rows(story_columns(screen->columns - 2 * plan->margin), model, plan->gap);
    return ending > below ? ending : below;
}

/* `tight`: all that can be spared goes to the grid. */
static struct plan plan_for(const struct screen *screen, const struct screen_model *model,
                            bool tight)
{
    uint32_t rows = screen->rows, columns = screen->columns;
    struct plan plan = {
        .margin = columns >= 80 ? 2 : columns >= 60,
        .gap = rows >= 24,
        .title_padding = rows >= 30 && !tight,
        .title = rows >= 20 && columns < 120 ? 2 : 1,
        .legend = rows >= 24 && columns < 100 ? 2 : 1,
        .progress = rows >= 16,
    };
    uint32_t taken = plan.title + 2 * plan.title_padding + 3 * plan.gap +
                     below_rows(screen, &plan, model, tight);
    plan.upper_most = rows > taken ? rows - taken : 1;
    return plan;
}

/* Makes the code that is to stand beside the grid; false where there is no room for one. */
static bool plan_code(struct plan *plan, const struct screen *screen,
                      const struct screen_model *model)
{
    const struct pane room = {.columns = screen->columns * 2 / 5, .rows = plan->upper_most};
    plan->code_rows = qr_rows(&room, model->qr, model->report);
    if (plan->code_rows == 0) {
        return false;
    }
    plan->code_columns = qr_columns(model->qr);
    plan->legend = screen->rows >= 24 ? 2 : 1;
    return true;
}

static void plan_grid(const struct plan *plan, const struct screen *screen, struct seats seats,
                      struct grid *ret)
{
    uint32_t others = plan->legend + plan->progress + 2 * plan->gap;
    uint32_t beside = plan->code_columns ? plan->code_columns + CODE_MARGIN : 0;
    grid_lay_out(seats, screen->columns - 2 * plan->margin - beside,
                 plan->upper_most > others ? plan->upper_most - others : 1, ret);
}

/* Takes to the tight plan where that lets fewer CPUs share a box. */
static void plan_with_grid(struct plan *plan, const struct screen *screen,
                           const struct screen_model *model, struct grid *ret_grid)
{
    struct seats seats = seats_of(model->report);
    struct plan tight = plan_for(screen, model, true);
    struct grid grid;
    tight.legend = plan->legend;
    tight.code_columns = plan->code_columns;
    tight.code_rows = plan->code_rows;
    plan_grid(plan, screen, seats, ret_grid);
    if (ret_grid->cpus_per_box > 1) {
        plan_grid(&tight, screen, seats, &grid);
        if (grid.cpus_per_box < ret_grid->cpus_per_box) {
            *ret_grid = grid;
            *plan = tight;
        }
    }
}

/* Cuts `rows` off the top of what is left, and the gap after them. */
static struct pane take(struct pane *rest, uint32_t rows, uint32_t gap)
{
    struct pane taken = pane_part(rest, 0, 0, rest->columns, rows);
    *rest = pane_part(rest, 0, rows + gap, rest->columns, rest->rows);
    return taken;
}

/* --- the title, the grid and what belongs to it --- */

static void stripe_draw(struct pane *rest, const struct plan *plan,
                        const struct screen_model *model)
{
    struct pane stripe = take(rest, plan->title + 2 * plan->title_padding, plan->gap);
    pane_fill(&stripe, INK_PANEL);
    struct pane title = pane_part(&stripe, plan->margin, plan->title_padding,
                                  stripe.columns - 2 * plan->margin, plan->title);
    title_draw(&title, model);
}

/* The code at the right of what is left; returns what stays beside it, as high as the code. */
static struct pane corner_draw(const struct pane *rest, const struct plan *plan,
                               const struct screen_model *model)
{
    struct pane code =
        pane_part(rest, rest->columns - plan->code_columns, 0, plan->code_columns, plan->code_rows);
    qr_draw(&code, model->qr);
    return pane_part(rest, 0, 0, rest->columns - plan->code_columns - CODE_MARGIN, rest->rows);
}

/* Whether the latencies were drawn, too: below the progress, where the code is higher. */
static bool upper_draw(struct pane *rest, const struct plan *plan, const struct grid *grid,
                       const struct screen_model *model)
{
    struct pane side = *rest;
    if (plan->code_rows > 0) {
        side = corner_draw(rest, plan, model);
    }
    struct pane part = take(&side, grid_rows(grid), plan->gap);
    grid_draw(&part, grid, model);
    part = pane_part(&side, 0, 0, side.columns, plan->legend);
    take(&side, legend_draw(&part, grid, model), plan->gap);
    part = take(&side, plan->progress, plan->gap * plan->progress);
    progress_draw(&part, model);
    uint32_t used = rest->rows - side.rows,
             code = plan->code_rows ? plan->code_rows + plan->gap : 0;
    *rest = pane_part(rest, 0, used > code ? used : code, rest->columns, rest->rows);
    if (code < used + plan->gap) {
        return false;
    }
    side = pane_part(&side, 0, 0, side.columns, code - used - plan->gap);
    return latency_draw(&side, model->report);
}

/* --- below the grid --- */

/* Cuts the double-fault table off the bottom, where that leaves the larger part, and beside it, or
 * on a narrow screen instead of it, how long the CPUs took to come. */
static void foot_draw(struct pane *story, const struct screen_model *model, bool latency,
                      uint32_t gap)
{
    enum { FOOT_ROWS = 10, BETWEEN = 3 };
    uint32_t ending = ending_rows(story->columns, model, gap) + gap;
    uint32_t left = story->rows > ending ? story->rows - ending : 0;
    uint32_t half = story->rows > gap ? (story->rows - gap) / 2 : 0;
    uint32_t rows = df_rows(model->report, left < half ? left : half);
    uint32_t beside = rows ? DF_TABLE_COLUMNS + BETWEEN : 0;
    latency = latency && latency_known(model->report);
    if (latency && story->columns < beside + LATENCY_COLUMNS) {
        rows = beside = 0;
    }
    if (rows > 0) {
        struct pane table = pane_part(story, 0, story->rows - rows, story->columns, rows);
        df_draw(&table, model->report);
    } else if (latency && left >= LATENCY_ROWS) {
        rows = left < FOOT_ROWS ? left : FOOT_ROWS;
    }
    struct pane bars = pane_part(story, beside, story->rows - rows, story->columns, rows);
    if (latency) {
        latency_draw(&bars, model->report);
    }
    story->rows -= rows > 0 ? rows + gap : 0;
}

/* Whether the words keep enough room beside a code of `rows`, and the code tells enough. */
static bool code_suits(const struct pane *failures, const struct screen_model *model, uint32_t rows)
{
    enum { WORDS_ROWS = 13, NAMED_LEAST = 3 };
    const struct qr *qr = model->qr;
    bool named = qr->named == qr->failures || qr->named >= NAMED_LEAST;
    return named && (qr->failures == 0 || failures->rows >= rows + WORDS_ROWS);
}

/* Cuts the QR code off the bottom; false: it has not its place there. */
static bool code_draw(struct pane *failures, const struct screen_model *model, bool at_all,
                      uint32_t gap)
{
    uint32_t rows = failures->rows * 3 / 5;
    struct pane room = pane_part(failures, 0, failures->rows - rows, failures->columns, rows);
    rows = qr_rows(&room, model->qr, model->report);
    if (rows == 0 || (!at_all && !code_suits(failures, model, rows + gap))) {
        return false;
    }
    if (!model->page || model->page->first == 0) { /* else somebody is reading on */
        struct pane code = pane_part(&room, 0, room.rows - rows, room.columns, rows);
        qr_draw(&code, model->qr);
        failures->rows -= rows + gap;
    }
    return true;
}

static void story_draw(struct pane story, const struct screen_model *model, bool latency,
                       uint32_t gap)
{
    uint32_t row = story.rows;
    if (!model->report->ended) {
        row = running_draw(&story, model);
    } else if (story.rows >= LOW_ROWS) {
        foot_draw(&story, model, latency, gap);
        row = ending_draw(&story, model, gap);
    }
    struct pane checks = pane_part(&story, 0, row + gap, story.columns, story.rows);
    checks_draw(&checks, model);
}

/* --- the whole --- */

static bool code_wanted(const struct screen_model *model)
{
    return model->report->ended && model->qr && qr_offered();
}

/* False: the code has no place there, and the picture is to be drawn anew. */
static bool picture_draw(struct screen *screen, const struct screen_model *model,
                         enum code_place place)
{
    struct grid grid;
    struct plan plan = plan_for(screen, model, false);
    struct pane rest = {screen, 0, 0, screen->columns, screen->rows};
    if (place == CODE_BESIDE && !plan_code(&plan, screen, model)) {
        return false;
    }
    plan_with_grid(&plan, screen, model, &grid);
    pane_fill(&rest, INK_BACKGROUND);
    stripe_draw(&rest, &plan, model);
    rest = pane_part(&rest, plan.margin, 0, rest.columns - 2 * plan.margin, rest.rows - plan.gap);
    bool latency = !upper_draw(&rest, &plan, &grid, model);
    if (model->report->ended && rest.rows < LOW_ROWS) {
        low_ending_draw(&rest, model);
    }
    uint32_t left = story_columns(rest.columns);
    struct pane failures = pane_part(&rest, left + BETWEEN_COLUMNS, 0, rest.columns, rest.rows);
    bool placed = place == CODE_BESIDE || !code_wanted(model) ||
                  code_draw(&failures, model, place == CODE_IF_AT_ALL, plan.gap);
    story_draw(pane_part(&rest, 0, 0, left, rest.rows), model, latency, plan.gap);
    failures_draw(&failures, model);
    return placed;
}

void screen_draw(struct screen *screen, const struct screen_model *model)
{
    static const enum code_place places[] = {CODE_BELOW, CODE_BESIDE, CODE_IF_AT_ALL};
    for (uint32_t n = 0; n < 3 && !picture_draw(screen, model, places[n]); n++) {
    }
}
