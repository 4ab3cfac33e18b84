/* Any answers of MP Services: FailedCpuList is not read beyond its memory, and census and judges
 * keep the bounds of their lists and words. */
#include <assert.h>
#include <string.h>

#include <muster/judge_mps.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PROCESSORS = 6, TICKETS = 8 };

static struct mps_record record;
static const uint8_t *at;
static size_t left;

static void fill(void *to, size_t size)
{
    const size_t some = size < left ? size : left;
    if (some > 0) {
        memcpy(to, at, some);
        at += some;
        left -= some;
    }
}

/* What efi/ itself bounds; the rest is as firmware said. */
static void make_record(void)
{
    struct mps_ticket tickets[TICKETS] = {{0}};
    memset(&record, 0, sizeof(record));
    fill(&record.total, sizeof(record.total));
    fill(&record.enabled, sizeof(record.enabled));
    fill(&record.bsp_who, sizeof(record.bsp_who));
    fill(record.answers, sizeof(record.answers));
    fill(record.processors, PROCESSORS * sizeof(record.processors[0]));
    fill(tickets, sizeof(tickets));
    for (uint32_t number = 0; number < PROCESSORS; number++) {
        record.processors[number].extended_differs = false;
        record.processors[number].extended_unfilled = false;
        record.processors[number].runs = 0;
    }
    record.asked = true;
    record.present = true;
    record.count = record.total < PROCESSORS ? (uint32_t)record.total : PROCESSORS;
    record.bsp = record.bsp_who < record.count ? (uint32_t)record.bsp_who : CPU_NONE;
    mps_census(&record, tickets, TICKETS);
}

static void check_list(void)
{
    struct mps_trial *trial = mps_trial(&record, MPS_ALL_LATE);
    uint64_t list[PROCESSORS + 4] = {0};
    const uint64_t readable = left < sizeof(list) ? left : sizeof(list);
    fill(list, sizeof(list));
    trial->list = (uint8_t)mps_failed_list(list, readable, record.count, &trial->listed);
    assert(cpuset_next(&trial->listed, record.count) == CPU_NONE);
    assert(trial->list != MPS_LIST_NULL && trial->list <= MPS_LIST_NOWHERE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    at = data;
    left = size;
    make_record();
    check_list();
    assert(cpuset_next(&mps_trial(&record, MPS_ALL)->ran, record.count) == CPU_NONE);
    for (uint32_t check = 0; check < MPS_CHECKS; check++) {
        struct words words;
        const enum verdict verdict = mps_judge(&record, check, &words);
        assert(verdict >= VERDICT_SKIP && verdict <= VERDICT_FAIL);
        assert(memchr(words.expected, '\0', sizeof(words.expected)));
        assert(memchr(words.seen, '\0', sizeof(words.seen)));
        assert(memchr(words.means, '\0', sizeof(words.means)));
        assert(verdict == VERDICT_PASS || words.seen[0] != '\0');
    }
    return 0;
}
