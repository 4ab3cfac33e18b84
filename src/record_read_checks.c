/* The items that tell of checks. */
#include <muster/memory.h>

#include "record_catalogue.h"
#include "record_reading.h"

/* --- what was asked --- */

static void name_result(struct reading *reading, uint32_t n, uint32_t number)
{
    struct record_contents *ret = reading->ret;
    struct check_result *result = &ret->report.results[n];
    const struct catalogue *catalogue = reading->catalogue;
    *result = (struct check_result){.id = ret->ids[n],
                                    .claim = "",
                                    .source = "",
                                    .runs = 1,
                                    .us_unknown = true,
                                    .runs_unknown = ret->options.repeat != 1};
    if (!ret->foreign && number < catalogue->count) {
        const struct check_info *info = catalogue->get(number);
        result->id = info->id;
        result->claim = info->claim;
        result->source = info->source;
        return;
    }
    struct text id;
    text_init(&id, ret->ids[n], sizeof(ret->ids[n]));
    text_format(&id, "unknown.check-%u", number);
}

static void take_nibble(struct reading *reading, uint32_t n, uint32_t nibble)
{
    const uint32_t verdict = nibble & PLAN_VERDICT;
    struct check_result *result = &reading->ret->report.results[n];
    reading->nibbles[n] = (uint8_t)nibble;
    result->verdict = verdict <= VERDICT_FAIL ? verdict : VERDICT_NONE;
    result->examined_unknown = nibble & PLAN_EXAMINED || result->verdict == VERDICT_NONE;
}

void details_begin(struct reading *reading)
{
    reading->settled = 0;
    reading->examined = NULL;
    reading->gap = false;
}

void read_plan(struct reading *reading, struct record_reader *from)
{
    struct report *report = &reading->ret->report;
    struct cpuset numbers;
    reading->ret->foreign = read_number(from) != catalogue_crc(reading->catalogue);
    const uint32_t count = read_below(from, CHECK_MAX);
    read_cpus(from, &numbers);
    if (from->bad || cpuset_count(&numbers) != count || from->left < (count + 1) / 2) {
        return;
    }
    report->result_count = count;
    report->finding_count = 0;
    reading->final = report->ended && count > 0;
    details_begin(reading);
    uint32_t n = 0, both = 0;
    cpuset_for_each(number, &numbers)
    {
        both = n % 2 == 0 ? read_u8(from) : both >> 4;
        name_result(reading, n, number);
        take_nibble(reading, n++, both & 0xf);
    }
}

/* --- findings and what else is to be said of a check --- */

static void tell_finding(struct report *report, uint32_t n, enum verdict verdict,
                         const struct cpuset *cpus, const struct words *words)
{
    if (cpuset_empty(cpus)) {
        report_find(report, n, CPU_NONE, verdict, words);
        return;
    }
    cpuset_for_each(cpu, cpus)
    {
        report_find(report, n, cpu, verdict, words);
    }
}

void read_finding(struct reading *reading, struct record_reader *from)
{
    struct record_contents *ret = reading->ret;
    char id[RECORD_WORD_MAX];
    struct cpuset cpus;
    struct words words;
    const uint32_t n = read_below(from, CHECK_MAX);
    read_string(from, id, sizeof(id));
    const uint32_t verdict = read_u8(from);
    read_cpus(from, &cpus);
    read_string(from, words.expected, sizeof(words.expected));
    read_string(from, words.seen, sizeof(words.seen));
    read_string(from, words.means, sizeof(words.means));
    if (from->bad || n >= ret->report.result_count || verdict < VERDICT_DEVIATION ||
        verdict > VERDICT_FAIL) {
        return;
    }
    if (ret->foreign) {
        string_copy(ret->ids[n], sizeof(ret->ids[n]), id);
    }
    tell_finding(&ret->report, n, verdict, &cpus, &words);
}

/* The checks before `end` have no set of their own: each has the one told last before it. */
static void settle(struct reading *reading, uint32_t end)
{
    struct check_result *results = reading->ret->report.results;
    if (reading->gap) {
        reading->examined = NULL;
    }
    reading->gap = false;
    for (; reading->settled < end; reading->settled++) {
        if (reading->examined && reading->nibbles[reading->settled] & PLAN_EXAMINED) {
            results[reading->settled].examined = *reading->examined;
            results[reading->settled].examined_unknown = false;
        }
    }
}

void read_detail(struct reading *reading, struct record_reader *from)
{
    struct report *report = &reading->ret->report;
    const uint32_t n = read_below(from, CHECK_MAX);
    const uint32_t parts = read_u8(from);
    if (from->bad || n >= report->result_count) {
        return;
    }
    struct check_result *result = &report->results[n];
    reading->gap = reading->gap || parts & DETAIL_GAP;
    settle(reading, n);
    if (parts & DETAIL_EXAMINED) {
        read_cpus(from, &result->examined);
        result->examined_unknown = false;
        reading->examined = &result->examined;
        reading->settled = n + 1;
    }
    if (parts & DETAIL_FAILED) {
        read_cpus(from, &result->failed);
    }
    if (parts & DETAIL_SET_ASIDE) {
        read_cpus(from, &result->set_aside);
    }
    if (parts & DETAIL_RUNS) {
        result->runs = read_below(from, REPEAT_MAX);
        result->runs_unknown = false;
    }
    if (parts & DETAIL_NOTE) {
        read_string(from, result->note, sizeof(result->note));
    }
    if (parts & DETAIL_DROPPED) {
        result->findings_dropped = read_below(from, UINT32_MAX);
    }
}

void details_end(struct reading *reading, const struct record_reader *options)
{
    reading->gap = reading->gap || (options->left > 0 && *options->at & OPTIONS_GAP);
    settle(reading, reading->ret->report.result_count);
}
