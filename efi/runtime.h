/* What of firmware is still there after the door: two runtime services and their memory. */
#ifndef EFI_RUNTIME_H
#define EFI_RUNTIME_H

#include "firmware.h"

/* Fills `handoff->runtime.regions` and `handoff->attributes` from the Memory Attributes Table where
 * there is one, and from `handoff->memory`. Calls no boot service. */
void runtime_read(const struct firmware *firmware, struct handoff *handoff);

/* Takes the runtime services from firmware's table of them. Behind the door, before firmware's page
 * tables are left. */
void runtime_take_services(const struct firmware *firmware, struct runtime_claim *ret);

#endif
