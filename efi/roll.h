/* The claims of firmware about its CPUs, read from every source and merged. */
#ifndef EFI_ROLL_H
#define EFI_ROLL_H

#include "acpi_tables.h"
#include "firmware.h"
#include "refusal.h"

struct mps_lab;

/* Fills `handoff->claims` and `handoff->inventory`. MP Services are asked with `lab`, where there
 * are any. False when firmware claims more CPUs than muster has room for. BSP. */
bool roll_take(struct firmware *firmware, const struct acpi_tables *tables, struct mps_lab *lab,
               struct handoff *handoff, struct refusal *ret_refusal);

#endif
