/* The document's pieces in their order, and the remarks between them. */
#include <muster/baseline.h>
#include <muster/document.h>

#include "document_parts.h"

/* --- remarks --- */

static void remarks_end(struct document *document)
{
    if (document->remarking) {
        json_array_end(&document->json);
        json_break(&document->json);
        document->remarking = false;
    }
}

void document_remark(struct document *document, const char *line, size_t length)
{
    static const char *const keys[DOCUMENT_PLACES] = {
        [DOCUMENT_CALLING] = "calling", [DOCUMENT_GROUND] = "ground",
        [DOCUMENT_RUNNING] = "remarks", [DOCUMENT_TOLD] = "afterwards",
        [DOCUMENT_CLOSING] = "closing", [DOCUMENT_LEAVING] = "leaving",
    };
    struct json *json = &document->json;
    if (!document->remarking) {
        json_array(json, keys[document->place]);
        document->remarking = true;
    }
    json_piece(json, NULL, line, length);
    json_break(json);
    json_flush(json);
}

/* --- the pieces --- */

static void piece_begin(struct document *document)
{
    remarks_end(document);
}

static void piece_end(struct document *document)
{
    json_break(&document->json);
    json_flush(&document->json);
}

void document_of_run(struct document *ret, const struct report *report,
                     const struct handoff *handoff)
{
    const struct smbios_claims *smbios = &handoff->claims.smbios;
    ret->report = report;
    ret->options = &handoff->options;
    ret->identity = smbios->present ? &smbios->identity : NULL;
    ret->inventory = &handoff->inventory;
    ret->handoff = handoff;
}

void document_begin(struct document *document)
{
    struct json *json = &document->json;
    document->place = DOCUMENT_CALLING;
    document->remarking = document->checking = document->testing = false;
    json_marker(json, DOCUMENT_BEGIN);
    json_object(json, NULL);
    json_string(json, "schema", "muster/1");
    json_break(json);
    if (document->made_from) {
        json_string(json, "made_from", document->made_from);
        json_break(json);
    }
    document_add_run(json, document->report, document->options);
    document_add_firmware(json, document->report, document->identity);
    document_add_inventory(json, document->report, document->inventory);
    piece_end(document);
}

void document_arrivals(struct document *document)
{
    if (!document->report->arrivals && document->made_from) {
        return;
    }
    piece_begin(document);
    if (document->report->cpus_claimed > 0) {
        document_add_arrivals(&document->json, document->report);
    }
    document_add_topology(&document->json, document->report->topology);
    document_add_states(&document->json, document->report, document->states);
    document->place = DOCUMENT_GROUND;
    piece_end(document);
}

/* The row before this one is only closed now: what was remarked on after its verdict is still its.
 */
static void row_end(struct document *document)
{
    if (document->place == DOCUMENT_RUNNING || document->place == DOCUMENT_TOLD) {
        json_object_end(&document->json);
        json_break(&document->json);
    }
}

void document_check_begin(struct document *document, uint32_t n)
{
    struct json *json = &document->json;
    piece_begin(document);
    row_end(document);
    if (!document->checking) {
        json_array(json, "checks");
        json_break(json);
        document->checking = true;
    }
    document_add_check(json, &document->report->results[n]);
    document->place = DOCUMENT_RUNNING;
    piece_end(document);
}

void document_check_end(struct document *document, uint32_t n)
{
    if (document->place != DOCUMENT_RUNNING) {
        document_check_begin(document, n);
    }
    piece_begin(document);
    document_add_result(&document->json, document->report, n);
    document->place = DOCUMENT_TOLD;
    piece_end(document);
}

static void checks_end(struct document *document)
{
    row_end(document);
    if (!document->checking) {
        json_array(&document->json, "checks");
    }
    json_array_end(&document->json);
    json_break(&document->json);
    document->place = DOCUMENT_CLOSING;
}

void document_closing(struct document *document)
{
    piece_begin(document);
    if (document->place < DOCUMENT_CLOSING && !document->testing) {
        checks_end(document);
    }
    piece_end(document);
}

void document_self_test_begin(struct document *document)
{
    document_closing(document);
    piece_begin(document);
    document_open_self_test(&document->json, document->report->self_test);
    document->testing = true;
    piece_end(document);
}

void document_planting_begin(struct document *document, uint32_t n)
{
    piece_begin(document);
    row_end(document);
    json_object(&document->json, NULL);
    json_string(&document->json, "id", document->report->self_test->plantings[n].id);
    json_break(&document->json);
    document->place = DOCUMENT_RUNNING;
    piece_end(document);
}

void document_planting_end(struct document *document, uint32_t n)
{
    if (document->place != DOCUMENT_RUNNING) {
        document_planting_begin(document, n);
    }
    piece_begin(document);
    document_add_planting(&document->json, document->report->self_test, n);
    document->place = DOCUMENT_TOLD;
    piece_end(document);
}

void document_self_test_end(struct document *document)
{
    piece_begin(document);
    row_end(document);
    document_close_self_test(&document->json, document->report->self_test);
    document->testing = false;
    document->place = DOCUMENT_LEAVING;
    piece_end(document);
}

/* Where it has not been told as it went on; of a run that broke off in it, what is left. */
static void tell_self_test(struct document *document)
{
    const struct self_test *test = document->report->self_test;
    if (!test || document->place == DOCUMENT_LEAVING) {
        return;
    }
    if (!document->testing) {
        document_self_test_begin(document);
        for (uint32_t n = 0; n < test->done; n++) {
            document_planting_end(document, n);
        }
    }
    document_self_test_end(document);
}

static void baseline_add(struct document *document)
{
    struct baseline baseline = {
        .json = &document->json, .report = document->report, .handoff = document->handoff};
    json_array(&document->json, "baseline");
    baseline_write(&baseline);
    json_array_end(&document->json);
    json_break(&document->json);
}

void document_end(struct document *document, const char *died)
{
    struct json *json = &document->json;
    document_closing(document);
    tell_self_test(document);
    document_add_df(json, &document->report->df);
    if (document->handoff && document->options->baseline) {
        baseline_add(document);
    }
    if (died) {
        json_string(json, "died", died);
        json_break(json);
    }
    if (document->not_heard && !cpuset_empty(document->not_heard)) {
        json_cpus(json, "not_heard", document->not_heard);
        json_break(json);
    }
    document_add_end(json, document->report);
    json_object_end(json);
    json_marker(json, DOCUMENT_END);
}

void document_write(struct document *document, const char *died)
{
    const struct report *report = document->report;

    document_begin(document);
    if (report->arrivals || report->ended) {
        document_arrivals(document);
    }
    for (uint32_t n = 0; n < report->result_count; n++) {
        if (n < report->results_done) {
            document_check_end(document, n);
        } else if (n == report->results_done && report->arrivals && !report->ended) {
            document_check_begin(document, n);
        }
    }
    document_end(document, died);
}
