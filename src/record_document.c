#include <muster/document.h>
#include <muster/memory.h>
#include <muster/record_document.h>

enum { LINE = 1024, PIECE = 256 };

struct sending {
    record_take *take;
    void *context;
    bool taken;  /* as long as it is true */
    bool inside; /* the line has begun */
    bool marker; /* and is one of the markers */
    struct text out;
};

static void send_out(struct sending *sending)
{
    sending->taken = sending->taken && sending->take(sending->context, sending->out.at);
    text_init(&sending->out, sending->out.at, sending->out.size);
}

/* No line of JSON begins with two hyphens. */
static void send(void *context, const char *piece)
{
    struct sending *sending = context;
    for (; *piece != '\0'; piece++) {
        if (!sending->inside) {
            sending->marker = piece[0] == '-' && piece[1] == '-';
        }
        sending->inside = *piece != '\n';
        if (!sending->marker) {
            text_char(&sending->out, *piece);
        }
    }
    send_out(sending);
}

/* Each line of `text`, without the "# " that makes it a comment of TAP. */
static void remark_lines(struct document *document, const char *text)
{
    while (*text != '\0') {
        size_t length = 0;
        while (text[length] != '\0' && text[length] != '\n') {
            length++;
        }
        const size_t before = string_starts(text, "# ") ? 2 : 0;
        document_remark(document, text + before, length - before);
        text += length + (text[length] == '\n');
    }
}

static void add_remarks(struct document *document, const struct record_contents *contents)
{
    char buffer[LINE];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    record_origin(&text, contents);
    record_remarks(&text, contents);
    remark_lines(document, buffer);
}

static void add_checks(struct document *document, const struct record_contents *contents)
{
    const struct report *report = &contents->report;
    for (uint32_t n = 0; n < report->result_count; n++) {
        if (report->results[n].verdict != VERDICT_NONE) {
            document_check_end(document, n);
        } else if (contents->state == RECORD_DIED && !contents->end_lost &&
                   string_equal(report->results[n].id, contents->doing)) {
            document_check_begin(document, n);
        }
    }
}

static void write(struct document *document, const struct record_contents *contents,
                  const struct catalogue *catalogue)
{
    char buffer[RECORD_DEATH_MAX];
    struct text death;
    document_begin(document);
    add_remarks(document, contents);
    document_arrivals(document);
    add_checks(document, contents);
    text_init(&death, buffer, sizeof(buffer));
    if (contents->state == RECORD_DIED) {
        record_death(&death, contents, catalogue);
    }
    document_end(document, contents->state == RECORD_DIED ? buffer : NULL);
}

bool record_document(const struct record_contents *contents, const struct catalogue *catalogue,
                     char *scratch, record_take *take, void *context)
{
    char piece[PIECE];
    struct document document = {
        .report = &contents->report,
        .options = &contents->options,
        .identity = contents->identity_known ? &contents->identity : NULL,
        .inventory = contents->inventory_known ? &contents->inventory : NULL,
        .states = contents->states.count > 0 ? &contents->states : NULL,
        .not_heard = &contents->not_heard,
        .made_from = "record",
    };
    struct sending sending = {.take = take, .context = context, .taken = true};
    text_init(&sending.out, scratch, TAP_TEXT_MAX);
    json_init(&document.json, piece, sizeof(piece), send, &sending);
    write(&document, contents, catalogue);
    return sending.taken;
}
