/* The self-test as a subtest of TAP 14: four spaces in front of its plan and its points, and one
 * point of the report that speaks for it. */
#include <muster/cpu_words.h>
#include <muster/tap.h>

#include "tap_parts.h"

enum { MISSED_NAMES = 400 };

void tap_self_test_begin(struct text *out, const struct report *report)
{
    text_format(out, "# Subtest: self-test\n    1..%u\n", report->self_test->count);
}

static void add_where(struct text *out, const struct planting *planting)
{
    if (planting->planted + planting->untold > 1) {
        text_format(out, " # caught %u of %u times", planting->caught, planting->planted);
        if (planting->untold > 0) {
            text_format(out, "; %u more could tell nothing: %s", planting->untold,
                        untested_sentence(planting->why));
        }
    } else if (planting->cpu != CPU_NONE) {
        text_format(out, " # CPU %u", planting->cpu);
    }
}

static void add_word(struct text *out, const char *key, const char *value)
{
    if (value[0] != '\0') {
        text_format(out, "      %s: ", key);
        tap_quoted_add(out, value);
        text_char(out, '\n');
    }
}

static void add_words(struct text *out, const struct words *words)
{
    text_add(out, "      ---\n");
    if (words) {
        add_word(out, "expected", words->expected);
        add_word(out, "seen", words->seen);
        add_word(out, "means", words->means);
    } else {
        add_word(out, "means", "missed; what was seen is kept of the first of them alone");
    }
    text_add(out, "      ...\n");
}

void tap_planting(struct text *out, const struct report *report, uint32_t n)
{
    const struct self_test *test = report->self_test;
    const struct planting *planting = &test->plantings[n];
    const bool missed = planting->outcome == PLANTING_MISSED;
    text_format(out, "    %sok %u - %s", missed ? "not " : "", n + 1, planting->id);
    if (planting->outcome == PLANTING_UNTESTED) {
        text_format(out, " # SKIP not self-tested: %s", untested_sentence(planting->why));
    } else {
        add_where(out, planting);
    }
    text_char(out, '\n');
    if (missed) {
        add_words(out, self_test_words(test, n));
    }
}

void tap_self_test_end(struct text *out, const struct report *report)
{
    const struct self_test *test = report->self_test;
    text_format(out, "%sok %u - self-test%s\n# teeth: ", self_test_passed(test) ? "" : "not ",
                report->result_count + 1,
                self_test_told(test) ? ""
                                     : " # SKIP no defect could be planted in what was chosen");
    self_test_summary(out, test, MISSED_NAMES);
    text_format(out, "; %llu ms\n", (unsigned long long)(test->elapsed_us / 1000));
}
