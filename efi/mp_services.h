/* EFI_MP_SERVICES_PROTOCOL, which gnu-efi does not declare, and what is asked of it. */
#ifndef EFI_MP_SERVICES_H
#define EFI_MP_SERVICES_H

#include <stddef.h>

#include <muster/claims.h>

#include "firmware.h"

/* PI 1.8, volume 2, 13.4. */
#define EFI_MP_SERVICES_PROTOCOL_GUID                                                              \
    {                                                                                              \
        0x3fdda605, 0xa76e, 0x4f46,                                                                \
        {                                                                                          \
            0xad, 0x29, 0x12, 0xf4, 0x53, 0x1b, 0x3d, 0x08                                         \
        }                                                                                          \
    }

/* ORed into ProcessorNumber, it asks GetProcessorInfo for ExtendedInformation as well. */
#define CPU_V2_EXTENDED_TOPOLOGY ((UINTN)1 << 24)

enum { PROCESSOR_AS_BSP = 1, PROCESSOR_ENABLED = 2, PROCESSOR_HEALTH_STATUS = 4 };

typedef struct {
    UINT32 Package, Core, Thread;
} EFI_CPU_PHYSICAL_LOCATION;

typedef struct {
    UINT32 Package, Module, Tile, Die, Core, Thread;
} EFI_CPU_PHYSICAL_LOCATION2;

typedef union {
    EFI_CPU_PHYSICAL_LOCATION2 Location2;
} EXTENDED_PROCESSOR_INFORMATION;

typedef struct {
    UINT64 ProcessorId;
    UINT32 StatusFlag;
    EFI_CPU_PHYSICAL_LOCATION Location;
    EXTENDED_PROCESSOR_INFORMATION ExtendedInformation;
} EFI_PROCESSOR_INFORMATION;

_Static_assert(offsetof(EFI_PROCESSOR_INFORMATION, StatusFlag) == 8, "PI 1.8 vol. 2, 13.4.3");
_Static_assert(offsetof(EFI_PROCESSOR_INFORMATION, Location) == 12, "PI 1.8 vol. 2, 13.4.3");
_Static_assert(offsetof(EFI_PROCESSOR_INFORMATION, ExtendedInformation) == 24,
               "PI 1.8 vol. 2, 13.4.3");
_Static_assert(sizeof(EFI_PROCESSOR_INFORMATION) == 48, "PI 1.8 vol. 2, 13.4.3");

typedef struct EFI_MP_SERVICES_PROTOCOL EFI_MP_SERVICES_PROTOCOL;
typedef VOID(EFIAPI *EFI_AP_PROCEDURE)(VOID *Buffer);

struct EFI_MP_SERVICES_PROTOCOL {
    EFI_STATUS(EFIAPI *GetNumberOfProcessors)
    (EFI_MP_SERVICES_PROTOCOL *This, UINTN *NumberOfProcessors, UINTN *NumberOfEnabledProcessors);
    EFI_STATUS(EFIAPI *GetProcessorInfo)
    (EFI_MP_SERVICES_PROTOCOL *This, UINTN ProcessorNumber,
     EFI_PROCESSOR_INFORMATION *ProcessorInfoBuffer);
    EFI_STATUS(EFIAPI *StartupAllAPs)
    (EFI_MP_SERVICES_PROTOCOL *This, EFI_AP_PROCEDURE Procedure, BOOLEAN SingleThread,
     EFI_EVENT WaitEvent, UINTN TimeoutInMicroSeconds, VOID *ProcedureArgument,
     UINTN **FailedCpuList);
    EFI_STATUS(EFIAPI *StartupThisAP)
    (EFI_MP_SERVICES_PROTOCOL *This, EFI_AP_PROCEDURE Procedure, UINTN ProcessorNumber,
     EFI_EVENT WaitEvent, UINTN TimeoutInMicroSeconds, VOID *ProcedureArgument, BOOLEAN *Finished);
    EFI_STATUS(EFIAPI *SwitchBSP)
    (EFI_MP_SERVICES_PROTOCOL *This, UINTN ProcessorNumber, BOOLEAN EnableOldBSP);
    EFI_STATUS(EFIAPI *EnableDisableAP)
    (EFI_MP_SERVICES_PROTOCOL *This, UINTN ProcessorNumber, BOOLEAN EnableAP, UINT32 *HealthFlag);
    EFI_STATUS(EFIAPI *WhoAmI)(EFI_MP_SERVICES_PROTOCOL *This, UINTN *ProcessorNumber);
};

_Static_assert(offsetof(EFI_MP_SERVICES_PROTOCOL, StartupAllAPs) == 16, "PI 1.8 vol. 2, 13.4.1");
_Static_assert(offsetof(EFI_MP_SERVICES_PROTOCOL, WhoAmI) == 48, "PI 1.8 vol. 2, 13.4.1");

/* The protocol, or NULL where firmware has none. BSP. */
EFI_MP_SERVICES_PROTOCOL *mp_services_find(const struct firmware *firmware);

struct mps_lab;

/* Reads what the protocol says of every processor; what it cannot say becomes a note. Where a call
 * does not return, `ret` is as without the protocol. `lab` may be NULL. BSP. */
void mp_services_read(struct mps_lab *lab, struct mps_claims *ret, struct notes *notes);

#endif
