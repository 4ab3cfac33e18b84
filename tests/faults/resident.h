/* Code that outlives its program: firmware frees an application's image when it ends, so a copy
 * stays. */
#ifndef FAULTS_RESIDENT_H
#define FAULTS_RESIDENT_H

#include <efi.h>

/* Copies the whole image into boot-services memory, as it is now: whatever the resident code reads
 * must have been stored before. The code runs in the copy because it addresses everything relative
 * to itself; pointers initialised at compile time would still lead into the freed image. */
EFI_STATUS resident_copy(EFI_SYSTEM_TABLE *system);

/* `address` of this image in the copy. After resident_copy(). */
void *resident(void *address);

/* The same in memory of another type: code of runtime services outlives boot services, too. */
EFI_STATUS resident_copy_as(EFI_SYSTEM_TABLE *system, EFI_MEMORY_TYPE type);

#endif
