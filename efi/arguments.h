/* What the user asks for: muster.cfg beside the binary, then the command line over it. */
#ifndef EFI_ARGUMENTS_H
#define EFI_ARGUMENTS_H

#include "firmware.h"
#include "refusal.h"

/* Where a value came from, for complaints that can only be made later. */
struct arguments_origin {
    const char *cpus; /* of --cpus: "muster.cfg", or "" for the command line */
};

/* Fills `handoff->options`. The command line is EFI_SHELL_PARAMETERS where a shell started us (UEFI
 * Shell 2.2, 2.3), else LoadOptions; words there that were meant for another program become a note.
 * False on a bad option, a pattern without a match, an unknown defect: EFI_INVALID_PARAMETER. */
bool arguments_read(struct firmware *firmware, struct handoff *handoff,
                    struct arguments_origin *ret_origin, struct refusal *ret_refusal);

#endif
