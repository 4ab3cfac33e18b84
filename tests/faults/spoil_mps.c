/* MP Services that lie about who is there, about errors, and about the state they leave. */
#include "spoil_mps.h"

#include "resident.h"

#include <stdbool.h>
#include <stdint.h>

enum { THE_AP = 1, WRONG_AP = 2, NOBODY = 0x63 };

EFI_MP_SERVICES_PROTOCOL mps_original;
EFI_BOOT_SERVICES *mps_boot;

EFI_STATUS mps_replace(EFI_SYSTEM_TABLE *system, size_t offset, void *lie)
{
    EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
    EFI_MP_SERVICES_PROTOCOL *mps = NULL;
    EFI_STATUS status = system->BootServices->LocateProtocol(&guid, NULL, (void **)&mps);
    if (EFI_ERROR(status)) {
        return status;
    }
    mps_original = *mps;
    mps_boot = system->BootServices;
    status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        *(void **)((char *)mps + offset) = resident(lie);
    }
    return status;
}

static EFI_STATUS EFIAPI count_one_more(EFI_MP_SERVICES_PROTOCOL *this, UINTN *total,
                                        UINTN *enabled)
{
    const EFI_STATUS status = mps_original.GetNumberOfProcessors(this, total, enabled);
    if (!EFI_ERROR(status)) {
        *total += 1;
        *enabled += 1;
    }
    return status;
}

EFI_STATUS spoil_mps_count(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, GetNumberOfProcessors, count_one_more);
}

static EFI_STATUS EFIAPI tell_phantom(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                      EFI_PROCESSOR_INFORMATION *ret)
{
    UINTN total = 0, enabled = 0;
    mps_original.GetNumberOfProcessors(this, &total, &enabled);
    if ((number & ~CPU_V2_EXTENDED_TOPOLOGY) != total || ret == NULL) {
        return mps_original.GetProcessorInfo(this, number, ret);
    }
    const EFI_STATUS status =
        mps_original.GetProcessorInfo(this, (total - 1) | (number & CPU_V2_EXTENDED_TOPOLOGY), ret);
    ret->ProcessorId = NOBODY;
    return status;
}

EFI_STATUS spoil_mps_phantom(EFI_SYSTEM_TABLE *system)
{
    const EFI_STATUS status = MPS_REPLACE(system, GetProcessorInfo, tell_phantom);
    return EFI_ERROR(status) ? status : spoil_mps_count(system);
}

static EFI_STATUS EFIAPI tell_wrong_id(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                       EFI_PROCESSOR_INFORMATION *ret)
{
    const EFI_STATUS status = mps_original.GetProcessorInfo(this, number, ret);
    if (!EFI_ERROR(status) && (number & ~CPU_V2_EXTENDED_TOPOLOGY) == THE_AP) {
        ret->ProcessorId = NOBODY;
    }
    return status;
}

EFI_STATUS spoil_mps_apic_id(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, GetProcessorInfo, tell_wrong_id);
}

static EFI_STATUS EFIAPI tell_wrong_number(EFI_MP_SERVICES_PROTOCOL *this, UINTN *number)
{
    const EFI_STATUS status = mps_original.WhoAmI(this, number);
    if (!EFI_ERROR(status) && *number == THE_AP) {
        *number = WRONG_AP;
    }
    return status;
}

EFI_STATUS spoil_mps_who(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, WhoAmI, tell_wrong_number);
}

static EFI_STATUS EFIAPI tell_wrong_error(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                          EFI_PROCESSOR_INFORMATION *ret)
{
    const EFI_STATUS status = mps_original.GetProcessorInfo(this, number, ret);
    return status == EFI_NOT_FOUND ? EFI_INVALID_PARAMETER : status;
}

EFI_STATUS spoil_mps_error(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, GetProcessorInfo, tell_wrong_error);
}

static EFI_STATUS EFIAPI serve_aps(EFI_MP_SERVICES_PROTOCOL *this, UINTN *total, UINTN *enabled)
{
    const EFI_STATUS status = mps_original.GetNumberOfProcessors(this, total, enabled);
    return status == EFI_DEVICE_ERROR ? EFI_SUCCESS : status;
}

EFI_STATUS spoil_mps_from_ap(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, GetNumberOfProcessors, serve_aps);
}

static EFI_STATUS EFIAPI leave_if_off(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                      EFI_PROCESSOR_INFORMATION *ret)
{
    const EFI_STATUS status = mps_original.GetProcessorInfo(this, number, ret);
    if (EFI_ERROR(status)) {
        __asm__ volatile("cli" : : : "memory");
    }
    return status;
}

EFI_STATUS spoil_mps_if_off(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, GetProcessorInfo, leave_if_off);
}

/* QEMU's APIC is where it is after reset, in xAPIC mode. */
static EFI_STATUS EFIAPI mask_lint1(EFI_MP_SERVICES_PROTOCOL *this, UINTN *total, UINTN *enabled)
{
    volatile uint32_t *const lint1 = (volatile uint32_t *)(uintptr_t)0xfee00360;
    const EFI_STATUS status = mps_original.GetNumberOfProcessors(this, total, enabled);
    if (status == EFI_INVALID_PARAMETER) {
        *lint1 |= 1 << 16;
    }
    return status;
}

EFI_STATUS spoil_mps_lvt(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, GetNumberOfProcessors, mask_lint1);
}

static EFI_STATUS EFIAPI ignore_disable(EFI_MP_SERVICES_PROTOCOL *this, UINTN number, BOOLEAN on,
                                        UINT32 *health)
{
    EFI_PROCESSOR_INFORMATION info;
    const EFI_STATUS status = mps_original.GetProcessorInfo(this, number, &info);
    if (EFI_ERROR(status) || (info.StatusFlag & PROCESSOR_AS_BSP)) {
        return mps_original.EnableDisableAP(this, number, on, health);
    }
    return EFI_SUCCESS;
}

EFI_STATUS spoil_mps_no_disable(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, EnableDisableAP, ignore_disable);
}

static EFI_STATUS EFIAPI leave_tpl_raised(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                          BOOLEAN enable_old)
{
    const EFI_STATUS status = mps_original.SwitchBSP(this, number, enable_old);
    mps_boot->RaiseTPL(TPL_CALLBACK);
    return status;
}

EFI_STATUS spoil_mps_switch_tpl(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, SwitchBSP, leave_tpl_raised);
}
