/* The checks, what they found, and the double-fault table. */
#include <muster/descriptor.h>
#include <muster/text.h>

#include "document_parts.h"

static void add_cpus(struct json *json, const char *key, const struct cpuset *cpus)
{
    if (!cpuset_empty(cpus)) {
        json_cpus(json, key, cpus);
    }
}

void document_add_check(struct json *json, const struct check_result *result)
{
    json_object(json, NULL);
    json_string(json, "id", result->id);
    json_words(json, "claim", result->claim);
    json_words(json, "source", result->source);
}

static void add_finding(struct json *json, const struct finding *finding)
{
    json_object(json, NULL);
    add_cpus(json, "cpus", &finding->cpus);
    json_string(json, "verdict", verdict_name(finding->verdict));
    json_words(json, "expected", finding->words.expected);
    json_words(json, "seen", finding->words.seen);
    json_words(json, "means", finding->words.means);
    json_object_end(json);
    json_break(json);
}

static void add_findings(struct json *json, const struct report *report,
                         const struct check_result *result)
{
    if (result->finding_count > 0) {
        json_array(json, "findings");
        for (uint32_t n = 0; n < result->finding_count; n++) {
            add_finding(json, &report->findings[result->first_finding + n]);
        }
        json_array_end(json);
    }
    if (result->findings_dropped > 0) {
        json_number(json, "findings_dropped", result->findings_dropped);
    }
}

void document_add_result(struct json *json, const struct report *report, uint32_t n)
{
    const struct check_result *result = &report->results[n];

    json_string(json, "verdict", verdict_name(result->verdict));
    if (!result->examined_unknown) {
        json_cpus(json, "examined", &result->examined);
    }
    add_cpus(json, "failed", &result->failed);
    add_cpus(json, "set_aside", &result->set_aside);
    if (!result->runs_unknown) {
        json_number(json, "runs", result->runs);
    }
    if (!result->us_unknown) {
        json_number(json, "us", result->us);
    }
    json_words(json, "note", result->note);
    add_findings(json, report, result);
}

/* --- the double-fault table --- */

static void add_pair(struct json *json, enum df_first first, uint32_t column, enum df_state state)
{
    static const char *const names[] = {
        [DF_AS_WANTED] = "as wanted", [DF_DEVIATES] = "deviates", [DF_WRONG] = "wrong"};
    uint32_t second = df_column_vector(column);
    char name[16];
    struct text text;

    text_init(&text, name, sizeof(name));
    text_add(&text, df_first_ring(first));
    text_add(&text, vector_name(df_first_vector(first)));
    json_object(json, NULL);
    json_string(json, "first", name);
    json_string(json, "second", vector_name(second));
    json_bool(json, "double", double_fault(df_first_vector(first), second));
    json_string(json, "state", names[state]);
    json_object_end(json);
}

void document_add_df(struct json *json, const struct df_table *table)
{
    if (df_table_empty(table)) {
        return;
    }
    json_array(json, "df");
    for (enum df_first first = 0; first < FIRST_COUNT; first++) {
        for (uint32_t column = 0; column < DF_COLUMNS; column++) {
            if (table->state[first][column] != DF_UNASKED) {
                add_pair(json, first, column, table->state[first][column]);
            }
        }
        json_break(json);
    }
    json_array_end(json);
    json_break(json);
}
