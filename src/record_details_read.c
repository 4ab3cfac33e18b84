/* The items of record_details.h, read back. What an item leaves untold stays unknown. */
#include <muster/memory.h>

#include "record_catalogue.h"
#include "record_details.h"
#include "record_table.h"

static void read_options(struct record_contents *ret, struct record_reader *from)
{
    struct options *options = &ret->options;
    const uint32_t flags = read_u8(from);
    const uint32_t then = read_below(from, THEN_DEBUG_EXIT);
    const uint32_t smi_watch_ms = read_below(from, SMI_WATCH_MAX_MS);
    struct cpuset cpus = {{0}};
    if (flags & OPTIONS_CPUS) {
        read_cpus(from, &cpus);
    }
    if (from->bad) {
        return;
    }
    options->cpus_given = (flags & OPTIONS_CPUS) != 0;
    options->cpus = cpus;
    options->bench = (flags & OPTIONS_BENCH) != 0;
    options->switch_bsp = (flags & OPTIONS_SWITCH_BSP) != 0;
    options->baseline = (flags & OPTIONS_BASELINE) != 0;
    const uint32_t self_test = flags >> OPTIONS_SELF_TEST_SHIFT & 3;
    options->self_test =
        self_test <= SELF_TEST_EACH ? (enum self_test_wanted)self_test : SELF_TEST_NO;
    options->then = (enum then)then;
    options->smi_watch_ms = smi_watch_ms;
}

static void read_identity(struct record_contents *ret, struct record_reader *from)
{
    for (enum identity_name n = 0; n < IDENTITY_NAMES; n++) {
        read_bytes(from, ret->identity.name[n], sizeof(ret->identity.name[n]));
    }
    ret->identity_known = !from->bad;
}

static void read_inventory(struct record_contents *ret, struct record_reader *from)
{
    struct inventory *inventory = &ret->inventory;
    inventory->disabled = read_below(from, 2 * CPU_MAX);
    inventory->mps = read_below(from, CPU_MAX + 1) - UINT32_C(1);
    inventory->madt = read_below(from, CPU_MAX + 1) - UINT32_C(1);
    ret->inventory_known = !from->bad;
}

/* --- tables --- */

static void read_rows(struct record_contents *ret, struct record_reader *from, uint32_t columns,
                      uint32_t most, table_set *set)
{
    const uint32_t first = read_below(from, most);
    const uint32_t count = read_below(from, most - first);
    table_read(from, columns, first, count, set, ret);
}

static void set_inventory(void *context, uint32_t n, const uint32_t *cells)
{
    struct inventory *inventory = &((struct record_contents *)context)->inventory;
    inventory->rows[n] = (struct inventory_row){.apic_id = cells[0],
                                                .uid = cells[1],
                                                .package = cells[2],
                                                .core = cells[3],
                                                .thread = cells[4],
                                                .claimed_by = (uint8_t)cells[5]};
    inventory->count = n < inventory->count ? inventory->count : n + 1;
}

/* Those whose item is missing are left out: they have no number. */
static void set_asleep(void *context, uint32_t n, const uint32_t *cells)
{
    struct inventory *inventory = &((struct record_contents *)context)->inventory;
    (void)n;
    if (inventory->asleep_count < 2 * CPU_MAX) {
        inventory->asleep[inventory->asleep_count++] =
            (struct asleep_row){.apic_id = cells[0],
                                .uid = cells[1],
                                .claimed_by = (uint8_t)cells[2],
                                .online_capable = cells[3] & 1,
                                .spare = cells[3] >> 1 & 1};
    }
}

static void set_topology(void *context, uint32_t n, const uint32_t *cells)
{
    struct record_contents *ret = context;
    struct topology_row *row = &ret->topology_rows[n];
    const uint32_t *more = cells + TOPOLOGY_LEVELS;
    memcpy(row->id, cells, sizeof(row->id));
    row->domain = more[0];
    row->levels = (uint8_t)more[1];
    row->source = more[2] < TOPOLOGY_SOURCES ? (uint8_t)more[2] : TOPOLOGY_UNKNOWN;
    row->kind = (uint8_t)more[3];
    ret->topology.rows = ret->topology_rows;
    ret->topology.count = n < ret->topology.count ? ret->topology.count : n + 1;
    ret->topology.known += row->source != TOPOLOGY_UNKNOWN;
    ret->report.topology = &ret->topology;
}

/* --- how they came, and in what state --- */

static void read_times(struct record_reader *from, uint32_t *stage_us)
{
    uint32_t before = 0;
    for (uint32_t stage = STAGE_REAL_MODE; stage < STAGE_ONLINE; stage++) {
        const uint64_t step = read_number(from);
        before += step > 0 ? (uint32_t)(step - 1) : 0;
        stage_us[stage] = step > 0 ? before : 0;
    }
}

static void read_stages(struct record_contents *ret, struct record_reader *from)
{
    const uint32_t first = read_below(from, CPU_MAX - 1);
    const uint32_t count = read_below(from, CPU_MAX - first);
    for (uint32_t cpu = first; cpu < first + count && !from->bad; cpu++) {
        read_times(from, ret->arrivals[cpu].stage_us);
    }
    while (from->left > 0 && !from->bad) {
        const uint32_t cpu = read_below(from, CPU_MAX - 1);
        const uint32_t stage = read_below(from, STAGE_COUNT);
        ret->arrivals[cpu].first_stage = from->bad ? STAGE_NONE : stage;
    }
}

/* As many as the item holds. */
static void read_check_times(struct report *report, struct record_reader *from)
{
    for (uint32_t n = read_below(from, CHECK_MAX - 1); from->left > 0; n++) {
        const uint64_t us = read_number(from);
        if (from->bad || n >= report->result_count) {
            return;
        }
        report->results[n].us = us;
        report->results[n].us_unknown = false;
    }
}

/* An earlier program knows fewer uses, a later one more. */
static void read_spent(struct time_spent *spent, struct record_reader *from)
{
    for (enum time_use use = TIME_OTHER; use < TIME_USES && from->left > 0; use++) {
        spent->us[use] = read_number(from);
    }
    spent->known = !from->bad;
}

static void read_slot(struct state_groups *groups, struct record_reader *from)
{
    const uint32_t slot = read_below(from, STATE_SLOTS - 1);
    for (uint32_t left = read_below(from, STATE_GROUPS_MAX); left > 0; left--) {
        struct state_group group = {.slot = slot, .value = read_number(from)};
        read_cpus(from, &group.cpus);
        if (from->bad || groups->count == STATE_GROUPS_MAX) {
            return;
        }
        groups->list[groups->count++] = group;
    }
}

/* What another program calls its slots is not known here. */
static void read_states(struct record_contents *ret, struct record_reader *from)
{
    if (read_number(from) != details_state_names()) {
        ret->states_of_others = true;
        return;
    }
    while (from->left > 0) {
        read_slot(&ret->states, from);
    }
}

void details_read(struct record_contents *ret, enum record_tag tag, struct record_reader *from)
{
    switch (tag) {
    case ITEM_OPTIONS:
        read_options(ret, from);
        break;
    case ITEM_IDENTITY:
        read_identity(ret, from);
        break;
    case ITEM_INVENTORY:
        read_inventory(ret, from);
        break;
    case ITEM_INVENTORY_ROWS:
        read_rows(ret, from, INVENTORY_COLUMNS, CPU_MAX, set_inventory);
        break;
    case ITEM_ASLEEP_ROWS:
        read_rows(ret, from, ASLEEP_COLUMNS, 2 * CPU_MAX, set_asleep);
        break;
    case ITEM_TOPOLOGY_ROWS:
        read_rows(ret, from, TOPOLOGY_COLUMNS, CPU_MAX, set_topology);
        break;
    case ITEM_STAGES:
        read_stages(ret, from);
        break;
    case ITEM_TIMES:
        read_check_times(&ret->report, from);
        break;
    case ITEM_SPENT:
        read_spent(&ret->report.spent, from);
        break;
    case ITEM_STATES:
        read_states(ret, from);
        break;
    default:
        break;
    }
}
