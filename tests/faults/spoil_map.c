/* The memory map, changed each time it is read. Keys stay firmware's own, so that
 * ExitBootServices() goes through. */
#include "resident.h"
#include "services.h"
#include "spoil.h"

#include <stdbool.h>
#include <stdint.h>

#include <muster/memory.h>

enum { MIB = 0x100000, PAGE = 4096, LOCAL_APIC = 0xfee00000, EXTRA = 2 };

/* Fills in a descriptor that firmware did not hand out; `free` is one of a free range above 1 MiB.
 */
typedef void changer(EFI_MEMORY_DESCRIPTOR *extra, EFI_MEMORY_DESCRIPTOR *free);

/* Used by the resident copy. */
static EFI_GET_MEMORY_MAP map_original;
static changer *map_change;

static bool is_free(const EFI_MEMORY_DESCRIPTOR *region)
{
    return region->Type == EfiConventionalMemory && region->PhysicalStart >= MIB;
}

/* Hands out one descriptor more than firmware does, which `map_change` fills in. */
static EFI_STATUS EFIAPI changed_map(UINTN *size, EFI_MEMORY_DESCRIPTOR *map, UINTN *key,
                                     UINTN *stride, UINT32 *version)
{
    const UINTN room = *size;
    const EFI_STATUS status = map_original(size, map, key, stride, version);
    if (EFI_ERROR(status)) {
        *size += EXTRA * *stride;
        return status;
    }
    if (*size + *stride > room) {
        *size += *stride;
        return EFI_BUFFER_TOO_SMALL;
    }
    EFI_MEMORY_DESCRIPTOR *extra = (void *)((uint8_t *)map + *size);
    EFI_MEMORY_DESCRIPTOR *region = map;
    while (region < extra && !is_free(region)) {
        region = (void *)((uint8_t *)region + *stride);
    }
    memset(extra, 0, *stride);
    if (region < extra) {
        map_change(extra, region);
        *size += *stride;
    }
    return status;
}

static EFI_STATUS change_map(EFI_SYSTEM_TABLE *system, changer *change)
{
    EFI_BOOT_SERVICES *boot = system->BootServices;
    map_original = boot->GetMemoryMap;
    const EFI_STATUS status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        /* Pointers in the copy's data still lead into the original, which will be gone. */
        *(changer **)resident(&map_change) =
            (changer *)(uintptr_t)resident((void *)(uintptr_t)change);
        boot->GetMemoryMap = (EFI_GET_MEMORY_MAP)(uintptr_t)resident(changed_map);
        services_seal(boot);
    }
    return status;
}

/* The last page of a free range is reserved, too. */
static void overlap(EFI_MEMORY_DESCRIPTOR *extra, EFI_MEMORY_DESCRIPTOR *free)
{
    extra->Type = EfiReservedMemoryType;
    extra->PhysicalStart = free->PhysicalStart + (free->NumberOfPages - 1) * PAGE;
    extra->NumberOfPages = 1;
}

static void unaligned(EFI_MEMORY_DESCRIPTOR *extra, EFI_MEMORY_DESCRIPTOR *free)
{
    free->NumberOfPages -= 2;
    extra->Type = EfiReservedMemoryType;
    extra->PhysicalStart = free->PhysicalStart + free->NumberOfPages * PAGE + 0x10;
    extra->NumberOfPages = 1;
}

static void empty(EFI_MEMORY_DESCRIPTOR *extra, EFI_MEMORY_DESCRIPTOR *free)
{
    extra->Type = EfiConventionalMemory;
    extra->PhysicalStart = free->PhysicalStart + free->NumberOfPages * PAGE;
}

static void endless(EFI_MEMORY_DESCRIPTOR *extra, EFI_MEMORY_DESCRIPTOR *free)
{
    empty(extra, free);
    extra->NumberOfPages = UINT64_MAX / PAGE;
}

static void unknown_type(EFI_MEMORY_DESCRIPTOR *extra, EFI_MEMORY_DESCRIPTOR *free)
{
    extra->Type = 0x2a;
    extra->PhysicalStart = free->PhysicalStart + --free->NumberOfPages * PAGE;
    extra->NumberOfPages = 1;
}

static void apic_free(EFI_MEMORY_DESCRIPTOR *extra, EFI_MEMORY_DESCRIPTOR *free)
{
    (void)free;
    extra->Type = EfiConventionalMemory;
    extra->PhysicalStart = LOCAL_APIC;
    extra->NumberOfPages = 1;
}

static void runtime_unmarked(EFI_MEMORY_DESCRIPTOR *extra, EFI_MEMORY_DESCRIPTOR *free)
{
    extra->Type = EfiRuntimeServicesData;
    extra->PhysicalStart = free->PhysicalStart + --free->NumberOfPages * PAGE;
    extra->NumberOfPages = 1;
}

EFI_STATUS spoil_map_overlap(EFI_SYSTEM_TABLE *system)
{
    return change_map(system, overlap);
}

EFI_STATUS spoil_map_unaligned(EFI_SYSTEM_TABLE *system)
{
    return change_map(system, unaligned);
}

EFI_STATUS spoil_map_empty(EFI_SYSTEM_TABLE *system)
{
    return change_map(system, empty);
}

EFI_STATUS spoil_map_endless(EFI_SYSTEM_TABLE *system)
{
    return change_map(system, endless);
}

EFI_STATUS spoil_map_type(EFI_SYSTEM_TABLE *system)
{
    return change_map(system, unknown_type);
}

EFI_STATUS spoil_map_apic(EFI_SYSTEM_TABLE *system)
{
    return change_map(system, apic_free);
}

EFI_STATUS spoil_map_runtime(EFI_SYSTEM_TABLE *system)
{
    return change_map(system, runtime_unmarked);
}
