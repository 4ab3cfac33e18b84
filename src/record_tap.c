#include <muster/record_tap.h>

struct telling {
    struct text text;
    record_take *take;
    void *context;
};

static bool tell(struct telling *telling)
{
    const bool taken = telling->take(telling->context, telling->text.at);
    text_init(&telling->text, telling->text.at, telling->text.size);
    return taken;
}

static bool tell_head(struct telling *telling, const struct record_contents *contents)
{
    struct text *out = &telling->text;
    tap_begin(out, &contents->report);
    record_origin(out, contents);
    record_remarks(out, contents);
    return tell(telling);
}

static bool tell_points(struct telling *telling, const struct report *report)
{
    for (uint32_t n = 0; n < report->result_count; n++) {
        if (report->results[n].verdict != VERDICT_NONE) {
            tap_point(&telling->text, report, n);
            if (!tell(telling)) {
                return false;
            }
        }
    }
    return true;
}

static bool tell_self_test(struct telling *telling, const struct report *report)
{
    if (!report->self_test) {
        return true;
    }
    tap_self_test_begin(&telling->text, report);
    for (uint32_t n = 0; n < report->self_test->count; n++) {
        tap_planting(&telling->text, report, n);
        if (!tell(telling)) {
            return false;
        }
    }
    tap_self_test_end(&telling->text, report);
    return tell(telling);
}

static void add_end(struct text *out, const struct record_contents *contents,
                    const struct catalogue *catalogue)
{
    tap_df(out, &contents->report);
    if (contents->state == RECORD_DIED) {
        text_add(out, "Bail out! ");
        record_death(out, contents, catalogue);
        text_char(out, '\n');
        return;
    }
    tap_spent(out, &contents->report, contents->options.bench);
    tap_end(out, &contents->report);
}

bool record_tap(const struct record_contents *contents, const struct catalogue *catalogue,
                char *scratch, record_take *take, void *context)
{
    struct telling telling = {.take = take, .context = context};
    text_init(&telling.text, scratch, TAP_TEXT_MAX);
    if (!tell_head(&telling, contents)) {
        return false;
    }
    tap_arrivals(&telling.text, &contents->report);
    if (!tell(&telling) || !tell_points(&telling, &contents->report) ||
        !tell_self_test(&telling, &contents->report)) {
        return false;
    }
    add_end(&telling.text, contents, catalogue);
    return tell(&telling);
}
