#include "runtime.h"

#include <muster/memory_claims.h>
#include <muster/memory_map.h>
#include <muster/runtime_regions.h>

/* UEFI 2.10, 4.6.4; gnu-efi does not declare it. */
static const EFI_GUID memory_attributes = {
    0xdcfa911d, 0x26eb, 0x469f, {0xa2, 0x20, 0x38, 0xb7, 0xdc, 0x46, 0x12, 0x20}};

enum { TABLE_SIZE_MAX = 1 << 20 };

void runtime_read(const struct firmware *firmware, struct handoff *handoff)
{
    const void *table = firmware_table(firmware, &memory_attributes);
    const uint64_t size =
        memory_map_readable(&handoff->memory, (uintptr_t)table, table != NULL ? TABLE_SIZE_MAX : 0);
    attributes_read(table, size, &handoff->attributes);
    runtime_regions_read(table, size, &handoff->memory, &handoff->runtime);
}

void runtime_take_services(const struct firmware *firmware, struct runtime_claim *ret)
{
    const EFI_RUNTIME_SERVICES *services = firmware->system->RuntimeServices;
    ret->set_variable = (runtime_set_variable *)services->SetVariable;
    /* gnu-efi has it return a status; by UEFI 2.10, 8.5.1 it returns nothing. */
    ret->reset_system = (runtime_reset_system *)(uintptr_t)services->ResetSystem;
}
