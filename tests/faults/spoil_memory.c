/* Memory that is there, but not to be had. */
#include "resident.h"
#include "services.h"
#include "spoil.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    LOW_LAST = 0xfffff,
    MIB = 0x100000,
    CRUMB_PAGES = MIB / 4096, /* room for the hand-off, none for the arena */
};

/* Used by the resident copy. */
static EFI_GET_MEMORY_MAP map_original;

static bool take(EFI_SYSTEM_TABLE *system, EFI_MEMORY_TYPE type, UINTN pages, uint64_t last,
                 EFI_PHYSICAL_ADDRESS *ret)
{
    *ret = last;
    return !EFI_ERROR(system->BootServices->AllocatePages(AllocateMaxAddress, type, pages, ret));
}

static void take_all_low(EFI_SYSTEM_TABLE *system, EFI_MEMORY_TYPE type)
{
    EFI_PHYSICAL_ADDRESS at;
    while (take(system, type, 1, LOW_LAST, &at)) {
    }
}

/* Free again after the door, as boot-services memory is (UEFI 2.10, 7.2). */
EFI_STATUS spoil_low_taken(EFI_SYSTEM_TABLE *system)
{
    take_all_low(system, EfiBootServicesData);
    return EFI_SUCCESS;
}

static bool is_free_after_the_door(UINT32 type)
{
    return type == EfiConventionalMemory || type == EfiBootServicesCode ||
           type == EfiBootServicesData || type == EfiLoaderCode || type == EfiLoaderData;
}

/* Calls reserved what firmware uses itself below 1 MiB. */
static EFI_STATUS EFIAPI map_without_low(UINTN *size, EFI_MEMORY_DESCRIPTOR *map, UINTN *key,
                                         UINTN *stride, UINT32 *version)
{
    const EFI_STATUS status = map_original(size, map, key, stride, version);
    for (UINTN at = 0; !EFI_ERROR(status) && at < *size; at += *stride) {
        EFI_MEMORY_DESCRIPTOR *region = (void *)((uint8_t *)map + at);
        if (region->PhysicalStart < MIB && is_free_after_the_door(region->Type)) {
            region->Type = EfiReservedMemoryType;
        }
    }
    return status;
}

EFI_STATUS spoil_low_none(EFI_SYSTEM_TABLE *system)
{
    EFI_BOOT_SERVICES *boot = system->BootServices;
    take_all_low(system, EfiReservedMemoryType);
    map_original = boot->GetMemoryMap;
    const EFI_STATUS status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        boot->GetMemoryMap = (EFI_GET_MEMORY_MAP)(uintptr_t)resident(map_without_low);
        services_seal(boot);
    }
    return status;
}

/* Takes everything in blocks of a MiB and gives every other one back. Each block kept holds the
 * address of the one to be given back. */
EFI_STATUS spoil_crumbs(EFI_SYSTEM_TABLE *system)
{
    EFI_PHYSICAL_ADDRESS at, chain = 0;
    bool keep = true;
    while (take(system, EfiBootServicesData, CRUMB_PAGES, UINT32_MAX, &at)) {
        if (!keep) {
            *(EFI_PHYSICAL_ADDRESS *)(uintptr_t)at = chain;
            chain = at;
        }
        keep = !keep;
    }
    while (chain != 0) {
        at = chain;
        chain = *(EFI_PHYSICAL_ADDRESS *)(uintptr_t)at;
        system->BootServices->FreePages(at, CRUMB_PAGES);
    }
    return EFI_SUCCESS;
}
