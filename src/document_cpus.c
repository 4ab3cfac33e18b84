/* Who is there, and how they came. */
#include "document_parts.h"

void inventory_row_tell(struct json *json, const struct inventory_row *row)
{
    static const char *const sources[] = {"mps", "madt", "itself"};

    json_number(json, "apic_id", row->apic_id);
    json_known(json, "uid", row->uid);
    json_known(json, "package", row->package);
    json_known(json, "core", row->core);
    json_known(json, "thread", row->thread);
    json_array(json, "by");
    for (uint32_t n = 0; n < sizeof(sources) / sizeof(sources[0]); n++) {
        if (row->claimed_by & 1u << n) {
            json_string(json, NULL, sources[n]);
        }
    }
    json_array_end(json);
}

static void add_row(struct json *json, uint32_t cpu, const struct inventory_row *row)
{
    json_object(json, NULL);
    json_number(json, "cpu", cpu);
    inventory_row_tell(json, row);
    json_object_end(json);
    json_break(json);
}

static void add_rows(struct json *json, const struct inventory *inventory)
{
    json_array(json, "cpus");
    json_break(json);
    for (uint32_t cpu = 0; cpu < inventory->count; cpu++) {
        if (inventory->rows[cpu].claimed_by) {
            add_row(json, cpu, &inventory->rows[cpu]);
        }
    }
    json_array_end(json);
}

static void add_asleep_row(struct json *json, const struct asleep_row *row)
{
    const bool by_madt = row->claimed_by == CLAIMED_BY_MADT;
    json_object(json, NULL);
    json_number(json, "apic_id", row->apic_id);
    if (by_madt) {
        json_number(json, "uid", row->uid);
    }
    json_string(json, "by", by_madt ? "madt" : "mps");
    if (by_madt) {
        json_bool(json, "online_capable", row->online_capable);
    }
    json_object_end(json);
    json_break(json);
}

/* Entries of either source that muster did not call because of it: those of CPUs, or the others. */
static void add_asleep(struct json *json, const char *key, const struct inventory *inventory,
                       bool spare)
{
    json_array(json, key);
    for (uint32_t n = 0; n < inventory->asleep_count; n++) {
        if (inventory->asleep[n].spare == spare) {
            add_asleep_row(json, &inventory->asleep[n]);
        }
    }
    json_array_end(json);
}

static void add_claims(struct json *json, const struct inventory *inventory)
{
    json_number(json, "disabled", inventory->disabled);
    if (inventory->mps != CPU_NONE) {
        json_number(json, "mps", inventory->mps);
    }
    if (inventory->madt != CPU_NONE) {
        json_number(json, "madt", inventory->madt);
    }
    add_rows(json, inventory);
    add_asleep(json, "asleep", inventory, false);
    add_asleep(json, "spare", inventory, true);
}

void document_add_inventory(struct json *json, const struct report *report,
                            const struct inventory *inventory)
{
    if (!inventory && report->cpus_claimed == 0) {
        return;
    }
    json_object(json, "inventory");
    if (report->cpus_claimed > 0) {
        json_number(json, "claimed", report->cpus_claimed);
    }
    if (inventory) {
        add_claims(json, inventory);
    }
    json_object_end(json);
    json_break(json);
}

/* --- how they came --- */

enum { STAGE_TIMED = STAGE_REAL_MODE }; /* those before it are the BSP's own doing */

static void add_stages(struct json *json)
{
    json_array(json, "stages");
    for (uint32_t stage = STAGE_TIMED; stage < STAGE_COUNT; stage++) {
        json_string(json, NULL, stage_id(stage));
    }
    json_array_end(json);
}

static void add_times(struct json *json, const struct arrival *arrival)
{
    json_array(json, "us");
    for (uint32_t stage = STAGE_TIMED; stage < STAGE_COUNT; stage++) {
        if (arrival->stage_us[stage] > 0) {
            json_number(json, NULL, arrival->stage_us[stage]);
        } else {
            json_null(json, NULL);
        }
    }
    json_array_end(json);
}

/* A CPU that was not called has nothing to tell; nor has the BSP. */
static void add_arrival(struct json *json, uint32_t cpu, const struct arrival *arrival)
{
    if (arrival->stage == STAGE_NONE && !arrival->lost) {
        return;
    }
    json_object(json, NULL);
    json_number(json, "cpu", cpu);
    json_string(json, "stage", stage_id(arrival->stage));
    if (arrival->first_stage != STAGE_NONE) {
        json_string(json, "first_stage", stage_id(arrival->first_stage));
    }
    if (arrival->lost) {
        json_bool(json, "lost", true);
        json_number(json, "waited_us", arrival->waited_us);
    }
    if (arrival->retries > 0) {
        json_number(json, "retries", arrival->retries);
    }
    add_times(json, arrival);
    json_object_end(json);
    json_break(json);
}

void document_add_arrivals(struct json *json, const struct report *report)
{
    json_object(json, "arrivals");
    /* A record of a run that died while it called does not know; the run itself knows of nobody. */
    if (report_called(report) || !report->arrivals) {
        json_number(json, "answered", report->cpus_answered);
    }
    add_stages(json);
    json_array(json, "cpus");
    json_break(json);
    for (uint32_t cpu = 1; report->arrivals && cpu < report->cpus_claimed; cpu++) {
        add_arrival(json, cpu, &report->arrivals[cpu]);
    }
    json_array_end(json);
    json_object_end(json);
    json_break(json);
}
