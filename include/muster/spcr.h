/* The serial console that firmware names in the ACPI SPCR table. */
#ifndef MUSTER_SPCR_H
#define MUSTER_SPCR_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/handoff.h>

/* Reads a SPCR table of `size` readable bytes. True when it names a 16550-compatible UART that
 * muster can drive; the line speed stays as firmware set it, since only firmware knows the UART's
 * clock. Any phase. Source: Serial Port Console Redirection Table 1.10; DBG2, table 3. */
bool spcr_read(const void *table, uint32_t size, struct serial_claim *ret);

#endif
