/* MP Services that keep the specification, and let no timer event in while they wait for APs. */
#include "spoil_mps.h"

#include <stdint.h>

static EFI_STATUS EFIAPI all_at_notify(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                       BOOLEAN one_by_one, EFI_EVENT event, UINTN timeout,
                                       VOID *argument, UINTN **failed)
{
    const EFI_TPL tpl = mps_boot->RaiseTPL(TPL_NOTIFY);
    const EFI_STATUS status =
        mps_original.StartupAllAPs(this, procedure, one_by_one, event, timeout, argument, failed);
    mps_boot->RestoreTPL(tpl);
    return status;
}

EFI_STATUS spoil_mps_quiet(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_at_notify);
}

static EFI_STATUS EFIAPI all_with_if_off(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                         BOOLEAN one_by_one, EFI_EVENT event, UINTN timeout,
                                         VOID *argument, UINTN **failed)
{
    uint64_t flags;
    __asm__ volatile("pushfq\n\tpop %0\n\tcli" : "=r"(flags) : : "memory");
    const EFI_STATUS status =
        mps_original.StartupAllAPs(this, procedure, one_by_one, event, timeout, argument, failed);
    __asm__ volatile("push %0\n\tpopfq" : : "r"(flags) : "memory", "cc");
    return status;
}

EFI_STATUS spoil_mps_quiet_off(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupAllAPs, all_with_if_off);
}
