#include "resident.h"

#include <stdint.h>

#include <muster/memory.h>

enum { PAGE = 4096 };

/* The image's bounds, from efi/muster.lds. */
extern const char ImageBase[], image_data_end[] __attribute__((visibility("hidden")));

static uintptr_t copy_base;

EFI_STATUS resident_copy_as(EFI_SYSTEM_TABLE *system, EFI_MEMORY_TYPE type)
{
    const UINTN size = (uintptr_t)image_data_end - (uintptr_t)ImageBase;
    EFI_PHYSICAL_ADDRESS at = 0;
    const EFI_STATUS status =
        system->BootServices->AllocatePages(AllocateAnyPages, type, (size + PAGE - 1) / PAGE, &at);
    if (!EFI_ERROR(status)) {
        copy_base = at;
        memcpy((void *)(uintptr_t)at, ImageBase, size);
    }
    return status;
}

EFI_STATUS resident_copy(EFI_SYSTEM_TABLE *system)
{
    return resident_copy_as(system, EfiBootServicesCode);
}

void *resident(void *address)
{
    return (void *)(copy_base + ((uintptr_t)address - (uintptr_t)ImageBase));
}
