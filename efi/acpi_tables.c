#include "acpi_tables.h"

#include <muster/hpet.h>
#include <muster/memory.h>
#include <muster/memory_map.h>
#include <muster/text.h>

static uint64_t readable(void *context, uint64_t address, uint64_t size, const uint8_t **ret)
{
    *ret = (const uint8_t *)(uintptr_t)address;
    return memory_map_readable(context, address, size);
}

void acpi_tables_find(const struct firmware *firmware, const struct memory_map *map,
                      struct acpi_tables *ret, struct notes *notes)
{
    static const EFI_GUID acpi_20 = ACPI_20_TABLE_GUID;
    static const EFI_GUID acpi_10 = ACPI_TABLE_GUID;
    const struct acpi_memory memory = {.readable = readable, .context = (void *)map};
    const void *rsdp = firmware_table(firmware, &acpi_20);
    rsdp = rsdp != NULL ? rsdp : firmware_table(firmware, &acpi_10);
    *ret = (struct acpi_tables){0};
    if (rsdp == NULL) {
        note_add(notes, "", "firmware publishes no ACPI tables");
        return;
    }
    acpi_find(&memory, (uintptr_t)rsdp, ret, notes);
}

void acpi_tables_read_madt(const struct acpi_tables *tables, struct madt_claims *ret,
                           struct notes *notes)
{
    const struct acpi_table *madt = &tables->madt;
    if (madt->at == NULL) {
        ret->present = false;
        note_add(notes, "", "no MADT: MP Services alone say which CPUs there are");
        return;
    }
    madt_read(madt->at, madt->size, ret, notes);
}

void acpi_tables_read_places(const struct acpi_tables *tables, struct claims *ret)
{
    if (tables->srat.at != NULL) {
        srat_read(tables->srat.at, tables->srat.size, &ret->srat, &ret->notes);
    }
    if (tables->pptt.at != NULL) {
        pptt_read(tables->pptt.at, tables->pptt.size, &ret->pptt, &ret->notes);
    }
}

uint64_t acpi_tables_read_hpet(const struct acpi_tables *tables, const struct memory_map *map,
                               struct notes *notes)
{
    if (tables->hpet.at == NULL) {
        return 0;
    }
    const uint64_t base = hpet_read(tables->hpet.at, tables->hpet.size);
    if (base == 0 || map->beyond > 0 || memory_map_readable(map, base, HPET_BLOCK_SIZE) > 0) {
        note_add(notes, "", "HPET table: no timer can be where it says; not used");
        return 0;
    }
    return base;
}
