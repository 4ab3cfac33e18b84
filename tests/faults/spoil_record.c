/* A variable store with little room, and a GetVariable, SetVariable or ResetSystem that fails. */
#include "resident.h"
#include "services.h"
#include "spoil.h"

#include <stdbool.h>

#include <muster/memory.h>

enum {
    ATTRIBUTES =
        EFI_VARIABLE_NON_VOLATILE | EFI_VARIABLE_BOOTSERVICE_ACCESS | EFI_VARIABLE_RUNTIME_ACCESS,
    FILLING = 8192,
    LEFT_BELOW_HALF = 6000,
};

static const EFI_GUID vendor = {
    0x0c7f3a51, 0x93de, 0x4c0b, {0x8a, 0x11, 0x66, 0x69, 0x6c, 0x6c, 0x65, 0x72}};

static EFI_STATUS fill_one(EFI_SYSTEM_TABLE *system, uint32_t number, UINTN size)
{
    static const uint8_t filling[FILLING];
    CHAR16 name[] = u"Filling0000";
    for (uint32_t place = 10; place > 6; place--) {
        name[place] = (CHAR16)('0' + number % 10);
        number /= 10;
    }
    return system->RuntimeServices->SetVariable(name, (EFI_GUID *)&vendor, ATTRIBUTES, size,
                                                (void *)filling);
}

/* Until about `left` bytes of the store's first half remain: in large pieces, then in small ones.
 */
static EFI_STATUS fill(EFI_SYSTEM_TABLE *system, uint64_t left)
{
    UINTN piece = FILLING;
    for (uint32_t number = 0; piece >= 256; number++) {
        UINT64 size, remaining, most;
        EFI_STATUS status =
            system->RuntimeServices->QueryVariableInfo(ATTRIBUTES, &size, &remaining, &most);
        while (piece >= 256 && remaining < size / 2 + left + piece) {
            piece /= 2;
        }
        if (!EFI_ERROR(status) && piece >= 256) {
            status = fill_one(system, number, piece);
        }
        if (EFI_ERROR(status)) {
            return status;
        }
    }
    return EFI_SUCCESS;
}

EFI_STATUS spoil_store_full(EFI_SYSTEM_TABLE *system)
{
    return fill(system, 0);
}

EFI_STATUS spoil_store_half(EFI_SYSTEM_TABLE *system)
{
    return fill(system, LEFT_BELOW_HALF);
}

/* --- GetVariable() before the door --- */

static EFI_GET_VARIABLE get_original;

static EFI_STATUS EFIAPI get_and_fail(CHAR16 *name, EFI_GUID *guid, UINT32 *attributes, UINTN *size,
                                      void *data)
{
    static const CHAR16 failing[] = u"MusterRecord1";
    return memcmp(name, failing, sizeof(failing)) == 0
               ? EFI_DEVICE_ERROR
               : get_original(name, guid, attributes, size, data);
}

EFI_STATUS spoil_get_fail(EFI_SYSTEM_TABLE *system)
{
    get_original = system->RuntimeServices->GetVariable;
    const EFI_STATUS status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        system->RuntimeServices->GetVariable = (EFI_GET_VARIABLE)(uintptr_t)resident(get_and_fail);
    }
    return status;
}

/* --- a volume that is pulled: files of records cannot be opened there --- */

static EFI_VOLUME_OPEN volume_original;
static EFI_FILE_OPEN open_original;

static EFI_STATUS EFIAPI open_and_fail(EFI_FILE_PROTOCOL *file, EFI_FILE_PROTOCOL **ret,
                                       CHAR16 *name, UINT64 mode, UINT64 attributes)
{
    static const CHAR16 failing[] = u"muster-";
    const CHAR16 *base = name;
    for (const CHAR16 *at = name; *at != 0; at++) {
        base = *at == '\\' ? at + 1 : base;
    }
    return memcmp(base, failing, sizeof(failing) - sizeof(CHAR16)) == 0
               ? EFI_NO_MEDIA
               : open_original(file, ret, name, mode, attributes);
}

static EFI_STATUS EFIAPI open_volume(EFI_FILE_IO_INTERFACE *volume, EFI_FILE_PROTOCOL **ret)
{
    const EFI_STATUS status = volume_original(volume, ret);
    if (!EFI_ERROR(status)) {
        (*ret)->Open = open_and_fail;
    }
    return status;
}

EFI_STATUS spoil_volume_gone(EFI_SYSTEM_TABLE *system)
{
    EFI_GUID guid = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;
    EFI_FILE_IO_INTERFACE *volume;
    EFI_FILE_PROTOCOL *root;
    EFI_STATUS status = system->BootServices->LocateProtocol(&guid, NULL, (void **)&volume);
    if (!EFI_ERROR(status)) {
        volume_original = volume->OpenVolume;
        status = volume_original(volume, &root);
    }
    if (EFI_ERROR(status)) {
        return status;
    }
    open_original = root->Open;
    root->Close(root);
    status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        volume->OpenVolume = (EFI_VOLUME_OPEN)(uintptr_t)resident(open_volume);
    }
    return status;
}

/* --- SetVariable() that takes the first marks only --- */

/* No image lies where the copy does: EDK II's Memory Attributes Table, which each allocation makes
 * anew, calls it data. So no-mat is wanted, too, and after this. */

enum { MARKS_TAKEN = 3 };

static EFI_SET_VARIABLE set_original;
static uint32_t marks;
static bool hang;

/* As edk2 after the door, whose store is full of what is dead: deleting always works. */
static EFI_STATUS EFIAPI set_few(CHAR16 *name, EFI_GUID *guid, UINT32 attributes, UINTN size,
                                 void *data)
{
    static const CHAR16 prefix[] = u"MusterRecord";
    if (size == 0 || memcmp(name, prefix, sizeof(prefix) - sizeof(CHAR16)) != 0 ||
        marks++ < MARKS_TAKEN) {
        return set_original(name, guid, attributes, size, data);
    }
    while (hang) {
        __asm__ volatile("pause");
    }
    return EFI_OUT_OF_RESOURCES;
}

static EFI_STATUS spoil_later(EFI_SYSTEM_TABLE *system)
{
    set_original = system->RuntimeServices->SetVariable;
    const EFI_STATUS status = resident_copy_as(system, EfiRuntimeServicesCode);
    if (!EFI_ERROR(status)) {
        system->RuntimeServices->SetVariable = (EFI_SET_VARIABLE)(uintptr_t)resident(set_few);
    }
    return status;
}

EFI_STATUS spoil_set_full_later(EFI_SYSTEM_TABLE *system)
{
    return spoil_later(system);
}

EFI_STATUS spoil_set_hang_later(EFI_SYSTEM_TABLE *system)
{
    hang = true;
    return spoil_later(system);
}

/* --- a runtime service after the door: its first bytes are overwritten where they stand --- */

/* Used by the resident copy. */
static EFI_EXIT_BOOT_SERVICES exit_original;
static uint8_t *service;
static uint8_t bad[16];

/* Firmware itself needs it up to here. */
static EFI_STATUS EFIAPI exit_and_spoil(EFI_HANDLE image, UINTN map_key)
{
    const EFI_STATUS status = exit_original(image, map_key);
    uint64_t cr0;
    if (EFI_ERROR(status)) {
        return status;
    }
    __asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
    __asm__ volatile("mov %0, %%cr0" : : "r"(cr0 & ~UINT64_C(0x10000))); /* WP */
    memcpy(service, bad, sizeof(bad));
    __asm__ volatile("mov %0, %%cr0" : : "r"(cr0));
    return status;
}

static EFI_STATUS spoil_service(EFI_SYSTEM_TABLE *system, void *which, const uint8_t *code,
                                UINTN size)
{
    EFI_BOOT_SERVICES *services = system->BootServices;
    exit_original = services->ExitBootServices;
    service = which;
    memcpy(bad, code, size);
    const EFI_STATUS status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        services->ExitBootServices = (EFI_EXIT_BOOT_SERVICES)(uintptr_t)resident(exit_and_spoil);
        services_seal(services);
    }
    return status;
}

static EFI_STATUS spoil_with(EFI_SYSTEM_TABLE *system, const uint8_t *code, UINTN size)
{
    void *set_variable = (void *)(uintptr_t)system->RuntimeServices->SetVariable;
    return spoil_service(system, set_variable, code, size);
}

EFI_STATUS spoil_set_refuse(EFI_SYSTEM_TABLE *system)
{
    /* movabs $EFI_OUT_OF_RESOURCES, %rax; ret */
    static const uint8_t code[] = {0x48, 0xb8, 9, 0, 0, 0, 0, 0, 0, 0x80, 0xc3};
    return spoil_with(system, code, sizeof(code));
}

EFI_STATUS spoil_set_hang(EFI_SYSTEM_TABLE *system)
{
    static const uint8_t code[] = {0xeb, 0xfe}; /* jmp to itself */
    return spoil_with(system, code, sizeof(code));
}

static const uint8_t fault[] = {0x0f, 0x0b}; /* ud2 */

EFI_STATUS spoil_set_fault(EFI_SYSTEM_TABLE *system)
{
    return spoil_with(system, fault, sizeof(fault));
}

EFI_STATUS spoil_reset_fault(EFI_SYSTEM_TABLE *system)
{
    void *reset_system = (void *)(uintptr_t)system->RuntimeServices->ResetSystem;
    return spoil_service(system, reset_system, fault, sizeof(fault));
}
