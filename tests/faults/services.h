/* Boot services replaced by one's own. */
#ifndef FAULTS_SERVICES_H
#define FAULTS_SERVICES_H

#include <efi.h>

/* Makes the boot services table sound again after one of its pointers was changed: its header has
 * a CRC (UEFI 2.10, 4.2.1). */
void services_seal(EFI_BOOT_SERVICES *boot);

#endif
