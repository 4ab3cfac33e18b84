/* CPUs handed over in another state than their neighbours, or than the specification has it. What
 * is set on an AP is what INIT leaves alone: under QEMU, XCR0 and IA32_MISC_ENABLE among others. */
#include "mp_services.h"
#include "spoil.h"

#include <stdint.h>

enum { THE_AP = 1, MSR_APIC_BASE = 0x1b, MSR_MISC_ENABLE = 0x1a0 };

#define CR4_OSXSAVE       (UINT64_C(1) << 18)
#define APIC_BASE_X2APIC  (UINT64_C(1) << 10)
#define MISC_ENABLE_MWAIT (UINT64_C(1) << 18)
#define XCR0_X87_SSE      3
#define DR7_BREAKPOINT_0  0x401

static uint64_t msr_read(uint32_t msr)
{
    uint32_t low, high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return (uint64_t)high << 32 | low;
}

static void msr_write(uint32_t msr, uint64_t value)
{
    __asm__ volatile("wrmsr"
                     :
                     : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
                     : "memory");
}

static EFI_STATUS on_the_ap(EFI_SYSTEM_TABLE *system, EFI_AP_PROCEDURE procedure)
{
    EFI_GUID guid = EFI_MP_SERVICES_PROTOCOL_GUID;
    EFI_MP_SERVICES_PROTOCOL *mps = NULL;
    const EFI_STATUS status = system->BootServices->LocateProtocol(&guid, NULL, (void **)&mps);
    return EFI_ERROR(status) ? status
                             : mps->StartupThisAP(mps, procedure, THE_AP, NULL, 0, NULL, NULL);
}

static VOID EFIAPI set_misc_enable(VOID *argument)
{
    (void)argument;
    msr_write(MSR_MISC_ENABLE, msr_read(MSR_MISC_ENABLE) ^ MISC_ENABLE_MWAIT);
}

EFI_STATUS spoil_ap_misc_enable(EFI_SYSTEM_TABLE *system)
{
    return on_the_ap(system, set_misc_enable);
}

static VOID EFIAPI set_xcr0(VOID *argument)
{
    uint64_t cr4;
    (void)argument;
    __asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
    __asm__ volatile("mov %0, %%cr4" : : "r"(cr4 | CR4_OSXSAVE));
    __asm__ volatile("xsetbv" : : "c"(0), "a"(XCR0_X87_SSE), "d"(0));
    __asm__ volatile("mov %0, %%cr4" : : "r"(cr4));
}

EFI_STATUS spoil_ap_xcr0(EFI_SYSTEM_TABLE *system)
{
    return on_the_ap(system, set_xcr0);
}

static void use_x2apic(void)
{
    msr_write(MSR_APIC_BASE, msr_read(MSR_APIC_BASE) | APIC_BASE_X2APIC);
}

static VOID EFIAPI set_x2apic(VOID *argument)
{
    (void)argument;
    use_x2apic();
}

EFI_STATUS spoil_ap_x2apic(EFI_SYSTEM_TABLE *system)
{
    return on_the_ap(system, set_x2apic);
}

/* Firmware's APIC library looks at the mode each time; the APs stay as they are. */
EFI_STATUS spoil_bsp_x2apic(EFI_SYSTEM_TABLE *system)
{
    (void)system;
    use_x2apic();
    return EFI_SUCCESS;
}

/* At address 0, where nobody fetches. */
EFI_STATUS spoil_bsp_dr7(EFI_SYSTEM_TABLE *system)
{
    (void)system;
    __asm__ volatile("mov %0, %%dr0" : : "r"(UINT64_C(0)));
    __asm__ volatile("mov %0, %%dr7" : : "r"((uint64_t)DR7_BREAKPOINT_0));
    return EFI_SUCCESS;
}
