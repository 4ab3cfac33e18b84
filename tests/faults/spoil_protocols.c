/* Protocols and configuration tables: gone, or telling something else. */
#include "mp_services.h"
#include "resident.h"
#include "spoil.h"

enum { THE_BSP = 0, THE_AP = 1 }; /* numbers that MP Services give to processors */

/* Used by the resident copy. */
static __typeof__(((EFI_MP_SERVICES_PROTOCOL *)NULL)->GetProcessorInfo) info_original;

/* Uninstalls `interface` from `handle`, whoever uses it (UEFI 2.10, 7.3.3). */
static EFI_STATUS uninstall(EFI_SYSTEM_TABLE *system, EFI_HANDLE handle, EFI_GUID *guid)
{
    void *interface = NULL;
    const EFI_STATUS status = system->BootServices->HandleProtocol(handle, guid, &interface);
    return EFI_ERROR(status)
               ? status
               : system->BootServices->UninstallProtocolInterface(handle, guid, interface);
}

/* Does something to every handle that has the protocol; the first error ends it. */
static EFI_STATUS for_each(EFI_SYSTEM_TABLE *system, EFI_GUID *guid,
                           EFI_STATUS (*act)(EFI_SYSTEM_TABLE *, EFI_HANDLE, EFI_GUID *))
{
    EFI_HANDLE *handles = NULL;
    UINTN count = 0;
    EFI_STATUS status =
        system->BootServices->LocateHandleBuffer(ByProtocol, guid, NULL, &count, &handles);
    for (UINTN n = 0; !EFI_ERROR(status) && n < count; n++) {
        status = act(system, handles[n], guid);
    }
    return status;
}

EFI_STATUS spoil_no_mps(EFI_SYSTEM_TABLE *system)
{
    EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
    return for_each(system, &guid, uninstall);
}

/* Taking it from a device makes the console's own one vanish, so the list of handles may be stale.
 */
EFI_STATUS spoil_no_gop(EFI_SYSTEM_TABLE *system)
{
    EFI_GUID guid = EFI_GRAPHICS_OUTPUT_PROTOCOL_GUID;
    void *left = NULL;
    const EFI_STATUS status = for_each(system, &guid, uninstall);
    return EFI_ERROR(system->BootServices->LocateProtocol(&guid, NULL, &left)) ? EFI_SUCCESS
                                                                               : status;
}

/* UEFI 2.10, 12.9: PixelBltOnly "does not support a physical frame buffer". */
static EFI_STATUS make_blt_only(EFI_SYSTEM_TABLE *system, EFI_HANDLE handle, EFI_GUID *guid)
{
    EFI_GRAPHICS_OUTPUT_PROTOCOL *graphics = NULL;
    const EFI_STATUS status =
        system->BootServices->HandleProtocol(handle, guid, (void **)&graphics);
    if (!EFI_ERROR(status)) {
        graphics->Mode->Info->PixelFormat = PixelBltOnly;
    }
    return status;
}

EFI_STATUS spoil_blt_only(EFI_SYSTEM_TABLE *system)
{
    EFI_GUID guid = EFI_GRAPHICS_OUTPUT_PROTOCOL_GUID;
    return for_each(system, &guid, make_blt_only);
}

/* A NULL pointer takes a configuration table out (UEFI 2.10, 7.5.6). */
EFI_STATUS spoil_no_acpi(EFI_SYSTEM_TABLE *system)
{
    EFI_GUID acpi_20 = ACPI_20_TABLE_GUID;
    EFI_GUID acpi_10 = ACPI_TABLE_GUID;
    const EFI_STATUS status = system->BootServices->InstallConfigurationTable(&acpi_20, NULL);
    system->BootServices->InstallConfigurationTable(&acpi_10, NULL);
    return status;
}

static EFI_STATUS EFIAPI exchanged_info(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                        EFI_PROCESSOR_INFORMATION *ret)
{
    const EFI_STATUS status = info_original(this, number, ret);
    const UINTN plain = number & ~CPU_V2_EXTENDED_TOPOLOGY;
    if (!EFI_ERROR(status) && (plain == THE_BSP || plain == THE_AP)) {
        ret->StatusFlag ^= PROCESSOR_AS_BSP;
    }
    return status;
}

EFI_STATUS spoil_mps_bsp(EFI_SYSTEM_TABLE *system)
{
    EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
    EFI_MP_SERVICES_PROTOCOL *mps = NULL;
    EFI_STATUS status = system->BootServices->LocateProtocol(&guid, NULL, (void **)&mps);
    if (EFI_ERROR(status)) {
        return status;
    }
    info_original = mps->GetProcessorInfo;
    status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        *(void **)&mps->GetProcessorInfo = resident(exchanged_info);
    }
    return status;
}

/* PI 1.8 vol. 2, 13.4.7: for good, as with a CPU that failed its self-test. */
/* It stays enabled; only its self-test is said to have failed. */
EFI_STATUS spoil_ap_unhealthy(EFI_SYSTEM_TABLE *system)
{
    EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
    EFI_MP_SERVICES_PROTOCOL *mps = NULL;
    UINT32 health = 0;
    const EFI_STATUS status = system->BootServices->LocateProtocol(&guid, NULL, (void **)&mps);
    return EFI_ERROR(status) ? status : mps->EnableDisableAP(mps, THE_AP, TRUE, &health);
}

EFI_STATUS spoil_ap_disabled(EFI_SYSTEM_TABLE *system)
{
    EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
    EFI_MP_SERVICES_PROTOCOL *mps = NULL;
    const EFI_STATUS status = system->BootServices->LocateProtocol(&guid, NULL, (void **)&mps);
    return EFI_ERROR(status) ? status : mps->EnableDisableAP(mps, THE_AP, FALSE, NULL);
}
