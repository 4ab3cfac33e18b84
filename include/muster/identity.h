/* What the machine is called, by its SMBIOS. */
#ifndef MUSTER_IDENTITY_H
#define MUSTER_IDENTITY_H

#include <stdint.h>

enum { IDENTITY_NAME_MAX = 64 };

/* No serial number, UUID or asset tag is taken: reports are handed around. */
enum identity_name {
    IDENTITY_BIOS_VENDOR,
    IDENTITY_BIOS_VERSION,
    IDENTITY_BIOS_DATE,
    IDENTITY_VENDOR,
    IDENTITY_PRODUCT,
    IDENTITY_VERSION,
    IDENTITY_SKU,
    IDENTITY_FAMILY,
    IDENTITY_BOARD_VENDOR,
    IDENTITY_BOARD_PRODUCT,
    IDENTITY_BOARD_VERSION,
    IDENTITY_NAMES
};

/* "" where it is not told. Bytes as firmware has them, blanks at the end cut off. */
struct identity {
    char name[IDENTITY_NAMES][IDENTITY_NAME_MAX];
};

/* "bios_vendor" */
const char *identity_key(enum identity_name name);

/* Takes the names out of an SMBIOS structure of type 0, 1 or 2 (SMBIOS 3.7, 7.1 to 7.3); others are
 * passed over. `length` bytes at `structure` are there, and behind them strings that are known to
 * end. Of several structures of one type the first counts. Pure. */
void identity_take(const uint8_t *structure, uint32_t length, struct identity *ret);

#endif
