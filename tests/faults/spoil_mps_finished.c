/* MP Services that call an AP done when its time is up. */
#include "spoil_mps.h"

#include "resident.h"

static EFI_STATUS EFIAPI call_it_done(EFI_MP_SERVICES_PROTOCOL *this, EFI_AP_PROCEDURE procedure,
                                      UINTN number, EFI_EVENT event, UINTN timeout_us,
                                      void *argument, BOOLEAN *finished)
{
    const EFI_STATUS status =
        mps_original.StartupThisAP(this, procedure, number, event, timeout_us, argument,
                                   event != NULL && timeout_us != 0 ? NULL : finished);
    if (!EFI_ERROR(status) && event != NULL && timeout_us != 0 && finished != NULL) {
        *finished = TRUE;
    }
    return status;
}

EFI_STATUS spoil_mps_finished(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, StartupThisAP, call_it_done);
}
