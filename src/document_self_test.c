/* What --self-test found, check by check. */
#include "document_parts.h"

static void add_untested(struct json *json, const struct planting *planting)
{
    if (planting->outcome == PLANTING_UNTESTED || planting->untold > 0) {
        json_string(json, "why", untested_sentence(planting->why));
    }
}

static void add_where(struct json *json, const struct planting *planting)
{
    if (planting->cpu != CPU_NONE) {
        json_number(json, "cpu", planting->cpu);
    }
    if (planting->planted + planting->untold > 1) {
        json_number(json, "planted", planting->planted);
        json_number(json, "caught", planting->caught);
        json_number(json, "untold", planting->untold);
    }
}

static void add_words(struct json *json, const struct words *words)
{
    if (words) {
        json_words(json, "expected", words->expected);
        json_words(json, "seen", words->seen);
        json_words(json, "means", words->means);
    }
}

void document_add_planting(struct json *json, const struct self_test *test, uint32_t n)
{
    const struct planting *planting = &test->plantings[n];
    json_string(json, "outcome", planting_outcome_name(planting->outcome));
    add_untested(json, planting);
    add_where(json, planting);
    add_words(json, self_test_words(test, n));
    json_break(json);
}

void document_open_self_test(struct json *json, const struct self_test *test)
{
    json_object(json, "self_test");
    json_bool(json, "each", test->each);
    json_array(json, "plantings");
    json_break(json);
}

void document_close_self_test(struct json *json, const struct self_test *test)
{
    json_array_end(json);
    json_bool(json, "passed", self_test_passed(test));
    json_number(json, "caught", self_test_count(test, PLANTING_CAUGHT));
    json_number(json, "missed", self_test_count(test, PLANTING_MISSED));
    json_number(json, "not_tested", self_test_count(test, PLANTING_UNTESTED));
    if (!cpuset_empty(&test->lost)) {
        json_cpus(json, "lost", &test->lost);
    }
    json_number(json, "elapsed_us", test->elapsed_us);
    json_object_end(json);
    json_break(json);
}
