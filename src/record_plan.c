/* How much of firmware's variable store a record may take. Some laptops never start again once
 * theirs is full. */
#include <muster/record.h>

enum {
    LEAST_PIECE = 400,   /* below that a mark does not fit into one */
    LEAST_BUDGET = 4096, /* a few marks and the verdicts */
    MOST_BUDGET = 65536,
};

static void refuse(struct record_claim *claim, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void refuse(struct record_claim *claim, const char *format, ...)
{
    struct text why;
    va_list args;
    text_init(&why, claim->why_not, sizeof(claim->why_not));
    va_start(args, format);
    text_vformat(&why, format, args);
    va_end(args);
    claim->kept = false;
}

void record_plan(struct record_claim *claim)
{
    const struct record_store_claim *store = &claim->store;
    const uint64_t half = store->size / 2;
    const uint64_t used = store->size > store->remaining ? store->size - store->remaining : 0;
    const uint64_t most =
        store->variable_max < RECORD_VARIABLE_MAX ? store->variable_max : RECORD_VARIABLE_MAX;
    const uint64_t room = used < half ? half - used : 0;
    claim->piece = most > RECORD_OVERHEAD ? (uint32_t)most - RECORD_OVERHEAD : 0;
    claim->budget = room < MOST_BUDGET ? (uint32_t)room : MOST_BUDGET;
    if (claim->budget < LEAST_BUDGET) {
        refuse(claim,
               "%llu of the variable store's %llu bytes are in use; a record may fill half of it",
               (unsigned long long)used, (unsigned long long)store->size);
    } else if (claim->piece < LEAST_PIECE) {
        refuse(claim, "the firmware takes variables of %llu bytes at most",
               (unsigned long long)store->variable_max);
    } else {
        claim->kept = true;
    }
}

bool record_may_mark(const struct record_claim *claim, uint32_t spent, uint32_t marks)
{
    return marks < RECORD_MARKS && spent + claim->piece + RECORD_OVERHEAD <= claim->budget / 2;
}
