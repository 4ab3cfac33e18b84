/* The title: who is at work here, and on what. */
#include <muster/cpu_words.h>

#include "screen_parts.h"

/* --- the title --- */

static void identity_add(struct text *out, const struct report *report)
{
    text_format(out, "firmware %s 0x%x", report->firmware, report->firmware_revision);
    if (report->hypervisor[0]) {
        text_format(out, "   hypervisor %s", report->hypervisor);
    }
    text_add(out, "   ");
    cpu_words_count(out, report->cpus_claimed);
    text_format(out, " claimed, %u answered", report->cpus_answered);
}

static void planted_draw(const struct pane *pane, const struct report *report)
{
    char buffer[64];
    struct text text;
    if (report->break_id && report->break_id[0]) {
        text_init(&text, buffer, sizeof(buffer));
        text_format(&text, " planted defect: %s", report->break_id);
        pane_text_right(pane, 0, INK_WARN, buffer);
    }
}

void title_draw(const struct pane *pane, const struct screen_model *model)
{
    const struct report *report = model->report;
    char buffer[256];
    struct text text;
    text_init(&text, buffer, sizeof(buffer));
    text_format(&text, "muster %s", report->version);
    uint32_t column = pane_text(pane, 0, 0, INK_TEXT, buffer);

    text_init(&text, buffer, sizeof(buffer));
    text_format(&text, "build %s", report->build);
    column = pane_text(pane, column + 2, 0, INK_DIM, buffer);

    text_init(&text, buffer, sizeof(buffer));
    identity_add(&text, report);
    pane_text(pane, pane->rows > 1 ? 0 : column + 3, pane->rows > 1, INK_DIM, buffer);
    planted_draw(pane, report);
}
