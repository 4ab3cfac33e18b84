/* TAP 14 for a report: the plan, one point per check with its findings as YAML, and the last line.
 *
 * A recorded deviation is a TODO point, which no TAP consumer counts as a failure. Whatever comes
 * from outside is brought down to printable ASCII, so that a line stays a line. */
#include <muster/cpu_words.h>
#include <muster/summary.h>
#include <muster/tap.h>

#include "tap_parts.h"

/* Room kept for the sentence that says how many findings did not fit. */
enum { UNTOLD_ROOM = 160, POINT_SET_MAX = 100 };

void tap_plain_add(struct text *out, const char *string)
{
    for (; *string; string++) {
        text_char(out, *string >= ' ' && *string <= '~' ? *string : '?');
    }
}

void tap_quoted_add(struct text *out, const char *string)
{
    text_char(out, '"');
    for (; *string; string++) {
        unsigned char c = (unsigned char)*string;
        if (c < ' ' || c > '~') {
            text_format(out, "\\x%02x", c);
            continue;
        }
        if (c == '"' || c == '\\') {
            text_char(out, '\\');
        }
        text_char(out, *string);
    }
    text_char(out, '"');
}

void tap_begin(struct text *out, const struct report *report)
{
    text_add(out, "TAP version 14\n");
    if (report->result_count > 0) {
        text_format(out, "1..%u\n", report->result_count + (report->self_test ? 1 : 0));
    }
}

/* --- the point's own line --- */

static void comment_next(struct text *out, bool *begun)
{
    text_add(out, *begun ? "; " : " # ");
    *begun = true;
}

/* "4 CPUs", or "CPU 2 of 4" where some failed; false when there is nothing to say. */
static bool comment_cpus(struct text *out, const struct check_result *result, const char *before)
{
    uint32_t examined = cpuset_count(&result->examined);
    bool failed = result->verdict >= VERDICT_ERROR && !cpuset_empty(&result->failed);
    if (examined == 0 && !failed) {
        return false;
    }
    text_add(out, before);
    if (!failed) {
        cpu_words_count(out, examined);
        return true;
    }
    cpu_words_name(out, &result->failed, POINT_SET_MAX);
    if (examined > 0) {
        text_format(out, " of %u", examined);
    }
    return true;
}

static void comment_remarks(struct text *out, const struct check_result *result, bool *begun)
{
    if (result->runs > 1) {
        comment_next(out, begun);
        text_format(out, "%u runs", result->runs);
    }
    if (result->note[0]) {
        /* A note at the front must not be taken for a directive ("skipped two entries"). */
        bool first = !*begun;
        comment_next(out, begun);
        text_add(out, first ? "note: " : "");
        tap_plain_add(out, result->note);
    } else if (!cpuset_empty(&result->set_aside)) {
        comment_next(out, begun);
        cpu_words_name(out, &result->set_aside, POINT_SET_MAX);
        text_add(out, " set aside");
    }
}

static void comment_examined(struct text *out, const struct check_result *result)
{
    bool error = result->verdict == VERDICT_ERROR;
    text_add(out, error ? " # ERROR" : "");
    bool begun = comment_cpus(out, result, error ? " " : " # ") || error;
    comment_remarks(out, result, &begun);
}

static void comment(struct text *out, const struct report *report,
                    const struct check_result *result)
{
    switch (result->verdict) {
    case VERDICT_SKIP:
        text_add(out, " # SKIP ");
        tap_plain_add(out, result->note);
        break;
    case VERDICT_DEVIATION:
        text_add(out, " # TODO ");
        tap_plain_add(out, report_deviation(report, result));
        break;
    case VERDICT_NONE:
        text_add(out, " # ERROR not run");
        break;
    default:
        comment_examined(out, result);
    }
}

/* --- its findings --- */

/* One mapping of the block; `list`: an entry of a sequence. */
struct entry {
    struct text *out;
    bool list;
    bool begun;
};

static void entry_add(struct entry *entry, const char *key, const char *value)
{
    if (!value[0]) {
        return;
    }
    text_add(entry->out, !entry->list ? "  " : entry->begun ? "    " : "  - ");
    entry->begun = true;
    text_format(entry->out, "%s: ", key);
    tap_quoted_add(entry->out, value);
    text_char(entry->out, '\n');
}

static void entry_add_cpus(struct entry *entry, const struct cpuset *cpus)
{
    if (cpuset_empty(cpus)) {
        return;
    }
    text_add(entry->out, entry->list ? "  - cpus: \"" : "  cpus: \"");
    entry->begun = true;
    cpuset_print(entry->out, cpus);
    text_add(entry->out, "\"\n");
}

static void finding_add(struct text *out, const struct finding *finding, enum verdict of_check,
                        bool list)
{
    struct entry entry = {.out = out, .list = list};
    entry_add_cpus(&entry, &finding->cpus);
    if (finding->verdict != of_check) {
        entry_add(&entry, "verdict", verdict_name(finding->verdict));
    }
    entry_add(&entry, "expected", finding->words.expected);
    entry_add(&entry, "seen", finding->words.seen);
    entry_add(&entry, "means", finding->words.means);
}

/* Adds the finding whole or not at all; false when it does not fit. */
static bool finding_fit(struct text *out, const struct finding *finding, enum verdict of_check,
                        bool list)
{
    struct text mark = *out;
    finding_add(out, finding, of_check, list);
    if (!out->cut && out->length + UNTOLD_ROOM < out->size) {
        return true;
    }
    *out = mark;
    out->at[out->length] = '\0';
    return false;
}

static void untold_add(struct text *out, uint32_t count, bool list)
{
    if (count == 0) {
        return;
    }
    text_add(out, list ? "  - means: " : "  means: ");
    text_format(out, "\"%u more finding%s found no room in this report\"\n", count,
                count == 1 ? "" : "s");
}

static void findings_add(struct text *out, const struct report *report,
                         const struct check_result *result)
{
    uint32_t all = result->finding_count + result->findings_dropped, told = 0;
    bool list = all > 1;
    if (all == 0) {
        return;
    }
    text_add(out, "  ---\n");
    while (
        told < result->finding_count &&
        finding_fit(out, &report->findings[result->first_finding + told], result->verdict, list)) {
        told++;
    }
    untold_add(out, all - told, list);
    text_add(out, "  ...\n");
}

void tap_point(struct text *out, const struct report *report, uint32_t n)
{
    const struct check_result *result = &report->results[n];
    bool ok = result->verdict == VERDICT_PASS || result->verdict == VERDICT_SKIP;
    text_format(out, "%s %u - %s", ok ? "ok" : "not ok", n + 1, result->id);
    comment(out, report, result);
    text_char(out, '\n');
    findings_add(out, report, result);
}

void tap_end(struct text *out, const struct report *report)
{
    text_add(out, "# muster: ");
    summary_add(out, report);
    text_char(out, '\n');
}
