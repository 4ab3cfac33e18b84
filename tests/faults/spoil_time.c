/* A firmware that leaves one CPU's time-stamp counter apart from the others', or a machine without
 * a PM timer. */
#include "mp_services.h"
#include "spoil.h"
#include "tables.h"

enum { THE_AP = 1, IA32_TSC = 0x10 };

/* Ticks ahead: far more than any round trip, and less than a run takes. */
#define AHEAD UINT64_C(5000000)

/* On the AP. Where the CPU has IA32_TSC_ADJUST, that changes with it (SDM vol. 3B, 18.17.3). */
static void EFIAPI shift_tsc(void *unused)
{
    UINT32 low, high;
    (void)unused;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    const UINT64 tsc = ((UINT64)high << 32 | low) + AHEAD;
    __asm__ volatile("wrmsr" : : "c"(IA32_TSC), "a"((UINT32)tsc), "d"((UINT32)(tsc >> 32)));
}

EFI_STATUS spoil_tsc_ahead(EFI_SYSTEM_TABLE *system)
{
    EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
    EFI_MP_SERVICES_PROTOCOL *mps = NULL;
    const EFI_STATUS status = system->BootServices->LocateProtocol(&guid, NULL, (void **)&mps);
    return EFI_ERROR(status) ? status
                             : mps->StartupThisAP(mps, shift_tsc, THE_AP, NULL, 0, NULL, NULL);
}

/* ACPI 6.5, table 5.9: the fixed feature flags, and table 5.10: HW_REDUCED_ACPI. Such a machine has
 * no ACPI hardware with registers of its own (4.1). */
EFI_STATUS spoil_no_pm_timer(EFI_SYSTEM_TABLE *system)
{
    enum { FLAGS = 112, HW_REDUCED_ACPI = 20 };
    struct acpi_header *fadt = acpi_copy(system, "FACP", 0);
    if (fadt == NULL || fadt->length < FLAGS + 4) {
        return EFI_NOT_FOUND;
    }
    ((uint8_t *)fadt)[FLAGS + HW_REDUCED_ACPI / 8] |= 1 << HW_REDUCED_ACPI % 8;
    acpi_seal(fadt);
    return acpi_publish(system, fadt);
}
