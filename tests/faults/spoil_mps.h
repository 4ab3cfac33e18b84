/* MP Services that lie: what the files spoil_mps*.c share. */
#ifndef FAULTS_SPOIL_MPS_H
#define FAULTS_SPOIL_MPS_H

#include "mp_services.h"
#include "spoil.h"

/* Firmware's own services; used by the resident copy. */
extern EFI_MP_SERVICES_PROTOCOL mps_original __attribute__((visibility("hidden")));

/* Firmware's boot services; used by the resident copy. */
extern EFI_BOOT_SERVICES *mps_boot __attribute__((visibility("hidden")));

/* Puts `lie` in the place of the service at `offset` of the protocol. */
EFI_STATUS mps_replace(EFI_SYSTEM_TABLE *system, size_t offset, void *lie);

#define MPS_REPLACE(system, service, lie)                                                          \
    mps_replace((system), offsetof(EFI_MP_SERVICES_PROTOCOL, service), (void *)(uintptr_t)(lie))

#endif
