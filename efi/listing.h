/* What muster tells of itself: --help, --version, --list. */
#ifndef EFI_LISTING_H
#define EFI_LISTING_H

#include "firmware.h"

/* "muster 0.1 build 1a2b3c4d\n" */
void listing_version(struct firmware *firmware);
void listing_help(struct firmware *firmware);
/* Every check with its scope, hazard, claim, source and planted defect, in lines of 79 characters.
 */
void listing_checks(struct firmware *firmware);

#endif
