/* ExitBootServices() that fails, as it does when the memory map changed since it was read: an event
 * of the first call may do that (UEFI 2.10, 7.4.6). */
#include "resident.h"
#include "services.h"
#include "spoil.h"

#include <stdint.h>

/* Used by the resident copy. */
static EFI_BOOT_SERVICES *services;
static EFI_EXIT_BOOT_SERVICES exit_original;
static uint32_t failures_left;

/* The allocation makes the caller's key stale, and firmware's own code refuses it. */
static EFI_STATUS EFIAPI exit_with_changed_map(EFI_HANDLE image, UINTN map_key)
{
    EFI_PHYSICAL_ADDRESS at = 0;
    if (failures_left > 0) {
        failures_left--;
        services->AllocatePages(AllocateAnyPages, EfiBootServicesData, 1, &at);
    }
    return exit_original(image, map_key);
}

static EFI_STATUS fail_times(EFI_SYSTEM_TABLE *system, uint32_t times)
{
    services = system->BootServices;
    exit_original = services->ExitBootServices;
    failures_left = times;
    const EFI_STATUS status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        services->ExitBootServices =
            (EFI_EXIT_BOOT_SERVICES)(uintptr_t)resident(exit_with_changed_map);
        services_seal(services);
    }
    return status;
}

EFI_STATUS spoil_exit_3(EFI_SYSTEM_TABLE *system)
{
    return fail_times(system, 3);
}

EFI_STATUS spoil_exit_always(EFI_SYSTEM_TABLE *system)
{
    return fail_times(system, UINT32_MAX);
}
