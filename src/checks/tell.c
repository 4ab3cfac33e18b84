#include "tell.h"
#include <muster/baseline.h>

void tell_begin(struct run *run)
{
    struct sinks *sinks = &run->sinks;
    enum time_use before = spend(&run->time, TIME_SERIAL);

    sinks_send(sinks, "\n");
    tap_begin(sinks_text(sinks), &run->report);
    sinks_tell_tap(sinks);
    if (sinks->json)
        document_begin(&sinks->document);
    spend(&run->time, before);
}

void tell_arrivals(struct run *run)
{
    struct sinks *sinks = &run->sinks;

    run->arrivals_told = true;
    tap_arrivals(sinks_text(sinks), &run->report);
    sinks_tell_tap(sinks);
    if (sinks->json)
        document_arrivals(&sinks->document);
}

/* In TAP only where it may be the last that is heard. */
void tell_start(struct run *run, uint32_t result)
{
    struct sinks *sinks = &run->sinks;
    const struct check *check = check_get(run->planned[result]);
    enum time_use before = spend(&run->time, TIME_SERIAL);

    sinks_show(sinks, check->info.id);
    if (sinks->json)
        document_check_begin(&sinks->document, result);
    if (check->info.hazard != HAZARD_READS) {
        text_format(sinks_text(sinks), "# running %s\n", check->info.id);
        sinks_tell_tap(sinks);
    }
    spend(&run->time, before);
}

void tell_result(struct run *run, uint32_t result)
{
    struct sinks *sinks = &run->sinks;
    enum time_use before = spend(&run->time, TIME_SERIAL);

    tap_point(sinks_text(sinks), &run->report, result);
    sinks_tell_tap(sinks);
    if (sinks->json)
        document_check_end(&sinks->document, result);
    spend(&run->time, before);
}

void tell_closing(struct run *run)
{
    if (run->sinks.json)
        document_closing(&run->sinks.document);
}

void tell_self_test_begin(struct run *run)
{
    tap_self_test_begin(sinks_text(&run->sinks), &run->report);
    sinks_tell_tap(&run->sinks);
    if (run->sinks.json)
        document_self_test_begin(&run->sinks.document);
}

void tell_planting_start(struct run *run, uint32_t n)
{
    if (run->sinks.json)
        document_planting_begin(&run->sinks.document, n);
}

void tell_planting(struct run *run, uint32_t n)
{
    tap_planting(sinks_text(&run->sinks), &run->report, n);
    sinks_tell_tap(&run->sinks);
    if (run->sinks.json)
        document_planting_end(&run->sinks.document, n);
}

void tell_self_test_end(struct run *run)
{
    tap_self_test_end(sinks_text(&run->sinks), &run->report);
    sinks_tell_tap(&run->sinks);
    if (run->sinks.json)
        document_self_test_end(&run->sinks.document);
}

/* One fact a comment, each a JSON text of its own: what else stands in a log does not harm them. */
static void tell_baseline(struct run *run)
{
    char piece[SINKS_PIECE];
    struct json json;
    struct baseline baseline = {
        .json = &json, .apart = true, .report = &run->report, .handoff = run->handoff};

    json_init(&json, piece, sizeof piece, sinks_send, &run->sinks);
    json.prefix = "# baseline ";
    baseline_write(&baseline);
    json_flush(&json);
}

void tell_time(struct run *run)
{
    tap_time(sinks_text(&run->sinks), &run->report);
    sinks_tell(&run->sinks);
}

/* The document takes no remark once its end has been begun. */
void tell_details(struct run *run)
{
    struct sinks *sinks = &run->sinks;
    bool json = sinks->json;

    sinks->json = false;
    if (json)
        document_end(&sinks->document, NULL);
    if (sinks->tap && run->handoff->options.baseline)
        tell_baseline(run);
    tap_df(sinks_text(sinks), &run->report);
    sinks_tell_tap(sinks);
}

void tell_end(struct run *run)
{
    struct sinks *sinks = &run->sinks;

    tap_spent(sinks_text(sinks), &run->report, run->handoff->options.bench);
    sinks_tell_tap(sinks);
    tap_end(sinks_text(sinks), &run->report);
    sinks_tell_tap(sinks);
}

void tell_bail(struct run *run, const char *why)
{
    struct sinks *sinks = &run->sinks;

    if (sinks->json)
        document_end(&sinks->document, why);
    text_format(sinks_text(sinks), "Bail out! %s\n", why);
    sinks_tell_tap(sinks);
}
