/* What was asked, of what; and how it ended. */
#include "document_parts.h"
#include "option_value.h"

static void add_flag(struct json *json, const char *key, bool on)
{
    if (on) {
        json_bool(json, key, true);
    }
}

/* As they were understood, but for those left at their default. A `then` without a name is not
 * known. */
static void add_options(struct json *json, const struct options *options)
{
    json_object(json, "options");
    if (options->cpus_given) {
        json_cpus(json, "cpus", &options->cpus);
    }
    json_words(json, "only", options->only);
    json_words(json, "skip", options->skip);
    if (options->repeat > 1) {
        json_number(json, "repeat", options->repeat);
    }
    if (options->smi_watch_ms != SMI_WATCH_MS) {
        json_number(json, "smi_watch_ms", options->smi_watch_ms);
    }
    add_flag(json, "bench", options->bench);
    add_flag(json, "switch_bsp", options->switch_bsp);
    add_flag(json, "baseline", options->baseline);
    json_words(json, "then", option_then_name(options->then));
    json_words(json, "break", options->break_id);
    if (options->self_test != SELF_TEST_NO) {
        json_string(json, "self_test", options->self_test == SELF_TEST_EACH ? "each" : "usual");
    }
    json_object_end(json);
}

void document_add_run(struct json *json, const struct report *report, const struct options *options)
{
    json_object(json, "run");
    json_words(json, "version", report->version);
    json_words(json, "build", report->build);
    if (report->result_count > 0) {
        json_number(json, "planned", report->result_count);
    }
    add_options(json, options);
    json_object_end(json);
    json_break(json);
}

static void add_system(struct json *json, const struct identity *identity)
{
    json_object(json, "system");
    for (enum identity_name n = 0; n < IDENTITY_NAMES; n++) {
        json_words(json, identity_key(n), identity->name[n]);
    }
    json_object_end(json);
    json_break(json);
}

void document_add_firmware(struct json *json, const struct report *report,
                           const struct identity *identity)
{
    const bool known = report->version[0] != '\0';
    if (known) {
        json_object(json, "firmware");
        json_string(json, "vendor", report->firmware);
        json_hex(json, "revision", report->firmware_revision);
        json_object_end(json);
        json_break(json);
    }
    if (identity) {
        add_system(json, identity);
    }
    if (known) {
        json_string(json, "hypervisor", report->hypervisor[0] ? report->hypervisor : NULL);
        json_break(json);
    }
}

static void add_counts(struct json *json, const struct report *report)
{
    static const struct {
        const char *key;
        enum verdict verdict;
    } counted[] = {
        {"pass", VERDICT_PASS},           {"fail", VERDICT_FAIL}, {"error", VERDICT_ERROR},
        {"deviation", VERDICT_DEVIATION}, {"skip", VERDICT_SKIP}, {"none", VERDICT_NONE},
    };
    json_object(json, "counts");
    for (uint32_t n = 0; n < sizeof(counted) / sizeof(counted[0]); n++) {
        json_number(json, counted[n].key, report_count(report, counted[n].verdict));
    }
    json_object_end(json);
}

static void add_spent(struct json *json, const struct time_spent *spent)
{
    if (!spent->known) {
        return;
    }
    json_object(json, "spent_us");
    for (enum time_use use = TIME_OTHER; use < TIME_USES; use++) {
        json_number(json, time_use_key(use), spent->us[use]);
    }
    json_object_end(json);
}

/* A run that did not end has no verdict: nobody knows what the rest would have shown. */
void document_add_end(struct json *json, const struct report *report)
{
    json_object(json, "result");
    if (report->ended) {
        json_string(json, "verdict", verdict_name(report_verdict(report)));
    }
    add_counts(json, report);
    if (report_called(report)) {
        json_cpus(json, "lost", &report->lost);
    }
    if (report->elapsed_us > 0) {
        json_number(json, "elapsed_us", report->elapsed_us);
    }
    add_spent(json, &report->spent);
    json_object_end(json);
    json_break(json);
    json_bool(json, "ended", report->ended);
}
