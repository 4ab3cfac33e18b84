/* What is the same for all CPUs: firmware, what it offers beside them, memory. */
#include "baseline_sections.h"

static void fact_string(struct baseline *baseline, const char *name, const char *value)
{
    baseline_fact(baseline, name, NULL);
    json_string(baseline->json, "value", value && value[0] ? value : NULL);
    baseline_fact_end(baseline);
}

static void fact_number(struct baseline *baseline, const char *name, uint64_t value)
{
    baseline_fact(baseline, name, NULL);
    json_number(baseline->json, "value", value);
    baseline_fact_end(baseline);
}

static void fact_hex(struct baseline *baseline, const char *name, uint64_t value)
{
    baseline_fact(baseline, name, NULL);
    json_hex(baseline->json, "value", value);
    baseline_fact_end(baseline);
}

static void system_tell(struct baseline *baseline)
{
    const struct smbios_claims *smbios = &baseline->handoff->claims.smbios;

    if (!smbios->present) {
        return;
    }
    baseline_fact(baseline, "system", NULL);
    json_object(baseline->json, "value");
    for (enum identity_name n = 0; n < IDENTITY_NAMES; n++) {
        if (smbios->identity.name[n][0]) {
            json_string(baseline->json, identity_key(n), smbios->identity.name[n]);
        }
    }
    json_object_end(baseline->json);
    baseline_fact_end(baseline);
}

void baseline_firmware(struct baseline *baseline)
{
    const struct report *report = baseline->report;

    fact_string(baseline, "firmware.vendor", report->firmware);
    fact_hex(baseline, "firmware.revision", report->firmware_revision);
    fact_string(baseline, "hypervisor", report->hypervisor);
    system_tell(baseline);
}

void baseline_platform(struct baseline *baseline)
{
    const struct handoff *handoff = baseline->handoff;
    const struct platform_claim *platform = &handoff->platform;
    const struct serial_claim *serial = &handoff->serial;

    fact_hex(baseline, "platform.pm_timer_port", platform->pm_timer_port);
    fact_number(baseline, "platform.reset_space", platform->reset_space);
    fact_hex(baseline, "platform.reset_address", platform->reset_address);
    fact_hex(baseline, "platform.reset_value", platform->reset_value);
    fact_string(baseline, "serial.decided_by", serial->decided_by);
    fact_hex(baseline, "serial.address", serial->address);
    fact_number(baseline, "screen.width", handoff->framebuffer.width);
    fact_number(baseline, "screen.height", handoff->framebuffer.height);
}

/* UEFI 2.10, 7.2, table 7.6. */
enum { MEMORY_TYPES = 16, LOADER_CODE = 1, CONVENTIONAL = 7 };

/* Loader's, boot services' and conventional memory are one: how it is shared out differs from boot
 * to boot, and all of it is an operating system's in the end. */
void baseline_memory(struct baseline *baseline)
{
    static const char *const names[MEMORY_TYPES] = {
        [0] = "memory.reserved",    [5] = "memory.runtime_code", [6] = "memory.runtime_data",
        [8] = "memory.unusable",    [9] = "memory.acpi_reclaim", [10] = "memory.acpi_nvs",
        [14] = "memory.persistent", [15] = "memory.unaccepted",
    };
    const struct memory_map *map = &baseline->handoff->memory;
    uint64_t usable = 0, bytes[MEMORY_TYPES] = {0};

    for (uint32_t n = 0; n < map->count; n++) {
        const struct memory_region *region = &map->regions[n];
        if (region->type >= LOADER_CODE && region->type <= CONVENTIONAL && !names[region->type]) {
            usable += region->size;
        } else if (region->type < MEMORY_TYPES) {
            bytes[region->type] += region->size;
        }
    }
    fact_hex(baseline, "memory.usable", usable);
    for (uint32_t type = 0; type < MEMORY_TYPES; type++) {
        if (names[type] && bytes[type] > 0) {
            fact_hex(baseline, names[type], bytes[type]);
        }
    }
    baseline_fact(baseline, "memory.attributes_table", NULL);
    json_bool(baseline->json, "value", baseline->handoff->runtime.attributes_known);
    baseline_fact_end(baseline);
}

void baseline_roll(struct baseline *baseline)
{
    const struct claims *claims = &baseline->handoff->claims;

    fact_number(baseline, "roll.claimed", baseline->handoff->inventory.count);
    fact_number(baseline, "roll.disabled", baseline->handoff->inventory.disabled);
    fact_number(baseline, "roll.spare", baseline->handoff->inventory.spare);
    fact_number(baseline, "roll.answered", baseline->report->cpus_answered);
    if (claims->mps.present) {
        fact_number(baseline, "roll.mps", claims->mps.count);
        fact_number(baseline, "roll.mps_enabled", claims->mps.enabled);
    }
    if (claims->madt.present) {
        fact_number(baseline, "roll.madt", claims->madt.count);
        fact_hex(baseline, "roll.madt_apic_base", claims->madt.apic_base);
        fact_hex(baseline, "roll.madt_mailbox", claims->madt.mailbox);
        fact_number(baseline, "roll.madt_nmis", claims->madt.nmi_count);
    }
    if (claims->srat.present) {
        fact_number(baseline, "roll.srat", claims->srat.count);
    }
    if (claims->pptt.present) {
        fact_number(baseline, "roll.pptt", claims->pptt.count);
    }
    if (claims->smbios.present) {
        fact_number(baseline, "roll.smbios_sockets", claims->smbios.socket_count);
    }
}
