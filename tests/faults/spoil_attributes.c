/* The Memory Attributes Table (UEFI 2.10, 4.6.4): each fault publishes a changed copy of firmware's
 * own. */
#include "spoil.h"

#include <stdint.h>

#include <muster/memory.h>

enum { VGA = 0xa0000, PAGE = 4096, HEADER = 16, MANY = 30000 };

#define RO_XP (UINT64_C(0x20000) | UINT64_C(0x4000))

struct attributes {
    uint32_t version, entries, stride, flags;
    uint8_t list[];
};

static EFI_GUID guid = {
    0xdcfa911d, 0x26eb, 0x469f, {0xa2, 0x20, 0x38, 0xb7, 0xdc, 0x46, 0x12, 0x20}};

static const struct attributes *find(const EFI_SYSTEM_TABLE *system)
{
    for (UINTN n = 0; n < system->NumberOfTableEntries; n++) {
        if (memcmp(&system->ConfigurationTable[n].VendorGuid, &guid, sizeof(guid)) == 0) {
            return system->ConfigurationTable[n].VendorTable;
        }
    }
    return NULL;
}

/* As firmware does, in boot-services memory: an OS reads it before it takes that. */
static struct attributes *copy(EFI_SYSTEM_TABLE *system)
{
    const struct attributes *old = find(system);
    void *at = NULL;
    const UINTN size = old != NULL ? HEADER + (UINTN)old->entries * old->stride : 0;
    if (old == NULL || old->entries == 0 ||
        EFI_ERROR(system->BootServices->AllocatePool(EfiBootServicesData, size, &at))) {
        return NULL;
    }
    memcpy(at, old, size);
    return at;
}

static EFI_STATUS publish(EFI_SYSTEM_TABLE *system, struct attributes *table)
{
    return system->BootServices->InstallConfigurationTable(&guid, table);
}

static EFI_MEMORY_DESCRIPTOR *last(struct attributes *table)
{
    return (void *)(table->list + (table->entries - 1) * (UINTN)table->stride);
}

EFI_STATUS spoil_mat_wx(EFI_SYSTEM_TABLE *system)
{
    struct attributes *table = copy(system);
    if (table == NULL) {
        return EFI_NOT_FOUND;
    }
    last(table)->Attribute &= ~RO_XP;
    return publish(system, table);
}

/* What an OS believes of the table, it does to video memory. */
EFI_STATUS spoil_mat_stray(EFI_SYSTEM_TABLE *system)
{
    struct attributes *table = copy(system);
    if (table == NULL) {
        return EFI_NOT_FOUND;
    }
    last(table)->PhysicalStart = VGA;
    return publish(system, table);
}

/* A page less in an entry that has several: its range is described in part. */
EFI_STATUS spoil_mat_short(EFI_SYSTEM_TABLE *system)
{
    struct attributes *table = copy(system);
    for (uint32_t n = 0; table != NULL && n < table->entries; n++) {
        EFI_MEMORY_DESCRIPTOR *entry = (void *)(table->list + n * (UINTN)table->stride);
        if (entry->NumberOfPages > 1) {
            entry->NumberOfPages--;
            return publish(system, table);
        }
    }
    return EFI_NOT_FOUND;
}

/* More entries than there is memory behind the table. */
EFI_STATUS spoil_mat_cut(EFI_SYSTEM_TABLE *system)
{
    struct attributes *table = copy(system);
    if (table == NULL) {
        return EFI_NOT_FOUND;
    }
    table->entries = MANY;
    return publish(system, table);
}

EFI_STATUS spoil_mat_version(EFI_SYSTEM_TABLE *system)
{
    struct attributes *table = copy(system);
    if (table == NULL) {
        return EFI_NOT_FOUND;
    }
    table->version = 7;
    return publish(system, table);
}

EFI_STATUS spoil_no_mat(EFI_SYSTEM_TABLE *system)
{
    return publish(system, NULL);
}
