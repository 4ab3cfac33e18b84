/* What a record says, in words. */
#include <muster/cpu_words.h>
#include <muster/memory.h>
#include <muster/record.h>

enum { SYSTEM_LETTERS = 32, SET_LETTERS = 60 };

/* How much of an id is its family: "df" of "df.guard-page". */
static size_t family_length(const char *id)
{
    size_t length = 0;
    while (id[length] != '\0' && id[length] != '.') {
        length++;
    }
    return length;
}

static bool same_family(const char *a, const char *b)
{
    const size_t length = family_length(a);
    return length == family_length(b) && memcmp(a, b, length) == 0;
}

/* The result that the mark named, or result_count. */
static uint32_t find_doing(const struct record_contents *contents)
{
    const struct report *report = &contents->report;
    uint32_t n = 0;
    while (n < report->result_count && !string_equal(report->results[n].id, contents->doing)) {
        n++;
    }
    return n;
}

static enum check_hazard hazard_of(const struct catalogue *catalogue, const char *id)
{
    for (uint32_t n = 0; n < catalogue->count; n++) {
        if (string_equal(catalogue->get(n)->id, id)) {
            return catalogue->get(n)->hazard;
        }
    }
    return HAZARD_READS;
}

/* The last of the checks that were run under the same mark (recorder_mark_check() decides). */
static uint32_t last_under_mark(const struct report *report, uint32_t first,
                                const struct catalogue *catalogue)
{
    uint32_t n = first;
    while (n + 1 < report->result_count &&
           (same_family(report->results[first].id, report->results[n + 1].id) ||
            hazard_of(catalogue, report->results[n + 1].id) == HAZARD_READS)) {
        n++;
    }
    return n;
}

static void where_add(struct text *out, const struct record_contents *contents,
                      const struct catalogue *catalogue)
{
    const struct report *report = &contents->report;
    const uint32_t first = find_doing(contents);
    const uint32_t last = first < report->result_count && !contents->self_testing
                              ? last_under_mark(report, first, catalogue)
                              : first;
    text_format(out, "the previous run ended in %s%s",
                contents->self_testing && contents->trailed ? "the self-test of " : "",
                contents->doing);
    const bool open = contents->last_mark && !contents->trailed;
    if (open) {
        text_add(out, " or any check after it");
    } else if (last > first && !contents->trailed) {
        text_format(out, " or a check after it, up to %s", report->results[last].id);
    }
    if (first < report->result_count || contents->self_testing) {
        text_format(out, "; %s%u of %u checks were done before", open ? "at least " : "",
                    contents->done, report->result_count);
    }
}

static const char *guess(const struct record_contents *contents, const struct catalogue *catalogue)
{
    if (contents->last_mark && !contents->trailed) {
        return "later ones were not marked, to spare the variable store; likely a hang or a reset";
    }
    if (contents->self_testing) {
        return "likely a defect that was planted on purpose, as a hang or a triple fault";
    }
    if (find_doing(contents) == contents->report.result_count) {
        return "likely a reset while the CPUs were brought up";
    }
    return hazard_of(catalogue, contents->doing) >= HAZARD_MAY_HANG
               ? "likely a hang that a reset ended, or a triple fault"
               : "likely a triple fault";
}

/* Its mark is out of date, or cannot be read; nor can what would tell more. */
static void lost_end_add(struct text *out, const struct report *report)
{
    text_add(out, "the previous run came to its end, but its verdict is not in the record");
    if (report->result_count > 0) {
        text_format(out, ": %u of %u checks are told",
                    report->result_count - report_count(report, VERDICT_NONE),
                    report->result_count);
    }
}

static void set_add(struct text *out, const char *what, const struct cpuset *cpus)
{
    if (!cpuset_empty(cpus)) {
        text_format(out, "; %s: ", what);
        cpu_words_name(out, cpus, SET_LETTERS);
    }
}

void record_death(struct text *out, const struct record_contents *contents,
                  const struct catalogue *catalogue)
{
    if (contents->end_lost) {
        lost_end_add(out, &contents->report);
        return;
    }
    where_add(out, contents, catalogue);
    set_add(out, "lost before", &contents->report.lost);
    set_add(out, "not yet heard", &contents->not_heard);
    text_format(out, "; %s, unless somebody switched the machine off", guess(contents, catalogue));
}

/* --- the names of files --- */

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Letters and digits, one '-' for whatever stands between them. */
static void system_add(struct text *out, const char *system)
{
    bool gap = false, begun = false;
    for (size_t left = SYSTEM_LETTERS; *system != '\0' && left > 0; system++) {
        if (!is_name_char(*system)) {
            gap = begun;
            continue;
        }
        text_add(out, gap ? "-" : "");
        text_char(out, *system);
        gap = false;
        begun = true;
        left--;
    }
}

void record_file_name(struct text *out, const struct record_contents *contents, uint32_t number)
{
    const struct record_time *began = &contents->began;
    const char *system = contents->system[0] ? contents->system : contents->report.firmware;
    text_add(out, "muster-");
    if (began->year != 0) {
        text_format(out, "%04u-%02u-%02u-%02u%02u%02u-", began->year, began->month % 100,
                    began->day % 100, began->hour % 100, began->minute % 100, began->second % 100);
    } else {
        text_add(out, "undated-");
    }
    const size_t before = out->length;
    system_add(out, system);
    if (out->length == before) {
        text_add(out, "unnamed");
    }
    if (number > 1) {
        text_format(out, "-%u", number);
    }
}

/* --- whose it is, and what is missing --- */

void record_origin(struct text *out, const struct record_contents *contents)
{
    const struct record_time *began = &contents->began;
    text_add(out, "# record: of a run");
    if (began->year != 0) {
        text_format(out, " begun at %04u-%02u-%02u %02u:%02u:%02u", began->year, began->month,
                    began->day, began->hour, began->minute, began->second);
    }
    if (contents->system[0]) {
        text_format(out, " on \"%s\"", contents->system);
    }
    text_char(out, '\n');
}

static void remark(struct text *out, uint32_t count, const char *one, const char *many)
{
    if (count > 0) {
        text_format(out, "# record: %u %s\n", count, count == 1 ? one : many);
    }
}

void record_remarks(struct text *out, const struct record_contents *contents)
{
    remark(out, contents->damaged, "variable is damaged: what it held is lost",
           "variables are damaged: what they held is lost");
    remark(out, contents->missing, "piece of the result is missing",
           "pieces of the result are missing");
    if (contents->mark_only) {
        text_add(out, "# record: the result is missing: only failures are told in detail\n");
    }
    if (contents->cut && contents->missing == 0) {
        text_add(out, "# record: its end is missing\n");
    }
    remark(out, contents->findings_out, "finding was left out for want of room",
           "findings were left out for want of room");
    remark(out, contents->remarks_out, "remark was left out for want of room",
           "remarks were left out for want of room");
    remark(out, contents->details_out, "part of the document was left out for want of room",
           "parts of the document were left out for want of room");
    if (contents->states_of_others) {
        text_add(out, "# record: its states have names of another program and are left out\n");
    }
    if (contents->other) {
        text_format(out, "# record: variables of version %u are there, too; this is version %u\n",
                    contents->other, RECORD_VERSION);
    }
    if (contents->foreign) {
        text_add(out, "# record: made by another build, whose checks are others: those without a "
                      "finding have numbers for names\n");
    }
}
