/* A report as a record's stream: what matters most first, so that what falls off the end of a small
 * store is what can be spared. */
#include <muster/arrival.h>
#include <muster/memory.h>
#include <muster/record.h>

#include "record_bytes.h"
#include "record_catalogue.h"
#include "record_details.h"
#include "record_self_test.h"

enum {
    END_ROOM = ITEM_HEADER + 3 * 5,
    DETAILS_LEAST = 4096, /* bytes for the details, however short the rest is */
};

struct writing {
    const struct record_source *source;
    const struct report *report;
    enum record_kind kind;
    struct record_writer to;
    uint32_t findings_out, remarks_out, details_out;
};

static void write_run(struct writing *writing)
{
    const struct handoff *handoff = writing->source->handoff;
    const struct report *report = writing->report;
    const struct record_time *began = &handoff->record.began;
    struct record_writer *to = &writing->to;
    item_begin(to, ITEM_RUN);
    write_number(to, began->year);
    write_u8(to, began->month);
    write_u8(to, began->day);
    write_u8(to, began->hour);
    write_u8(to, began->minute);
    write_u8(to, began->second);
    write_string(to, report->version);
    write_string(to, report->build);
    write_string(to, report->firmware);
    write_number(to, report->firmware_revision);
    write_string(to, report->hypervisor);
    write_string(to, handoff->record.system);
    write_string(to, report->break_id ? report->break_id : "");
    write_string(to, handoff->options.only);
    write_string(to, handoff->options.skip);
    write_number(to, handoff->options.repeat);
    write_number(to, report->cpus_claimed);
    item_end(to);
}

static void write_progress(struct writing *writing)
{
    const struct report *report = writing->report;
    struct record_writer *to = &writing->to;
    item_begin(to, ITEM_PROGRESS);
    write_u8(to, (report->ended ? PROGRESS_ENDED : 0) |
                     (writing->source->last_mark ? PROGRESS_LAST_MARK : 0));
    write_string(to, writing->source->doing);
    write_number(to, report->results_done);
    write_number(to, report->cpus_answered);
    write_number(to, report->elapsed_us);
    write_cpus(to, &report->lost);
    write_number(to, writing->source->handoff->record.trail);
    item_end(to);
}

/* --- what was asked, and the verdicts --- */

/* The catalogue's numbers of the planned checks, which stand in its order. */
static void plan_numbers(const struct record_source *source, struct cpuset *ret)
{
    const struct report *report = source->report;
    uint32_t number = 0;
    cpuset_clear(ret);
    for (uint32_t n = 0; n < report->result_count; n++) {
        while (number < source->catalogue->count &&
               !string_equal(source->catalogue->get(number)->id, report->results[n].id)) {
            number++;
        }
        cpuset_add(ret, number++);
    }
}

static uint32_t plan_nibble(const struct report *report, uint32_t n)
{
    if (n >= report->result_count) {
        return 0;
    }
    const struct check_result *result = &report->results[n];
    return (uint32_t)result->verdict | (cpuset_empty(&result->examined) ? 0 : PLAN_EXAMINED);
}

static void write_plan(struct writing *writing)
{
    const struct report *report = writing->report;
    struct record_writer *to = &writing->to;
    struct cpuset numbers;
    plan_numbers(writing->source, &numbers);
    item_begin(to, ITEM_PLAN);
    write_number(to, catalogue_crc(writing->source->catalogue));
    write_number(to, report->result_count);
    write_cpus(to, &numbers);
    for (uint32_t n = 0; n < report->result_count; n += 2) {
        write_u8(to, plan_nibble(report, n) | plan_nibble(report, n + 1) << 4);
    }
    writing->remarks_out += !item_end(to);
}

/* --- findings --- */

static void write_finding(struct writing *writing, uint32_t n, const struct finding *finding)
{
    struct record_writer *to = &writing->to;
    item_begin(to, ITEM_FINDING);
    write_number(to, n);
    write_string(to, writing->report->results[n].id);
    write_u8(to, finding->verdict);
    write_cpus(to, &finding->cpus);
    write_string(to, finding->words.expected);
    write_string(to, finding->words.seen);
    write_string(to, finding->words.means);
    writing->findings_out += !item_end(to);
}

/* Those at least as bad as `least`, but below `below`. */
static void write_findings(struct writing *writing, enum verdict least, enum verdict below)
{
    const struct report *report = writing->report;
    for (uint32_t n = 0; n < report->result_count; n++) {
        const struct check_result *result = &report->results[n];
        for (uint32_t i = 0; i < result->finding_count; i++) {
            const struct finding *finding = &report->findings[result->first_finding + i];
            if (finding->verdict >= least && finding->verdict < below) {
                write_finding(writing, n, finding);
            }
        }
    }
}

/* --- what else is to be said of a check --- */

static uint32_t detail_parts(const struct writing *writing, const struct check_result *result,
                             const struct cpuset *examined)
{
    uint32_t parts = cpuset_empty(&result->failed) ? 0 : DETAIL_FAILED;
    if (!cpuset_empty(&result->examined) && !cpuset_equal(&result->examined, examined)) {
        parts |= DETAIL_EXAMINED;
    }
    if (writing->kind == RECORD_MARK) {
        return parts;
    }
    parts |= cpuset_empty(&result->set_aside) ? 0 : DETAIL_SET_ASIDE;
    parts |= writing->source->handoff->options.repeat > 1 ? DETAIL_RUNS : 0;
    parts |= result->note[0] ? DETAIL_NOTE : 0;
    return parts | (result->findings_dropped > 0 ? DETAIL_DROPPED : 0);
}

static bool write_detail(struct writing *writing, uint32_t n, uint32_t parts)
{
    const struct check_result *result = &writing->report->results[n];
    struct record_writer *to = &writing->to;
    item_begin(to, ITEM_DETAIL);
    write_number(to, n);
    write_u8(to, parts);
    if (parts & DETAIL_EXAMINED) {
        write_cpus(to, &result->examined);
    }
    if (parts & DETAIL_FAILED) {
        write_cpus(to, &result->failed);
    }
    if (parts & DETAIL_SET_ASIDE) {
        write_cpus(to, &result->set_aside);
    }
    if (parts & DETAIL_RUNS) {
        write_number(to, result->runs);
    }
    if (parts & DETAIL_NOTE) {
        write_string(to, result->note);
    }
    if (parts & DETAIL_DROPPED) {
        write_number(to, result->findings_dropped);
    }
    const bool fits = item_end(to);
    writing->remarks_out += !fits;
    return fits;
}

/* True where a set behind the last item found no room. */
static bool write_details(struct writing *writing)
{
    const struct report *report = writing->report;
    const struct cpuset none = {{0}};
    const struct cpuset *examined = &none;
    bool gap = false;
    for (uint32_t n = 0; n < report->result_count; n++) {
        const struct check_result *result = &report->results[n];
        const uint32_t parts = detail_parts(writing, result, examined);
        const bool told = parts != 0 && write_detail(writing, n, parts | (gap ? DETAIL_GAP : 0));
        if (parts & DETAIL_EXAMINED) {
            examined = told ? &result->examined : &none;
        }
        gap = !told && (gap || parts & DETAIL_EXAMINED);
    }
    return gap;
}

/* --- CPUs --- */

static void write_lost(struct writing *writing, uint32_t cpu)
{
    const struct arrival *arrival = &writing->report->arrivals[cpu];
    struct record_writer *to = &writing->to;
    item_begin(to, ITEM_LOST);
    write_number(to, cpu);
    write_number(to, arrival->apic_id);
    write_number(to, arrival->stage);
    write_u8(to, arrival->retries);
    write_number(to, arrival->waited_us);
    writing->remarks_out += !item_end(to);
}

static void write_all_lost(struct writing *writing)
{
    const struct report *report = writing->report;
    for (uint32_t cpu = 0; report->arrivals && cpu < report->cpus_claimed; cpu++) {
        if (report->arrivals[cpu].lost) {
            write_lost(writing, cpu);
        }
    }
}

static void write_arrivals(struct writing *writing, uint32_t first)
{
    const struct report *report = writing->report;
    const uint32_t left = report->cpus_claimed - first;
    const uint32_t count = left < ARRIVALS_EACH_ITEM ? left : ARRIVALS_EACH_ITEM;
    struct record_writer *to = &writing->to;
    item_begin(to, ITEM_ARRIVALS);
    write_number(to, first);
    write_number(to, count);
    for (uint32_t cpu = first; cpu < first + count; cpu++) {
        const struct arrival *arrival = &report->arrivals[cpu];
        write_number(to, arrival->apic_id);
        write_u8(to, arrival->retries);
        write_number(to, arrival_online_us(arrival));
    }
    writing->remarks_out += !item_end(to);
}

static void write_all_arrivals(struct writing *writing)
{
    const struct report *report = writing->report;
    for (uint32_t cpu = 0; report->arrivals && cpu < report->cpus_claimed;
         cpu += ARRIVALS_EACH_ITEM) {
        write_arrivals(writing, cpu);
    }
}

static void write_df(struct writing *writing)
{
    const uint8_t *cells = &writing->report->df.state[0][0];
    struct record_writer *to = &writing->to;
    if (df_table_empty(&writing->report->df)) {
        return;
    }
    item_begin(to, ITEM_DF);
    for (uint32_t n = 0; n < DF_CELLS; n++) {
        write_u8(to, cells[n]);
    }
    writing->remarks_out += !item_end(to);
}

static void write_end(struct writing *writing)
{
    struct record_writer *to = &writing->to;
    item_begin(to, ITEM_END);
    write_number(to, writing->findings_out);
    write_number(to, writing->remarks_out);
    write_number(to, writing->details_out);
    item_end(to);
}

/* Flash wears: they may take as much again as all the rest, and no more. */
static void write_details_of_machine(struct writing *writing)
{
    struct record_writer *to = &writing->to;
    const uint32_t most = to->length > DETAILS_LEAST ? to->length : DETAILS_LEAST;
    if (to->size - to->length > most) {
        to->size = to->length + most;
    }
    writing->details_out += details_write(to, writing->source->handoff, writing->report);
}

uint32_t record_write(const struct record_source *source, enum record_kind kind, uint8_t *buffer,
                      uint32_t size)
{
    struct writing writing = {
        .source = source,
        .report = source->report,
        .kind = kind,
        .to = {.at = buffer, .size = size > END_ROOM ? size - END_ROOM : 0},
    };
    write_run(&writing);
    write_progress(&writing);
    write_plan(&writing);
    write_findings(&writing, VERDICT_ERROR, VERDICT_FAIL + 1);
    write_all_lost(&writing);
    const bool gap = write_details(&writing);
    writing.details_out += !details_write_options(&writing.to, &source->handoff->options, gap);
    if (kind == RECORD_RESULT) {
        writing.remarks_out += self_test_write(&writing.to, writing.report);
        write_findings(&writing, VERDICT_NONE, VERDICT_ERROR);
        write_df(&writing);
        write_all_arrivals(&writing);
        write_details_of_machine(&writing);
    }
    writing.to.size = size;
    write_end(&writing);
    return writing.to.length;
}
