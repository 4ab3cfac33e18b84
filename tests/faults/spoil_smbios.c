/* SMBIOS (DSP0134 3.7): a changed copy of the structures, to which every entry point leads. */
#include "spoil.h"
#include "tables.h"

#include <stdbool.h>

#include <muster/bytes.h>
#include <muster/memory.h>

enum {
    PROCESSOR = 4,
    EXTRA = 44,
    END = 127,
    CORES = 0x23, /* 7.5: one byte each: cores, enabled cores, threads; and two bytes each */
    CORES_LONG = 0x2a,
    NOBODY = 0x7777,
    ENTRIES_MAX = 2,
};

/* The entry points there are. */
struct entries {
    uint8_t *at[ENTRIES_MAX];
    uint32_t count;
};

/* The structures, in memory of our own with room for more. */
struct structures {
    uint8_t *at;
    uint32_t size;
};

static struct entries entries_find(const EFI_SYSTEM_TABLE *system)
{
    struct entries ret = {.count = 0};
    for (UINTN n = 0; n < system->NumberOfTableEntries; n++) {
        uint8_t *at = system->ConfigurationTable[n].VendorTable;
        if (at != NULL && memcmp(at, "_SM", 3) == 0 && ret.count < ENTRIES_MAX) {
            ret.at[ret.count++] = at;
        }
    }
    return ret;
}

static bool is_3(const uint8_t *entry)
{
    return memcmp(entry, "_SM3_", 5) == 0;
}

static bool structures_copy(EFI_SYSTEM_TABLE *system, const struct entries *entries, uint32_t room,
                            struct structures *ret)
{
    if (entries->count == 0) {
        return false;
    }
    const uint8_t *entry = entries->at[0];
    const uint64_t address = is_3(entry) ? bytes_u64(entry + 16) : bytes_u32(entry + 24);
    ret->size = is_3(entry) ? bytes_u32(entry + 12) : bytes_u16(entry + 22);
    ret->at = acpi_pages(system, ret->size + room);
    if (ret->at != NULL) {
        memcpy(ret->at, (const void *)(uintptr_t)address, ret->size);
    }
    return ret->at != NULL;
}

static void sum_set(uint8_t *at, uint32_t size, uint8_t *sum)
{
    *sum = 0;
    *sum = (uint8_t)-bytes_sum(at, size);
}

static void structures_publish(const struct entries *entries, const struct structures *structures)
{
    const uint64_t address = (uintptr_t)structures->at;
    for (uint32_t n = 0; n < entries->count; n++) {
        uint8_t *entry = entries->at[n];
        if (is_3(entry)) {
            memcpy(entry + 12, &structures->size, 4);
            memcpy(entry + 16, &address, 8);
            sum_set(entry, entry[6], entry + 5);
        } else {
            const uint16_t unlimited = 0xffff;
            memcpy(entry + 22, &structures->size, 2);
            memcpy(entry + 24, &address, 4);
            memcpy(entry + 28, &unlimited, 2);
            sum_set(entry + 16, 15, entry + 21);
            sum_set(entry, entry[5], entry + 4);
        }
    }
}

/* The first structure of this type, or NULL. */
static uint8_t *structure_find(const struct structures *structures, uint8_t type)
{
    uint8_t *at = structures->at, *const end = at + structures->size;
    while (at + 4 <= end && *at != type && *at != END) {
        for (at += at[1]; at + 2 <= end && (at[0] != 0 || at[1] != 0); at++) {
        }
        at += 2;
    }
    return at + 4 <= end && *at == type ? at : NULL;
}

EFI_STATUS spoil_smbios_sum(EFI_SYSTEM_TABLE *system)
{
    const struct entries entries = entries_find(system);
    for (uint32_t n = 0; n < entries.count; n++) {
        entries.at[n][is_3(entries.at[n]) ? 5 : 4]++;
    }
    return entries.count > 0 ? EFI_SUCCESS : EFI_NOT_FOUND;
}

EFI_STATUS spoil_smbios_cores(EFI_SYSTEM_TABLE *system)
{
    const struct entries entries = entries_find(system);
    struct structures structures;
    uint8_t *cpu = structures_copy(system, &entries, 0, &structures)
                       ? structure_find(&structures, PROCESSOR)
                       : NULL;
    if (cpu == NULL) {
        return EFI_NOT_FOUND;
    }
    cpu[CORES]++;
    cpu[CORES + 1]++;
    if (cpu[1] >= CORES_LONG + 4) {
        cpu[CORES_LONG]++;
        cpu[CORES_LONG + 2]++;
    }
    structures_publish(&entries, &structures);
    return EFI_SUCCESS;
}

EFI_STATUS spoil_smbios_extra(EFI_SYSTEM_TABLE *system)
{
    static const uint8_t extra[] = {EXTRA, 10, 0x44, 0x44, NOBODY & 0xff, NOBODY >> 8, 2, 1,
                                    0,     0,  0,    0};
    static const uint8_t end[] = {END, 4, 0x7f, 0x7f, 0, 0};
    const struct entries entries = entries_find(system);
    struct structures structures;
    uint8_t *at = structures_copy(system, &entries, sizeof(extra) + sizeof(end), &structures)
                      ? structure_find(&structures, END)
                      : NULL;
    if (at == NULL) {
        return EFI_NOT_FOUND;
    }
    memcpy(at, extra, sizeof(extra));
    memcpy(at + sizeof(extra), end, sizeof(end));
    structures.size = (uint32_t)(at - structures.at + sizeof(extra) + sizeof(end));
    structures_publish(&entries, &structures);
    return EFI_SUCCESS;
}

/* What is told to be there ends in the strings of the first processor. */
EFI_STATUS spoil_smbios_cut(EFI_SYSTEM_TABLE *system)
{
    const struct entries entries = entries_find(system);
    struct structures structures;
    const uint8_t *cpu = structures_copy(system, &entries, 0, &structures)
                             ? structure_find(&structures, PROCESSOR)
                             : NULL;
    if (cpu == NULL) {
        return EFI_NOT_FOUND;
    }
    structures.size = (uint32_t)(cpu - structures.at + cpu[1] + 1);
    structures_publish(&entries, &structures);
    return EFI_SUCCESS;
}
