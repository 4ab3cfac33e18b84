#include "sinks.h"
#include "spend.h"

uint64_t sinks_size(uint32_t cpus, const struct framebuffer_claim *claim)
{
    uint32_t columns, rows;

    framebuffer_cells(claim, &columns, &rows);
    return 2 * (uint64_t)columns * rows * sizeof(struct cell) + cpus + TAP_TEXT_MAX +
           sizeof(struct qr) + 256;
}

static bool take_cells(struct sinks *sinks, struct handoff *handoff)
{
    struct screen *screen = &sinks->screen;

    framebuffer_cells(&handoff->framebuffer, &screen->columns, &screen->rows);
    if (!screen->columns || !handoff->options.console_screen)
        return true;
    uint64_t size = (uint64_t)screen->columns * screen->rows * sizeof(struct cell);
    screen->cells = arena_take(&handoff->arena, size, 16);
    sinks->framebuffer.shown = arena_take(&handoff->arena, size, 16);
    sinks->model.qr = arena_take(&handoff->arena, sizeof *sinks->model.qr, 16);
    return screen->cells && sinks->framebuffer.shown && sinks->model.qr;
}

void sinks_send(void *context, const char *piece)
{
    struct sinks *sinks = context;
    enum time_use before = spend(sinks->time, TIME_SERIAL);

    uart_write(&sinks->uart, piece);
    spend(sinks->time, before);
}

/* Beside TAP the document stands in comments. */
static void open_document(struct sinks *sinks, const struct handoff *handoff,
                          const struct report *report)
{
    sinks->tap = handoff->options.format_tap;
    sinks->json = handoff->options.format_json;
    sinks->document = (struct document){0};
    document_of_run(&sinks->document, report, handoff);
    json_init(&sinks->document.json, sinks->piece, sizeof sinks->piece, sinks_send, sinks);
    sinks->document.json.prefix = sinks->tap ? "# json " : "";
}

bool sinks_prepare(struct sinks *sinks, struct handoff *handoff, const struct report *report)
{
    char *text = arena_take(&handoff->arena, TAP_TEXT_MAX, 16);
    uint8_t *looks = arena_take(&handoff->arena, handoff->inventory.count, 16);

    sinks->model = (struct screen_model){.report = report,
                                         .looks = looks,
                                         .doing = "",
                                         .page = &sinks->page,
                                         .closing = "",
                                         .kept = sinks->kept,
                                         .rest = ""};
    if (!text || !looks || !take_cells(sinks, handoff))
        return false;
    text_init(&sinks->text, text, TAP_TEXT_MAX);
    open_document(sinks, handoff, report);
    sinks->looks = looks;
    if (handoff->options.console_serial)
        uart_open(&sinks->uart, &handoff->serial);
    sinks->model.rest = closing_rest(THEN_HALT, false, sinks->uart.answers);
    return true;
}

void sinks_open_screen(struct sinks *sinks, const struct handoff *handoff)
{
    if (!sinks->screen.cells)
        return;
    enum time_use before = spend(sinks->time, TIME_SCREEN);
    framebuffer_open(&sinks->framebuffer, &handoff->framebuffer, sinks->framebuffer.shown);
    spend(sinks->time, before);
    sinks->has_screen = true;
}

struct text *sinks_text(struct sinks *sinks)
{
    text_init(&sinks->text, sinks->text.at, sinks->text.size);
    return &sinks->text;
}

void sinks_tell_tap(struct sinks *sinks)
{
    if (sinks->tap)
        sinks_send(sinks, sinks->text.at);
}

static void remark_lines(struct sinks *sinks)
{
    for (const char *line = sinks->text.at, *end; *line; line = *end ? end + 1 : end) {
        for (end = line; *end && *end != '\n';)
            end++;
        if (string_starts(line, "# "))
            document_remark(&sinks->document, line + 2, (size_t)(end - line) - 2);
    }
}

void sinks_tell(struct sinks *sinks)
{
    sinks_tell_tap(sinks);
    if (sinks->json)
        remark_lines(sinks);
}

void sinks_look(struct sinks *sinks, uint32_t cpu, enum cpu_look look)
{
    sinks->looks[cpu] = (uint8_t)look;
}

void sinks_close(struct sinks *sinks, const struct handoff *handoff,
                 const struct record_kept *record)
{
    enum then then = handoff->options.then;
    struct text kept;

    text_init(&kept, sinks->kept, sizeof sinks->kept);
    closing_record(&kept, &handoff->options, &handoff->record, record);
    sinks->model.closing = closing_next(then);
    sinks->model.rest = closing_rest(then, record_whole(record), sinks->uart.answers);
}

void sinks_show(struct sinks *sinks, const char *doing)
{
    sinks->model.doing = doing;
    if (!sinks->has_screen)
        return;
    enum time_use before = spend(sinks->time, TIME_SCREEN);
    screen_draw(&sinks->screen, &sinks->model);
    framebuffer_show(&sinks->framebuffer, &sinks->screen);
    spend(sinks->time, before);
}
