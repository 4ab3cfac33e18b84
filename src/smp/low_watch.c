#include "low_watch.h"
#include "trampoline.h"
#include <muster/memory.h>

void low_watch_begin(struct fleet *fleet)
{
    memcpy(fleet->low_copy, (const void *)(uintptr_t)fleet->handoff->low.base, TRAMPOLINE_PAGE);
}

#define FIELD_HOLDS(offset, field)                                                                 \
    ((offset) >= TRAMPOLINE_HEADER + offsetof(struct trampoline_header, field) &&                  \
     (offset) < TRAMPOLINE_HEADER + offsetof(struct trampoline_header, field) + sizeof(uint32_t))

/* What an AP writes on its way: it counts itself, then fills its entry of the log. */
static bool is_aps(const volatile struct trampoline_header *header, uint32_t offset)
{
    uint32_t count = header->log_count;
    uint32_t entries = count < header->log_capacity ? count : header->log_capacity;

    return FIELD_HOLDS(offset, log_count) || FIELD_HOLDS(offset, strangers) ||
           (offset >= header->log_at &&
            offset < header->log_at + entries * sizeof(struct log_entry));
}

static void note(struct low_change *change, uint32_t at, uint8_t want, uint8_t seen)
{
    if (change->count++ == 0)
        change->at = at;
    uint32_t n = at - change->at;
    if (n < LOW_BYTES && n == change->shown) {
        change->want[n] = want;
        change->seen[n] = seen;
        change->shown++;
    }
}

static void look_once(const struct fleet *fleet, struct low_change *ret)
{
    const struct low_memory *low = &fleet->handoff->low;
    const volatile uint8_t *page = (const volatile uint8_t *)(uintptr_t)low->base;

    memset(ret, 0, sizeof *ret);
    for (uint32_t at = 0; at < low->pages * TRAMPOLINE_PAGE; at++) {
        uint8_t want = at < TRAMPOLINE_PAGE ? fleet->low_copy[at] : 0;
        uint8_t seen = page[at];
        if (seen != want && !is_aps(trampoline_header(fleet), at))
            note(ret, at, want, seen);
    }
}

/* A CPU that comes late may be halfway through its entry: only what stays is told. */
void low_watch_look(const struct fleet *fleet, struct low_change *ret)
{
    look_once(fleet, ret);
    if (ret->count)
        look_once(fleet, ret);
}
