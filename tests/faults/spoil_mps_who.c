/* MP Services that lie about who is who, and those that do not answer who is there. */
#include "spoil_mps.h"

#include <stdint.h>

static EFI_STATUS EFIAPI count_one_less(EFI_MP_SERVICES_PROTOCOL *this, UINTN *total,
                                        UINTN *enabled)
{
    const EFI_STATUS status = mps_original.GetNumberOfProcessors(this, total, enabled);
    if (!EFI_ERROR(status)) {
        *total -= 1;
        *enabled -= 1;
    }
    return status;
}

EFI_STATUS spoil_mps_short(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, GetNumberOfProcessors, count_one_less);
}

/* The boot CPU is processor 0 under EDK II. */
static EFI_STATUS EFIAPI tell_swapped(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                      EFI_PROCESSOR_INFORMATION *ret)
{
    const EFI_STATUS status = mps_original.GetProcessorInfo(this, number, ret);
    const UINTN plain = number & ~CPU_V2_EXTENDED_TOPOLOGY;
    EFI_PROCESSOR_INFORMATION other;
    if (!EFI_ERROR(status) && plain <= 1 &&
        !EFI_ERROR(mps_original.GetProcessorInfo(this, 1 - plain, &other))) {
        ret->ProcessorId = other.ProcessorId;
    }
    return status;
}

EFI_STATUS spoil_mps_swap(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, GetProcessorInfo, tell_swapped);
}

static EFI_STATUS EFIAPI refuse_disable(EFI_MP_SERVICES_PROTOCOL *this, UINTN number, BOOLEAN on,
                                        UINT32 *health)
{
    (void)this;
    (void)number;
    (void)on;
    (void)health;
    return EFI_UNSUPPORTED;
}

EFI_STATUS spoil_mps_no_enable(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, EnableDisableAP, refuse_disable);
}

static EFI_STATUS EFIAPI count_hangs(EFI_MP_SERVICES_PROTOCOL *this, UINTN *total, UINTN *enabled)
{
    (void)total;
    (void)enabled;
    while (this != NULL) {
        __asm__ volatile("pause");
    }
    return EFI_DEVICE_ERROR;
}

EFI_STATUS spoil_mps_count_hang(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, GetNumberOfProcessors, count_hangs);
}

static EFI_STATUS EFIAPI info_hangs(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                    EFI_PROCESSOR_INFORMATION *ret)
{
    (void)number;
    (void)ret;
    while (this != NULL) {
        __asm__ volatile("pause");
    }
    return EFI_DEVICE_ERROR;
}

EFI_STATUS spoil_mps_info_hang(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, GetProcessorInfo, info_hangs);
}

static EFI_STATUS EFIAPI info_hangs_off(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                        EFI_PROCESSOR_INFORMATION *ret)
{
    (void)number;
    (void)ret;
    while (this != NULL) {
        __asm__ volatile("cli\n\thlt");
    }
    return EFI_DEVICE_ERROR;
}

EFI_STATUS spoil_mps_info_off(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, GetProcessorInfo, info_hangs_off);
}
