/* What firmware says of memory besides the map. */
#ifndef EFI_MEMORY_CLAIMS_H
#define EFI_MEMORY_CLAIMS_H

#include "acpi_tables.h"
#include "firmware.h"

/* Lists in handoff->kept what must stay where it is. After the MADT has been read. */
void memory_claims_take(const struct firmware *firmware, const struct acpi_tables *tables,
                        struct handoff *handoff);

#endif
