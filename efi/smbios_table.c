#include "smbios_table.h"

#include <muster/memory_map.h>

void smbios_table_read(const struct firmware *firmware, const struct memory_map *map,
                       struct smbios_claims *ret, struct notes *notes)
{
    static const EFI_GUID smbios_3 = {
        0xf2fd1544, 0x9794, 0x4a2c, {0x99, 0x2e, 0xe5, 0xbb, 0xcf, 0x20, 0xe3, 0x94}};
    static const EFI_GUID smbios_2 = {
        0xeb9d2d31, 0x2d88, 0x11d3, {0x9a, 0x16, 0x00, 0x90, 0x27, 0x3f, 0xc1, 0x4d}};
    struct smbios_entry entry;
    const void *at = firmware_table(firmware, &smbios_3);
    at = at != NULL ? at : firmware_table(firmware, &smbios_2);
    ret->present = false;
    if (at == NULL) {
        return;
    }
    const uint32_t there =
        (uint32_t)memory_map_readable(map, (uintptr_t)at, (uint64_t)SMBIOS_ENTRY_MAX);
    if (!smbios_read_entry(at, there, &entry, notes)) {
        return;
    }
    smbios_read(&entry, (const void *)(uintptr_t)entry.address,
                (uint32_t)memory_map_readable(map, entry.address, entry.size), ret, notes);
}
