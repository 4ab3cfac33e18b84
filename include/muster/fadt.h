/* The power-management timer and the reset register that firmware names in the ACPI FADT. */
#ifndef MUSTER_FADT_H
#define MUSTER_FADT_H

#include <stdint.h>

#include <muster/handoff.h>

/* Reads a FADT of `size` readable bytes (ACPI 6.5, 5.2.9); fields that lie past the end, as in an
 * older revision, are not there. Any phase. */
void fadt_read(const void *table, uint32_t size, struct platform_claim *ret);

#endif
