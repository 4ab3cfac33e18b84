/* A record read back into a report. Whatever the bytes are, nothing is read beyond them, and what
 * cannot be read is counted rather than guessed. */
#include <muster/memory.h>
#include <muster/record.h>

#include "record_catalogue.h"
#include "record_details.h"
#include "record_pieces.h"
#include "record_reading.h"
#include "record_self_test.h"

static void read_run(struct reading *reading, struct record_reader *from)
{
    struct record_contents *ret = reading->ret;
    ret->began.year = (uint16_t)read_below(from, 9999);
    ret->began.month = (uint8_t)read_u8(from);
    ret->began.day = (uint8_t)read_u8(from);
    ret->began.hour = (uint8_t)read_u8(from);
    ret->began.minute = (uint8_t)read_u8(from);
    ret->began.second = (uint8_t)read_u8(from);
    read_string(from, ret->version, sizeof(ret->version));
    read_string(from, ret->build, sizeof(ret->build));
    read_string(from, ret->report.firmware, sizeof(ret->report.firmware));
    ret->report.firmware_revision = read_below(from, UINT32_MAX);
    read_string(from, ret->report.hypervisor, sizeof(ret->report.hypervisor));
    read_string(from, ret->system, sizeof(ret->system));
    struct options *options = &ret->options;
    read_string(from, options->break_id, sizeof(options->break_id));
    read_string(from, options->only, sizeof(options->only));
    read_string(from, options->skip, sizeof(options->skip));
    options->repeat = read_below(from, REPEAT_MAX);
    ret->report.cpus_claimed = read_below(from, CPU_MAX);
}

static void read_progress(struct reading *reading, struct record_reader *from)
{
    struct report *report = &reading->ret->report;
    const uint32_t bits = read_u8(from);
    read_string(from, reading->ret->doing, sizeof(reading->ret->doing));
    report->results_done = read_below(from, CHECK_MAX);
    report->cpus_answered = read_below(from, CPU_MAX);
    report->elapsed_us = read_number(from);
    read_cpus(from, &report->lost);
    reading->ret->trail = read_number(from);
    report->ended = bits & PROGRESS_ENDED && !from->bad;
    reading->final = reading->final && report->ended;
    reading->ret->last_mark = bits & PROGRESS_LAST_MARK;
}

/* --- CPUs --- */

static void read_lost(struct reading *reading, struct record_reader *from)
{
    const uint32_t cpu = read_below(from, CPU_MAX - 1);
    const struct arrival arrival = {
        .apic_id = read_below(from, UINT32_MAX),
        .stage = read_below(from, UINT32_MAX),
        .retries = (uint8_t)read_u8(from),
        .waited_us = read_below(from, UINT32_MAX),
        .lost = true,
    };
    if (!from->bad) {
        reading->ret->arrivals[cpu] = arrival;
        reading->ret->report.arrivals = reading->ret->arrivals;
    }
}

static void read_arrivals(struct reading *reading, struct record_reader *from)
{
    const uint32_t first = read_below(from, CPU_MAX - 1);
    const uint32_t count = read_below(from, CPU_MAX - first);
    for (uint32_t cpu = first; cpu < first + count; cpu++) {
        struct arrival *arrival = &reading->ret->arrivals[cpu];
        const uint32_t apic_id = read_below(from, UINT32_MAX);
        const uint32_t retries = read_u8(from);
        const uint32_t online_us = read_below(from, UINT32_MAX);
        if (from->bad) {
            return;
        }
        if (!arrival->lost) {
            arrival->apic_id = apic_id;
            arrival->retries = (uint8_t)retries;
            arrival->stage = online_us ? STAGE_ONLINE : STAGE_NONE;
            arrival->stage_us[STAGE_ONLINE] = online_us;
        }
        reading->ret->arrivals_known = true;
        reading->ret->report.arrivals = reading->ret->arrivals;
    }
}

static void read_df(struct reading *reading, struct record_reader *from)
{
    uint8_t *cells = &reading->ret->report.df.state[0][0];
    for (uint32_t n = 0; n < DF_CELLS; n++) {
        const uint32_t state = read_u8(from);
        cells[n] = state <= DF_WRONG ? (uint8_t)state : DF_UNASKED;
    }
}

static void read_end(struct reading *reading, struct record_reader *from)
{
    reading->ret->findings_out = read_below(from, UINT32_MAX);
    reading->ret->remarks_out = read_below(from, UINT32_MAX);
    reading->ret->details_out = read_below(from, UINT32_MAX);
    reading->ended = true;
}

/* --- the stream, and its pieces --- */

static void read_items(struct reading *reading, const uint8_t *at, uint32_t length)
{
    static void (*const readers[])(struct reading *, struct record_reader *) = {
        [ITEM_RUN] = read_run,         [ITEM_PROGRESS] = read_progress,
        [ITEM_PLAN] = read_plan,       [ITEM_DETAIL] = read_detail,
        [ITEM_FINDING] = read_finding, [ITEM_LOST] = read_lost,
        [ITEM_DF] = read_df,           [ITEM_ARRIVALS] = read_arrivals,
        [ITEM_END] = read_end,         [ITEM_SELF_TEST] = read_self_test,
        [ITEM_MISS] = read_miss,
    };
    struct record_reader stream = {.at = at, .left = length};
    struct record_reader item;
    enum record_tag tag;
    while (item_next(&stream, &tag, &item)) {
        if (tag < sizeof(readers) / sizeof(readers[0]) && readers[tag]) {
            readers[tag](reading, &item);
            continue;
        }
        if (tag == ITEM_OPTIONS) {
            details_end(reading, &item);
        }
        details_read(reading->ret, tag, &item);
    }
}

/* The sound pieces, by place; .part is NULL where there is none. */
struct pieces {
    struct record_piece at[RECORD_PIECES];
};

static void find_pieces(const struct record_variables *variables, struct record_contents *ret,
                        struct pieces *pieces)
{
    bool known = false;
    for (uint32_t n = 0; n < RECORD_PIECES; n++) {
        const uint32_t size = variables->sizes[n];
        struct record_piece piece;
        if (size == 0) {
            continue;
        }
        const enum piece_state state =
            piece_read(variables->bytes[n], size < RECORD_VARIABLE_MAX ? size : RECORD_VARIABLE_MAX,
                       &piece, &ret->other);
        if (state != PIECE_SOUND || piece.index != n || (known && piece.run_id != ret->id)) {
            ret->damaged += state != PIECE_OF_ANOTHER_VERSION;
            continue;
        }
        ret->id = piece.run_id;
        known = true;
        pieces->at[n] = piece;
    }
}

/* Pieces of the result that follow each other are one stretch of its stream: read from its first
 * whole item on. `room` has RECORD_STREAM_MAX bytes. Returns the piece behind the stretch. */
static uint32_t read_stretch(struct reading *reading, const struct pieces *pieces, uint32_t n,
                             uint8_t *room)
{
    uint32_t length = 0;
    const uint32_t skip = pieces->at[n].first;
    for (; n < RECORD_PIECES && pieces->at[n].part; n++) {
        const struct record_piece *piece = &pieces->at[n];
        const uint32_t space = RECORD_STREAM_MAX - length;
        const uint32_t size = piece->length < space ? piece->length : space;
        memcpy(room + length, piece->part, size);
        length += size;
    }
    read_items(reading, room + skip, length - skip);
    return n;
}

static bool read_result(struct reading *reading, const struct pieces *pieces, uint8_t *room)
{
    uint32_t count = 0, sound = 0;
    reading->ended = false;
    details_begin(reading);
    for (uint32_t n = 1; n < RECORD_PIECES;) {
        if (!pieces->at[n].part) {
            n++;
            continue;
        }
        const uint32_t from = n;
        reading->gap = n > 1;
        count = pieces->at[n].count;
        n = read_stretch(reading, pieces, n, room);
        sound += n - from;
    }
    reading->ret->missing = count > sound ? count - sound : 0;
    reading->ret->cut = sound > 0 && !reading->ended;
    return sound > 0;
}

/* What the items left open. */
static void complete(const struct reading *reading)
{
    struct report *report = &reading->ret->report;
    for (uint32_t n = 0; n < report->result_count; n++) {
        struct check_result *result = &report->results[n];
        if (result->verdict == VERDICT_SKIP && !result->note[0]) {
            string_copy(result->note, sizeof(result->note), "the reason is not in the record");
        }
    }
    if (report->results_done > report->result_count) {
        report->results_done = report->result_count;
    }
    reading->ret->done = report->results_done;
    report->version = reading->ret->version;
    report->build = reading->ret->build;
    report->break_id = reading->ret->options.break_id;
    reading->ret->self_testing = string_equal(reading->ret->doing, SELF_TEST_NAME);
}

/* It came to its end: by its mark, or since there is some of a result. */
static void tell_end(const struct reading *reading, bool result)
{
    struct record_contents *ret = reading->ret;
    ret->state = reading->final ? RECORD_ENDED : RECORD_DIED;
    ret->report.ended = reading->final;
    ret->end_lost = !reading->final;
    ret->mark_only = !result;
}

static bool any_variable(const struct record_variables *variables, uint32_t from)
{
    for (uint32_t n = from; n < RECORD_PIECES; n++) {
        if (variables->sizes[n] > 0) {
            return true;
        }
    }
    return false;
}

/* The mark and the first piece are the first to be removed. */
static bool is_leftover(const struct record_variables *variables)
{
    return variables->sizes[0] == 0 && variables->sizes[1] == 0 && any_variable(variables, 2);
}

void record_read(const struct record_variables *variables, const struct catalogue *catalogue,
                 struct record_contents *ret, uint8_t *room)
{
    struct reading reading = {.catalogue = catalogue, .ret = ret};
    struct pieces pieces = {0};
    memset(ret, 0, sizeof(*ret));
    ret->options.then = (enum then)THEN_NOT_TOLD;
    ret->options.smi_watch_ms = SMI_WATCH_MS;
    find_pieces(variables, ret, &pieces);
    const struct record_piece *mark = &pieces.at[0];
    if (mark->part) {
        read_items(&reading, mark->part, mark->length);
    }
    const bool result = read_result(&reading, &pieces, room);
    if (is_leftover(variables)) {
        ret->state = RECORD_LEFTOVER;
    } else if (result || ret->report.ended) {
        tell_end(&reading, result);
    } else if (mark->part) {
        ret->state = RECORD_DIED;
    } else {
        ret->state = any_variable(variables, 0) ? RECORD_UNREADABLE : RECORD_NONE;
    }
    complete(&reading);
}
