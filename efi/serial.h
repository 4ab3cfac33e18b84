/* Which UART the report goes to. */
#ifndef EFI_SERIAL_H
#define EFI_SERIAL_H

#include "firmware.h"

#include <muster/acpi.h>

/* --serial, else what the SPCR table names, else COM1, where the far side asks whether a UART
 * answers. */
void serial_decide(const struct options *options, const struct acpi_tables *tables,
                   struct serial_claim *ret);

#endif
