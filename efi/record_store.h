/* Firmware's non-volatile variables, as far as a record needs them. */
#ifndef EFI_RECORD_STORE_H
#define EFI_RECORD_STORE_H

#include "firmware.h"
#include "refusal.h"

#include <muster/record.h>

enum { RECORD_LARGE_BYTES = 65536 };

/* Variables that are larger than this program's, each whole; .at is NULL for those that are not. */
struct record_large {
    const uint8_t *at[RECORD_PIECES];
    uint32_t used;
    uint8_t bytes[RECORD_LARGE_BYTES];
};

/* Every variable of a record that is there. Of one that is larger than RECORD_VARIABLE_MAX `ret`
 * has the beginning, and `ret_large` all of it. False, with the variable's name, where firmware
 * does not say whether there is one, or where they are too large for `ret_large`. */
bool record_store_read(const struct firmware *firmware, struct record_variables *ret,
                       struct record_large *ret_large, struct refusal *ret_refusal);

/* Removes them; what identifies the record goes first, so that a reset in between leaves nothing
 * that could be taken for a run. False where one could not be removed. */
bool record_store_remove(const struct firmware *firmware);

/* Asks for the store's size, and whether SetVariable works after the door; decides whether a record
 * can be kept there. */
void record_store_plan(const struct firmware *firmware, struct record_claim *claim);

#endif
