/* The strings behind an SMBIOS structure. */
#ifndef MUSTER_SMBIOS_STRING_H
#define MUSTER_SMBIOS_STRING_H

#include <stdint.h>

/* String number `n` (from 1) of the structure at `bytes`, whose strings are known to end; "" where
 * there is none (SMBIOS 3.7, 6.1.3). */
const char *smbios_string(const uint8_t *bytes, uint32_t n);

#endif
