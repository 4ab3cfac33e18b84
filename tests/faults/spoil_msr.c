/* MSRs of one AP, changed by a procedure that runs on it (PI 1.8 vol. 2, 13.4.6): INIT leaves all
 * of these as they are. */
#include "mp_services.h"
#include "spoil.h"

enum {
    THE_AP = 1, /* the number that MP Services give it */
    MSR_MCG_STATUS = 0x17a,
    MSR_PAT = 0x277,
    MSR_MC3_CTL = 0x40c,
    MSR_MC3_STATUS = 0x40d,
    MSR_MC3_ADDR = 0x40e,
    WRITES_MAX = 2,
};

#define PAT_CHANGED UINT64_C(0x0007040600010406) /* entry 2 is write-combining */
#define MCG_MCIP    UINT64_C(0x4)
/* VAL, UC, EN, ADDRV, PCC; memory controller, read, channel 1 */
#define MEMORY_LOST UINT64_C(0xb600000000000091)
/* VAL, OVER, EN; data read from the L2 cache */
#define CACHE_MENDED UINT64_C(0xd000000000000136)

struct msr_write {
    uint32_t msr;
    uint64_t value;
};

struct msr_writes {
    uint32_t count;
    struct msr_write list[WRITES_MAX];
};

static VOID EFIAPI write_all(VOID *argument)
{
    const struct msr_writes *writes = argument;
    for (uint32_t n = 0; n < writes->count; n++) {
        const uint64_t value = writes->list[n].value;
        __asm__ volatile("wrmsr"
                         :
                         : "c"(writes->list[n].msr), "a"((uint32_t)value),
                           "d"((uint32_t)(value >> 32))
                         : "memory");
    }
}

static EFI_STATUS write_on_ap(EFI_SYSTEM_TABLE *system, struct msr_writes *writes)
{
    EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
    EFI_MP_SERVICES_PROTOCOL *mps = NULL;
    const EFI_STATUS status = system->BootServices->LocateProtocol(&guid, NULL, (void **)&mps);
    return EFI_ERROR(status) ? status
                             : mps->StartupThisAP(mps, write_all, THE_AP, NULL, 0, writes, NULL);
}

EFI_STATUS spoil_pat(EFI_SYSTEM_TABLE *system)
{
    struct msr_writes writes = {1, {{MSR_PAT, PAT_CHANGED}}};
    return write_on_ap(system, &writes);
}

EFI_STATUS spoil_mca(EFI_SYSTEM_TABLE *system)
{
    struct msr_writes writes = {2, {{MSR_MC3_STATUS, MEMORY_LOST}, {MSR_MC3_ADDR, 0x12345000}}};
    return write_on_ap(system, &writes);
}

EFI_STATUS spoil_mca_corrected(EFI_SYSTEM_TABLE *system)
{
    struct msr_writes writes = {1, {{MSR_MC3_STATUS, CACHE_MENDED}}};
    return write_on_ap(system, &writes);
}

EFI_STATUS spoil_mcip(EFI_SYSTEM_TABLE *system)
{
    struct msr_writes writes = {1, {{MSR_MCG_STATUS, MCG_MCIP}}};
    return write_on_ap(system, &writes);
}

EFI_STATUS spoil_mca_off(EFI_SYSTEM_TABLE *system)
{
    struct msr_writes writes = {1, {{MSR_MC3_CTL, 0}}};
    return write_on_ap(system, &writes);
}
