/* The record of a run before the door: collecting an earlier one, and making room for a new one. */
#ifndef EFI_RECORD_H
#define EFI_RECORD_H

#include "firmware.h"
#include "refusal.h"

/* --collect: writes an earlier run's record to files beside the program and removes it; tells what
 * was done, or calmly that there is no record. False where it had to be kept: then it is printed,
 * and the refusal says why. */
bool record_collect(struct firmware *firmware, struct refusal *ret_refusal);

/* --record: fills `handoff->record`. An earlier record is collected first; where it cannot be, it
 * is kept and this run leaves none. */
void record_prepare(struct firmware *firmware, struct handoff *handoff);

/* Gives it the machine's name, once SMBIOS has been read. */
void record_name_system(struct handoff *handoff);

/* --dry-run: fills it, too, but collects and changes nothing. */
void record_look(const struct firmware *firmware, struct handoff *handoff);

#endif
