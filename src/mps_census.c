#include <muster/observe_mps.h>

/* An enabled processor other than the BSP. */
static bool is_ap(const struct mps_record *record, uint32_t number)
{
    const struct mps_processor *it = &record->processors[number];
    return number != record->bsp && it->status == MPS_SUCCESS && (it->flags & MPS_FLAG_ENABLED);
}

static uint32_t find_by_id(const struct mps_record *record, uint32_t cpu_id)
{
    uint32_t first = CPU_NONE;
    for (uint32_t number = 0; number < record->count; number++) {
        const struct mps_processor *it = &record->processors[number];
        if (number == record->bsp || it->status != MPS_SUCCESS || it->id != cpu_id) {
            continue;
        }
        /* Of two with one ID, the one that WhoAmI did not lead to yet. */
        if (it->runs == 0) {
            return number;
        }
        first = first == CPU_NONE ? number : first;
    }
    return first;
}

static void enter(struct mps_record *record, uint32_t number, const struct mps_ticket *ticket)
{
    struct mps_processor *it = &record->processors[number];
    struct mps_trial *trial = mps_trial(record, MPS_ALL);
    if (it->runs > 0) {
        cpuset_add(&trial->again, number);
        return;
    }
    it->runs = 1;
    it->cpu_id = ticket->cpu_id;
    it->who = ticket->who;
    it->who_status = ticket->who_status;
    it->who_null_status = ticket->who_null_status;
    cpuset_add(&trial->ran, number);
}

/* No processor has the ticket's APIC ID: GetProcessorInfo may be wrong, and WhoAmI right. */
static bool enter_by_who(struct mps_record *record, const struct mps_ticket *ticket)
{
    if (ticket->who_status != MPS_SUCCESS || ticket->who >= record->count ||
        !is_ap(record, (uint32_t)ticket->who) || record->processors[ticket->who].runs > 0) {
        return false;
    }
    enter(record, (uint32_t)ticket->who, ticket);
    return true;
}

static bool is_told(const struct mps_record *record, uint64_t number)
{
    return number < record->count && record->processors[number].status == MPS_SUCCESS;
}

/* One number for one CPU. */
static bool tells_apart(const struct mps_ticket *tickets, uint32_t n)
{
    for (uint32_t other = 0; other < n; other++) {
        if ((tickets[other].who == tickets[n].who) !=
            (tickets[other].cpu_id == tickets[n].cpu_id)) {
            return false;
        }
    }
    return true;
}

/* Whether WhoAmI gave each CPU, the BSP too, a processor's number of its own. Of no AP's answer
 * nothing follows. */
static bool is_who_sound(const struct mps_record *record, const struct mps_ticket *tickets,
                         uint32_t count)
{
    uint32_t aps = 0;
    for (uint32_t n = 0; n < count; n++) {
        const struct mps_ticket *it = &tickets[n];
        const bool on_bsp = it->cpu_id == record->bsp_id;
        if (it->who_status != MPS_SUCCESS || !is_told(record, it->who) ||
            on_bsp != (it->who == record->bsp_who) || !tells_apart(tickets, n)) {
            return false;
        }
        aps += !on_bsp;
    }
    return aps > 0 && is_told(record, record->bsp_who);
}

static void enter_all_by_who(struct mps_record *record, const struct mps_ticket *tickets,
                             uint32_t count)
{
    for (uint32_t n = 0; n < count; n++) {
        if (tickets[n].cpu_id == record->bsp_id) {
            mps_trial(record, MPS_ALL)->on_bsp++;
        } else {
            enter(record, (uint32_t)tickets[n].who, &tickets[n]);
        }
    }
}

static void enter_all_by_id(struct mps_record *record, const struct mps_ticket *tickets,
                            uint32_t count)
{
    struct mps_trial *trial = mps_trial(record, MPS_ALL);
    for (uint32_t n = 0; n < count; n++) {
        const uint32_t number = find_by_id(record, tickets[n].cpu_id);
        if (number != CPU_NONE) {
            enter(record, number, &tickets[n]);
        }
    }
    for (uint32_t n = 0; n < count; n++) {
        if (tickets[n].cpu_id == record->bsp_id) {
            trial->on_bsp++;
        } else if (find_by_id(record, tickets[n].cpu_id) == CPU_NONE &&
                   !enter_by_who(record, &tickets[n])) {
            trial->strangers++;
        }
    }
}

void mps_census(struct mps_record *record, const struct mps_ticket *tickets, uint32_t count)
{
    const bool by_who = is_who_sound(record, tickets, count);
    if (by_who) {
        record->bsp = (uint32_t)record->bsp_who;
    }
    if (record->bsp < record->count) {
        record->processors[record->bsp].cpu_id = record->bsp_id;
    }
    for (uint32_t number = 0; number < record->count; number++) {
        if (is_ap(record, number)) {
            cpuset_add(&mps_trial(record, MPS_ALL)->asked, number);
        }
    }
    if (by_who) {
        enter_all_by_who(record, tickets, count);
    } else {
        enter_all_by_id(record, tickets, count);
    }
}
