/* A firmware that hands over in 5-level paging, as one does that has more memory than 4 levels can
 * reach. The switch is the last thing that ExitBootServices() does: before, this firmware restarts
 * its APs in as many levels as the BSP uses and then has them load the CR3 and CR4 that it saved at
 * its own start, which are those of 4 levels. */
#include "resident.h"
#include "services.h"
#include "spoil.h"
#include "words.h"

#include <stdbool.h>
#include <stdint.h>

#include <muster/memory.h>

enum { PAGE = 4096 };

/* SDM vol. 3A, table 4-13 */
#define PRESENT_WRITABLE UINT64_C(0x003)
#define TABLE_ADDRESS    UINT64_C(0x000ffffffffff000)

#define CR4_LA57 (UINT64_C(1) << 12)

/* SDM vol. 2A, CPUID: leaf 7, ECX */
enum { LEAF_FEATURES = 7, FEATURE_LA57 = 1 << 16 };

/* spoil_paging_code.S */
typedef void paging_switch(uint32_t root);
extern const uint8_t paging_code[], paging_code_end[];

/* Used by the resident copy. */
static EFI_EXIT_BOOT_SERVICES exit_original;
static paging_switch *switch_levels;
static uint64_t *level5;

static uint64_t cr3_read(void)
{
    uint64_t value;
    __asm__ volatile("mov %%cr3, %0" : "=r"(value));
    return value;
}

static uint64_t cr4_read(void)
{
    uint64_t value;
    __asm__ volatile("mov %%cr4, %0" : "=r"(value));
    return value;
}

static bool offers_la57(void)
{
    uint32_t last, ebx, ecx, edx, leaf = LEAF_FEATURES;
    __asm__("cpuid" : "=a"(last), "=b"(ebx), "=c"(ecx), "=d"(edx) : "a"(0), "c"(0));
    if (last < LEAF_FEATURES) {
        return false;
    }
    __asm__("cpuid" : "+a"(leaf), "=b"(ebx), "=c"(ecx), "=d"(edx) : "c"(0));
    return ecx & FEATURE_LA57;
}

static void *take(EFI_SYSTEM_TABLE *system, EFI_MEMORY_TYPE type)
{
    EFI_PHYSICAL_ADDRESS at = UINT32_MAX;
    if (EFI_ERROR(system->BootServices->AllocatePages(AllocateMaxAddress, type, 1, &at))) {
        return NULL;
    }
    memset((void *)(uintptr_t)at, 0, PAGE);
    return (void *)(uintptr_t)at;
}

/* One level above firmware's own tables, whatever they are by now. */
static EFI_STATUS EFIAPI exit_in_5_levels(EFI_HANDLE image, UINTN map_key)
{
    const EFI_STATUS status = exit_original(image, map_key);
    if (!EFI_ERROR(status)) {
        level5[0] = (cr3_read() & TABLE_ADDRESS) | PRESENT_WRITABLE;
        switch_levels((uint32_t)(uintptr_t)level5);
    }
    return status;
}

static EFI_STATUS hook_exit(EFI_SYSTEM_TABLE *system)
{
    EFI_BOOT_SERVICES *boot = system->BootServices;
    exit_original = boot->ExitBootServices;
    const EFI_STATUS status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        boot->ExitBootServices = (EFI_EXIT_BOOT_SERVICES)(uintptr_t)resident(exit_in_5_levels);
        services_seal(boot);
    }
    return status;
}

EFI_STATUS spoil_la57(EFI_SYSTEM_TABLE *system)
{
    if (!offers_la57()) {
        say(system, "spoil", "la57", "this CPU offers 4 levels only");
        return EFI_UNSUPPORTED;
    }
    if (cr4_read() & CR4_LA57) {
        say(system, "spoil", "la57", "this firmware uses 5 levels already");
        return EFI_ALREADY_STARTED;
    }
    void *code = take(system, EfiBootServicesCode);
    level5 = take(system, EfiReservedMemoryType);
    if (code == NULL || level5 == NULL) {
        return EFI_OUT_OF_RESOURCES;
    }
    memcpy(code, paging_code, (size_t)(paging_code_end - paging_code));
    switch_levels = (paging_switch *)(uintptr_t)code;
    return hook_exit(system);
}
