/* MP Services that say they know CPU_V2_EXTENDED_TOPOLOGY, and do not. */
#include "spoil_mps.h"

#include "resident.h"

static EFI_STATUS EFIAPI tell_bare(EFI_MP_SERVICES_PROTOCOL *this, UINTN number,
                                   EFI_PROCESSOR_INFORMATION *ret)
{
    EFI_PROCESSOR_INFORMATION full;
    const EFI_STATUS status =
        mps_original.GetProcessorInfo(this, number & ~CPU_V2_EXTENDED_TOPOLOGY, &full);
    if (ret == NULL) {
        return mps_original.GetProcessorInfo(this, number, ret);
    }
    if (!EFI_ERROR(status)) {
        ret->ProcessorId = full.ProcessorId;
        ret->StatusFlag = full.StatusFlag;
        ret->Location = full.Location;
    }
    return status;
}

EFI_STATUS spoil_mps_bare(EFI_SYSTEM_TABLE *system)
{
    return MPS_REPLACE(system, GetProcessorInfo, tell_bare);
}
