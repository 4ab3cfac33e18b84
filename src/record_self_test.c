#include "record_self_test.h"

/* The first byte of a planting: its outcome, its reason, and whether it was planted not just once.
 */
enum { OUTCOME = 0x03, WHY_SHIFT = 2, WHY = 0x1f, OFTEN = 0x80 };
/* The first byte of the item. */
enum { SELF_TEST_ON_EACH = 1 };

/* Those of checks are called as the checks are; others say their name. */
static void write_planting(struct record_writer *to, const struct report *report, uint32_t n)
{
    const struct planting *planting = &report->self_test->plantings[n];
    const bool often = planting->planted + planting->untold > 1;
    write_u8(to, planting->outcome | (planting->why & WHY) << WHY_SHIFT | (often ? OFTEN : 0));
    if (n >= report->result_count) {
        write_string(to, planting->id);
    }
    write_number(to, planting->cpu == CPU_NONE ? 0 : planting->cpu + 1);
    if (often) {
        write_number(to, planting->planted);
        write_number(to, planting->caught);
        write_number(to, planting->untold);
    }
}

static bool write_miss(struct record_writer *to, const struct planting_miss *miss)
{
    item_begin(to, ITEM_MISS);
    write_number(to, miss->planting);
    write_string(to, miss->words.expected);
    write_string(to, miss->words.seen);
    write_string(to, miss->words.means);
    return item_end(to);
}

uint32_t self_test_write(struct record_writer *to, const struct report *report)
{
    const struct self_test *test = report->self_test;
    uint32_t out = 0;
    if (!test) {
        return 0;
    }
    item_begin(to, ITEM_SELF_TEST);
    write_u8(to, test->each ? SELF_TEST_ON_EACH : 0);
    write_number(to, test->elapsed_us);
    write_cpus(to, &test->lost);
    write_number(to, test->count);
    for (uint32_t n = 0; n < test->count; n++) {
        write_planting(to, report, n);
    }
    out += !item_end(to);
    for (uint32_t n = 0; n < test->miss_count; n++) {
        out += !write_miss(to, &test->misses[n]);
    }
    return out;
}

/* Planted once, unless it says how often; never, where nobody was planted and nothing caught. */
static void read_times(struct planting *planting, struct record_reader *from, bool often)
{
    const bool once = planting->outcome == PLANTING_CAUGHT || planting->outcome == PLANTING_MISSED;
    planting->planted = often ? read_below(from, UINT32_MAX) : once;
    planting->caught = often ? read_below(from, UINT32_MAX) : planting->outcome == PLANTING_CAUGHT;
    planting->untold = often ? read_below(from, UINT32_MAX) : 0;
}

static void read_planting(struct record_contents *ret, struct record_reader *from, uint32_t n)
{
    struct planting *planting = &ret->self_test.plantings[n];
    const uint32_t bits = read_u8(from);
    *planting = (struct planting){.outcome = (enum planting_outcome)(bits & OUTCOME),
                                  .why = (enum untested)(bits >> WHY_SHIFT & WHY),
                                  .id = ret->planting_ids[n]};
    if (n >= ret->report.result_count) {
        read_string(from, ret->planting_ids[n], sizeof(ret->planting_ids[n]));
    } else {
        planting->id = ret->report.results[n].id;
    }
    if (planting->outcome == PLANTING_OPEN) { /* no run that ended has one */
        planting->outcome = PLANTING_UNTESTED;
        planting->why = UNTESTED_BROKEN_OFF;
    }
    const uint32_t cpu = read_below(from, CPU_MAX);
    planting->cpu = cpu == 0 ? CPU_NONE : cpu - 1;
    read_times(planting, from, bits & OFTEN);
}

void read_self_test(struct reading *reading, struct record_reader *from)
{
    struct record_contents *ret = reading->ret;
    struct self_test *test = &ret->self_test;
    test->each = read_u8(from) & SELF_TEST_ON_EACH;
    test->elapsed_us = read_number(from);
    read_cpus(from, &test->lost);
    const uint32_t count = read_below(from, PLANTINGS_MAX);
    for (uint32_t n = 0; n < count && !from->bad; n++) {
        read_planting(ret, from, n);
    }
    if (from->bad || count < ret->report.result_count) {
        return;
    }
    test->count = test->done = count;
    ret->report.self_test = test;
}

void read_miss(struct reading *reading, struct record_reader *from)
{
    struct self_test *test = &reading->ret->self_test;
    struct planting_miss miss = {.planting = read_below(from, PLANTINGS_MAX)};
    read_string(from, miss.words.expected, sizeof(miss.words.expected));
    read_string(from, miss.words.seen, sizeof(miss.words.seen));
    read_string(from, miss.words.means, sizeof(miss.words.means));
    if (!from->bad && miss.planting < test->count && test->miss_count < MISSES_MAX) {
        test->misses[test->miss_count++] = miss;
    }
}
