#include "record_details.h"

#include <muster/crc32.h>
#include <muster/memory.h>

#include "record_catalogue.h"
#include "record_table.h"

bool details_write_options(struct record_writer *to, const struct options *options, bool gap)
{
    item_begin(to, ITEM_OPTIONS);
    write_u8(to, (options->cpus_given ? OPTIONS_CPUS : 0) | (options->bench ? OPTIONS_BENCH : 0) |
                     (options->switch_bsp ? OPTIONS_SWITCH_BSP : 0) |
                     (options->baseline ? OPTIONS_BASELINE : 0) | (gap ? OPTIONS_GAP : 0) |
                     (uint32_t)options->self_test << OPTIONS_SELF_TEST_SHIFT);
    write_number(to, options->then);
    write_number(to, options->smi_watch_ms);
    if (options->cpus_given) {
        write_cpus(to, &options->cpus);
    }
    return item_end(to);
}

/* --- what firmware said --- */

static uint32_t write_identity(struct record_writer *to, const struct smbios_claims *smbios)
{
    if (!smbios->present) {
        return 0;
    }
    item_begin(to, ITEM_IDENTITY);
    for (enum identity_name n = 0; n < IDENTITY_NAMES; n++) {
        write_string(to, smbios->identity.name[n]);
    }
    return !item_end(to);
}

/* `count` rows, some in each item: what one item holds is lost together. */
static uint32_t write_rows(struct record_writer *to, enum record_tag tag, uint32_t columns,
                           uint32_t count, table_get *get, const void *context)
{
    uint32_t left_out = 0;
    for (uint32_t first = 0; first < count; first += ROWS_EACH_ITEM) {
        const uint32_t left = count - first;
        const uint32_t rows = left < ROWS_EACH_ITEM ? left : ROWS_EACH_ITEM;
        item_begin(to, tag);
        write_number(to, first);
        write_number(to, rows);
        table_write(to, columns, first, rows, get, context);
        left_out += !item_end(to);
    }
    return left_out;
}

static void inventory_cells(const void *context, uint32_t n, uint32_t *ret)
{
    const struct inventory_row *row = &((const struct inventory *)context)->rows[n];
    const uint32_t cells[INVENTORY_COLUMNS] = {row->apic_id, row->uid,    row->package,
                                               row->core,    row->thread, row->claimed_by};
    memcpy(ret, cells, sizeof(cells));
}

static void asleep_cells(const void *context, uint32_t n, uint32_t *ret)
{
    const struct asleep_row *row = &((const struct inventory *)context)->asleep[n];
    const uint32_t cells[ASLEEP_COLUMNS] = {row->apic_id, row->uid, row->claimed_by,
                                            row->online_capable | (uint32_t)row->spare << 1};
    memcpy(ret, cells, sizeof(cells));
}

static uint32_t write_inventory(struct record_writer *to, const struct inventory *inventory)
{
    item_begin(to, ITEM_INVENTORY);
    write_number(to, inventory->disabled);
    write_number(to, inventory->mps + UINT32_C(1));
    write_number(to, inventory->madt + UINT32_C(1));
    return !item_end(to) +
           write_rows(to, ITEM_INVENTORY_ROWS, INVENTORY_COLUMNS, inventory->count, inventory_cells,
                      inventory) +
           write_rows(to, ITEM_ASLEEP_ROWS, ASLEEP_COLUMNS, inventory->asleep_count, asleep_cells,
                      inventory);
}

/* --- what the CPUs showed --- */

static void topology_cells(const void *context, uint32_t n, uint32_t *ret)
{
    const struct topology_row *row = &((const struct topology *)context)->rows[n];
    const uint32_t more[] = {row->domain, row->levels, row->source, row->kind};
    memcpy(ret, row->id, sizeof(row->id));
    memcpy(ret + TOPOLOGY_LEVELS, more, sizeof(more));
}

/* From stage to stage; 0: not seen. STAGE_ONLINE stands in ITEM_ARRIVALS. */
static void write_times(struct record_writer *to, const struct arrival *arrival)
{
    uint32_t before = 0;
    for (uint32_t stage = STAGE_REAL_MODE; stage < STAGE_ONLINE; stage++) {
        const uint32_t us = arrival->stage_us[stage];
        write_number(to, us ? (uint64_t)(us - before) + 1 : 0);
        before = us ? us : before;
    }
}

/* Of the few that were called twice; a reader that does not know them passes over the item's end.
 */
static void write_first_stages(struct record_writer *to, const struct report *report, uint32_t from,
                               uint32_t end)
{
    for (uint32_t cpu = from; cpu < end; cpu++) {
        if (report->arrivals[cpu].first_stage != STAGE_NONE) {
            write_number(to, cpu);
            write_number(to, report->arrivals[cpu].first_stage);
        }
    }
}

static uint32_t write_all_times(struct record_writer *to, const struct report *report)
{
    uint32_t left_out = 0;
    for (uint32_t first = 0; report->arrivals && first < report->cpus_claimed;
         first += ARRIVALS_EACH_ITEM) {
        const uint32_t left = report->cpus_claimed - first;
        const uint32_t count = left < ARRIVALS_EACH_ITEM ? left : ARRIVALS_EACH_ITEM;
        item_begin(to, ITEM_STAGES);
        write_number(to, first);
        write_number(to, count);
        for (uint32_t cpu = first; cpu < first + count; cpu++) {
            write_times(to, &report->arrivals[cpu]);
        }
        write_first_stages(to, report, first, first + count);
        left_out += !item_end(to);
    }
    return left_out;
}

/* --- what it all took --- */

static uint32_t write_check_times(struct record_writer *to, const struct report *report)
{
    uint32_t left_out = 0;
    for (uint32_t first = 0; first < report->result_count; first += TIMES_EACH_ITEM) {
        const uint32_t left = report->result_count - first;
        const uint32_t count = left < TIMES_EACH_ITEM ? left : TIMES_EACH_ITEM;
        item_begin(to, ITEM_TIMES);
        write_number(to, first);
        for (uint32_t n = first; n < first + count; n++) {
            write_number(to, report->results[n].us);
        }
        left_out += !item_end(to);
    }
    return left_out;
}

static uint32_t write_spent(struct record_writer *to, const struct time_spent *spent)
{
    if (!spent->known) {
        return 0;
    }
    item_begin(to, ITEM_SPENT);
    for (enum time_use use = TIME_OTHER; use < TIME_USES; use++) {
        write_number(to, spent->us[use]);
    }
    return !item_end(to);
}

/* --- what they were handed over with --- */

uint32_t details_state_names(void)
{
    uint32_t crc = 0;
    for (uint32_t n = 0; n < state_row_count(); n++) {
        const struct state_row *row = state_row(n);
        crc = crc32_add(crc, row->name, (uint32_t)string_length(row->name) + 1);
        crc = crc32_add(crc, &row->count, sizeof(row->count));
    }
    return crc;
}

/* How many different values `slot` has; more than STATE_GROUPS_MAX of them are not counted. */
static uint32_t count_groups(const struct report *report, uint32_t slot)
{
    struct cpuset rest;
    struct state_group group;
    uint32_t count = 0;
    cpuset_fill(&rest, report->cpus_claimed);
    while (count <= STATE_GROUPS_MAX && state_group_take(report->states, slot, &rest, &group)) {
        count++;
    }
    return count;
}

/* The end of the slots from `slot` on that one item holds: few values in all, or one slot whose
 * values differ much, which is then left out alone. */
static uint32_t slots_end(const uint16_t *counts, uint32_t slot, uint32_t *ret_groups)
{
    *ret_groups = counts[slot++];
    while (slot < STATE_SLOTS && *ret_groups + counts[slot] <= GROUPS_EACH_ITEM) {
        *ret_groups += counts[slot++];
    }
    return slot;
}

static void write_slot(struct record_writer *to, const struct report *report, uint32_t slot,
                       uint32_t count)
{
    struct cpuset rest;
    struct state_group group;
    write_number(to, slot);
    write_number(to, count);
    cpuset_fill(&rest, report->cpus_claimed);
    while (state_group_take(report->states, slot, &rest, &group)) {
        write_number(to, group.value);
        write_cpus(to, &group.cpus);
    }
}

static bool write_slots(struct record_writer *to, const struct report *report,
                        const uint16_t *counts, uint32_t slot, uint32_t end)
{
    item_begin(to, ITEM_STATES);
    write_number(to, details_state_names());
    for (; slot < end; slot++) {
        if (counts[slot] > 0) {
            write_slot(to, report, slot, counts[slot]);
        }
    }
    return item_end(to);
}

static uint32_t write_states(struct record_writer *to, const struct report *report)
{
    uint16_t counts[STATE_SLOTS];
    uint32_t groups, left_out = 0, room = STATE_GROUPS_MAX;
    for (uint32_t slot = 0; slot < STATE_SLOTS; slot++) {
        counts[slot] = report->states ? (uint16_t)count_groups(report, slot) : 0;
    }
    for (uint32_t slot = 0, end; slot < STATE_SLOTS; slot = end) {
        end = slots_end(counts, slot, &groups);
        if (groups == 0) {
            continue;
        }
        if (groups <= room && write_slots(to, report, counts, slot, end)) {
            room -= groups;
        } else {
            left_out++;
        }
    }
    return left_out;
}

uint32_t details_write(struct record_writer *to, const struct handoff *handoff,
                       const struct report *report)
{
    const struct topology *topology = report->topology;
    uint32_t left_out = write_identity(to, &handoff->claims.smbios);
    left_out += write_inventory(to, &handoff->inventory);
    if (topology && topology->known > 0) {
        left_out += write_rows(to, ITEM_TOPOLOGY_ROWS, TOPOLOGY_COLUMNS, topology->count,
                               topology_cells, topology);
    }
    left_out += write_spent(to, &report->spent);
    left_out += write_check_times(to, report);
    left_out += write_all_times(to, report);
    return left_out + write_states(to, report);
}
