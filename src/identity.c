#include <muster/identity.h>

#include <muster/text.h>

#include "smbios_string.h"

static const struct {
    const char *key;
    uint8_t type, offset;
} names[IDENTITY_NAMES] = {
    [IDENTITY_BIOS_VENDOR] = {"bios_vendor", 0, 4},
    [IDENTITY_BIOS_VERSION] = {"bios_version", 0, 5},
    [IDENTITY_BIOS_DATE] = {"bios_date", 0, 8},
    [IDENTITY_VENDOR] = {"vendor", 1, 4},
    [IDENTITY_PRODUCT] = {"product", 1, 5},
    [IDENTITY_VERSION] = {"version", 1, 6},
    [IDENTITY_SKU] = {"sku", 1, 0x19},
    [IDENTITY_FAMILY] = {"family", 1, 0x1a},
    [IDENTITY_BOARD_VENDOR] = {"board_vendor", 2, 4},
    [IDENTITY_BOARD_PRODUCT] = {"board_product", 2, 5},
    [IDENTITY_BOARD_VERSION] = {"board_version", 2, 6},
};

const char *identity_key(enum identity_name name)
{
    return names[name].key;
}

static void keep(char name[IDENTITY_NAME_MAX], const char *string)
{
    string_copy(name, IDENTITY_NAME_MAX, string);
    for (size_t length = string_length(name); length > 0 && name[length - 1] == ' '; length--) {
        name[length - 1] = '\0';
    }
}

void identity_take(const uint8_t *structure, uint32_t length, struct identity *ret)
{
    for (uint32_t n = 0; n < IDENTITY_NAMES; n++) {
        if (names[n].type == structure[0] && names[n].offset < length && !ret->name[n][0]) {
            keep(ret->name[n], smbios_string(structure, structure[names[n].offset]));
        }
    }
}
