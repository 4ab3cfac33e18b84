/* SMBIOS as firmware publishes it. */
#ifndef EFI_SMBIOS_TABLE_H
#define EFI_SMBIOS_TABLE_H

#include "firmware.h"

/* Reads it through the configuration table: the 3.x entry point, else the 2.x one (UEFI 2.10, 4.6).
 * `map` bounds what is read. */
void smbios_table_read(const struct firmware *firmware, const struct memory_map *map,
                       struct smbios_claims *ret, struct notes *notes);

#endif
