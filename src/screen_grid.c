/* The CPUs as boxes: a few large ones with words in them, or thousands of single cells. */
#include "screen_parts.h"

#include <muster/arrival.h>

/* States differ in word, glyph, hue and lightness, so that no one of them has to be told. */
static const struct look_style {
    const char *word;
    char glyph;
    uint8_t ink, paper;
} styles[] = {
    [LOOK_ASLEEP] = {"asleep", '.', INK_DIM, INK_ASLEEP},
    [LOOK_WAKING] = {"waking", '^', INK_BACKGROUND, INK_WAKING},
    [LOOK_ONLINE] = {"online", 'o', INK_TEXT, INK_ONLINE},
    [LOOK_BUSY] = {"busy", '*', INK_BACKGROUND, INK_BUSY},
    [LOOK_PASSED] = {"passed", '+', INK_BACKGROUND, INK_PASS},
    [LOOK_FAILED] = {"FAILED", '!', INK_BACKGROUND, INK_FAIL},
    [LOOK_LOST] = {"LOST", 'X', INK_BACKGROUND, INK_LOST},
};

enum { LOOK_COUNT = sizeof(styles) / sizeof(styles[0]) };

/* Which CPU a box of many shows, and the order of the legend. */
static const uint8_t worst_first[LOOK_COUNT] = {
    LOOK_LOST, LOOK_FAILED, LOOK_BUSY, LOOK_WAKING, LOOK_ASLEEP, LOOK_ONLINE, LOOK_PASSED,
};

/* --- boxes --- */

static const struct look_style *style_of(const struct screen_model *model, uint32_t cpu)
{
    uint8_t look = model->looks[cpu];
    return &styles[look < LOOK_COUNT ? look : LOOK_LOST];
}

static uint32_t cpu_at(const struct seats *seats, uint32_t seat)
{
    return seats->topology ? seats->topology->seats[seat] : seat;
}

static const struct look_style *worst_style(const struct screen_model *model,
                                            const struct seats *seats, uint32_t first,
                                            uint32_t count)
{
    for (uint32_t n = 0; n < LOOK_COUNT; n++) {
        for (uint32_t seat = first; seat < first + count; seat++) {
            if (style_of(model, cpu_at(seats, seat)) == &styles[worst_first[n]]) {
                return &styles[worst_first[n]];
            }
        }
    }
    return &styles[LOOK_ASLEEP];
}

static void place_words(struct text *out, const struct report *report, uint32_t cpu)
{
    const struct topology *topology = report->topology;
    text_format(out, "APIC ID %u", report->arrivals[cpu].apic_id);
    if (topology && cpu < topology->count && topology->rows[cpu].source != TOPOLOGY_UNKNOWN) {
        const uint32_t *id = topology->rows[cpu].id;
        text_format(out, " p%u c%u t%u", id[TOPOLOGY_PACKAGE], id[TOPOLOGY_CORE],
                    id[TOPOLOGY_THREAD]);
    }
}

static void arrival_words(struct text *out, const struct arrival *arrival, uint32_t cpu)
{
    if (cpu == 0) {
        text_add(out, "the BSP");
    } else if (arrival->lost) {
        text_format(out, "at %s", stage_id(arrival->stage));
    } else if (arrival_online_us(arrival) > 0) {
        text_format(out, "came in %u us", arrival_online_us(arrival));
    }
}

/* "CPU 3", "+ passed", and where there is room its package, core and thread and how it arrived. */
static void box_line(struct text *out, const struct screen_model *model, uint32_t cpu,
                     uint32_t line)
{
    const struct look_style *style = style_of(model, cpu);
    if (line == 0) {
        text_format(out, "CPU %u", cpu);
    } else if (line == 1) {
        text_format(out, "%c %s", style->glyph, style->word);
    } else if (model->report->arrivals && line == 2) {
        place_words(out, model->report, cpu);
    } else if (model->report->arrivals) {
        arrival_words(out, &model->report->arrivals[cpu], cpu);
    }
}

static void box_draw_words(const struct pane *box, const struct screen_model *model, uint32_t cpu)
{
    uint32_t margin = box->rows > 2, side = box->columns > 10 ? 2 : 1;
    for (uint32_t line = 0; line + 2 * margin < box->rows; line++) {
        char buffer[32];
        struct text text;
        text_init(&text, buffer, sizeof(buffer));
        box_line(&text, model, cpu, line);
        pane_text(box, side, margin + line, (enum ink)style_of(model, cpu)->ink, buffer);
    }
}

/* " 12   +" over " passed" */
static void box_draw_narrow(const struct pane *box, const struct screen_model *model, uint32_t cpu)
{
    const struct look_style *style = style_of(model, cpu);
    char buffer[16];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    text_format(&text, "%-5u%c", cpu, style->glyph);
    pane_text(box, 1, 0, (enum ink)style->ink, buffer);
    pane_text(box, 1, 1, (enum ink)style->ink, style->word);
}

/* " 12 + " */
static void box_draw_index(const struct pane *box, const struct screen_model *model, uint32_t cpu)
{
    const struct look_style *style = style_of(model, cpu);
    char buffer[16];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    text_format(&text, "%u%s%c", cpu, box->columns > 5 ? " " : "", style->glyph);
    struct pane inside = pane_part(box, 0, 0, box->columns - (box->columns > 5), 1);
    pane_text_right(&inside, 0, (enum ink)style->ink, buffer);
}

/* The box of `count` seats from `first` on. */
static void box_draw(const struct pane *box, const struct grid *grid,
                     const struct screen_model *model, uint32_t first, uint32_t count)
{
    const struct look_style *style = worst_style(model, &grid->seats, first, count);
    uint32_t cpu = cpu_at(&grid->seats, first);
    pane_fill(box, (enum ink)style->paper);
    if (box->rows > 1 && box->columns < 10) {
        box_draw_narrow(box, model, cpu);
    } else if (box->rows > 1) {
        box_draw_words(box, model, cpu);
    } else if (grid->group) {
        pane_text(box, 0, 0, (enum ink)style->ink, (char[]){style->glyph, '\0'});
    } else {
        box_draw_index(box, model, cpu);
    }
}

static void label_draw(const struct pane *pane, const struct grid *grid, uint32_t row, uint32_t cpu)
{
    char buffer[16];
    struct text text;
    if (grid->label_columns > 0) {
        text_init(&text, buffer, sizeof(buffer));
        text_format(&text, "%u", cpu);
        struct pane label = pane_part(pane, 0, row, grid->label_columns - 1, 1);
        pane_text_right(&label, 0, INK_DIM, buffer);
    }
}

/* One row of boxes, for the seats from `seat` to `end`. */
static void row_draw(const struct pane *pane, const struct grid *grid,
                     const struct screen_model *model, uint32_t row, uint32_t seat, uint32_t end)
{
    label_draw(pane, grid, row, cpu_at(&grid->seats, seat));
    for (uint32_t x = 0; x < grid->across && seat < end; x++) {
        struct pane box =
            pane_part(pane, grid_box_left(grid, x), row, grid->box_columns, grid->box_rows);
        uint32_t count = end - seat < grid->cpus_per_box ? end - seat : grid->cpus_per_box;
        box_draw(&box, grid, model, seat, count);
        seat += count;
    }
}

void grid_draw(const struct pane *pane, const struct grid *grid, const struct screen_model *model)
{
    const struct seats *seats = &grid->seats;
    uint32_t row = 0, seat = 0;
    while (seat < seats->count) {
        uint32_t end = seat + seats_run(seats, seat);
        for (; seat < end; seat += grid->across * grid->cpus_per_box) {
            row_draw(pane, grid, model, row, seat, end);
            row += grid->box_rows + grid->gap_rows;
        }
        seat = end;
    }
}

/* --- legend --- */

static uint32_t look_count(const struct screen_model *model, uint32_t look)
{
    uint32_t count = 0;
    for (uint32_t cpu = 0; cpu < model->report->cpus_claimed; cpu++) {
        count += style_of(model, cpu) == &styles[look];
    }
    return count;
}

/* " + " in the box's colours, then the words; returns the column after them. */
static uint32_t legend_entry(const struct pane *pane, uint32_t column, uint32_t row,
                             const struct look_style *style, const char *words)
{
    struct pane box = pane_part(pane, column, row, 3, 1);
    pane_fill(&box, (enum ink)style->paper);
    pane_text(&box, 1, 0, (enum ink)style->ink, (char[]){style->glyph, '\0'});
    return pane_text(pane, column + 4, row, INK_TEXT, words);
}

uint32_t legend_draw(const struct pane *pane, const struct grid *grid,
                     const struct screen_model *model)
{
    enum { PACKAGES_COLUMNS = 25 };
    uint32_t column = 0, row = 0;
    char buffer[48];
    struct text text;
    for (uint32_t n = 0; n < LOOK_COUNT; n++) {
        const struct look_style *style = &styles[worst_first[n]];
        uint32_t count = look_count(model, worst_first[n]);
        if (count == 0) {
            continue;
        }
        text_init(&text, buffer, sizeof(buffer));
        text_format(&text, "%u %s", count, style->word);
        if (column > 0 && column + 4 + text.length > pane->columns) {
            column = 0;
            row++;
        }
        column = legend_entry(pane, column, row, style, buffer) + 3;
    }
    if (grid->seats.most < grid->seats.count && column + PACKAGES_COLUMNS <= pane->columns) {
        column = pane_text(pane, column, row, INK_DIM, "each package begins a row") + 3;
    }
    if (grid->cpus_per_box > 1) {
        text_init(&text, buffer, sizeof(buffer));
        text_format(&text, "a box is %u CPUs and shows the worst", grid->cpus_per_box);
        row += column + text.length > pane->columns;
        pane_text(pane, row > 0 ? 0 : column, row, INK_DIM, buffer);
    }
    return row + 1;
}
