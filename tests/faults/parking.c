#include "parking.h"

#include <stdbool.h>

#include <muster/memory.h>

enum {
    PAGE = 4096,
    LOW_LAST = 0xfffff,
    TABLE_PAGES = 7, /* PML5, PML4, one table of 1 GiB entries, four of 2 MiB entries */
    GIB_MAPPED = 4,
    ENTRIES = 512,
    CALIBRATION_US = 2000,
    INIT_DELAY_US = 10000, /* MP specification 1.4, B.4 */
    SIPI_DELAY_US = 200,
    COMING_US = 1000000,
};

/* Page table entries (SDM vol. 3A, tables 4-15 to 4-19). */
#define PRESENT_WRITABLE UINT64_C(0x003)
#define LARGE_PAGE       UINT64_C(0x080)
#define LARGE_PAGE_SHIFT 21

#define CR4_PAE  (UINT64_C(1) << 5)
#define CR4_LA57 (UINT64_C(1) << 12)

/* SDM vol. 3A, 11.6.1: the interrupt command register, to all but the sender */
enum {
    ICR_XAPIC = 0x300,
    ICR_X2APIC_MSR = 0x830,
    ICR_INIT = 0xc4500,
    ICR_SIPI = 0xc4600,
    APIC_BASE_MSR = 0x1b,
    APIC_BASE_X2APIC = 1 << 10,
};

/* parking_ap.S: the code, and the words in it that are filled here. */
extern const uint8_t parking_code[], parking_code_end[];
extern const uint8_t parking_page[], parking_cr3[], parking_cr4[], parking_count[], parking_deaf[],
    parking_cached[], parking_guarded[], parking_mailbox[], parking_gdt[], parking_to_protected[],
    parking_to_long[];

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

static uint64_t tsc_read(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
}

static uint64_t cr4_read(void)
{
    uint64_t value;
    __asm__ volatile("mov %%cr4, %0" : "=r"(value));
    return value;
}

static EFI_STATUS take(EFI_BOOT_SERVICES *boot, EFI_MEMORY_TYPE type, UINTN pages, uint64_t last,
                       uint64_t *ret)
{
    EFI_PHYSICAL_ADDRESS at = last;
    const EFI_STATUS status = boot->AllocatePages(AllocateMaxAddress, type, pages, &at);
    if (!EFI_ERROR(status)) {
        memset((void *)(uintptr_t)at, 0, pages * PAGE);
        *ret = at;
    }
    return status;
}

/* Identity-maps the first 4 GiB in as many levels as the BSP uses: an AP cannot change their number
 * without leaving 64-bit mode, so muster could not either. Returns the root. */
static uint64_t map_4_gib(uint64_t tables)
{
    uint64_t *level5 = (void *)(uintptr_t)tables;
    uint64_t *level4 = level5 + ENTRIES, *level3 = level4 + ENTRIES, *level2 = level3 + ENTRIES;
    level5[0] = (uintptr_t)level4 | PRESENT_WRITABLE;
    level4[0] = (uintptr_t)level3 | PRESENT_WRITABLE;
    for (uint64_t n = 0; n < GIB_MAPPED; n++) {
        level3[n] = (uintptr_t)(level2 + n * ENTRIES) | PRESENT_WRITABLE;
    }
    for (uint64_t n = 0; n < GIB_MAPPED * ENTRIES; n++) {
        level2[n] = n << LARGE_PAGE_SHIFT | LARGE_PAGE | PRESENT_WRITABLE;
    }
    return (uintptr_t)(cr4_read() & CR4_LA57 ? level5 : level4);
}

/* A word of the copied code. */
static volatile uint32_t *word_of(const struct parking *parking, const uint8_t *label)
{
    return (volatile uint32_t *)(uintptr_t)(parking->page + (uint64_t)(label - parking_code));
}

static void fill_code(const struct parking *parking, uint64_t root, const struct parking_odd *odd)
{
    const uint32_t page = (uint32_t)parking->page;
    memcpy((void *)(uintptr_t)parking->page, parking_code,
           (size_t)(parking_code_end - parking_code));
    *word_of(parking, parking_page) = page;
    *word_of(parking, parking_gdt) += page;
    *word_of(parking, parking_to_protected) += page;
    *word_of(parking, parking_to_long) += page;
    *word_of(parking, parking_cr3) = (uint32_t)root;
    *word_of(parking, parking_cr4) = (uint32_t)(CR4_PAE | (cr4_read() & CR4_LA57));
    *word_of(parking, parking_mailbox) = (uint32_t)parking->mailbox;
    *word_of(parking, parking_deaf) = odd->deaf;
    *word_of(parking, parking_cached) = odd->cached;
    *word_of(parking, parking_guarded) = odd->guarded;
}

static uint64_t ticks_each_us(EFI_BOOT_SERVICES *boot)
{
    const uint64_t begin = tsc_read();
    boot->Stall(CALIBRATION_US);
    return (tsc_read() - begin) / CALIBRATION_US + 1;
}

EFI_STATUS parking_lay(EFI_SYSTEM_TABLE *system, uint32_t aps, const struct parking_odd *odd,
                       struct parking *ret)
{
    EFI_BOOT_SERVICES *boot = system->BootServices;
    uint64_t tables = 0;
    *ret = (struct parking){.aps = aps, .ticks_each_us = ticks_each_us(boot)};
    EFI_STATUS status = take(boot, EfiReservedMemoryType, 1, LOW_LAST, &ret->page);
    if (!EFI_ERROR(status)) {
        status = take(boot, EfiReservedMemoryType, TABLE_PAGES, UINT32_MAX, &tables);
    }
    if (!EFI_ERROR(status)) {
        status = take(boot, EfiACPIMemoryNVS, 1, UINT32_MAX, &ret->mailbox);
    }
    if (!EFI_ERROR(status)) {
        fill_code(ret, map_4_gib(tables), odd);
    }
    return status;
}

static void delay(const struct parking *parking, uint64_t us)
{
    const uint64_t begin = tsc_read();
    while (tsc_read() - begin < us * parking->ticks_each_us) {
        __asm__ volatile("pause");
    }
}

static void send_to_all(uint32_t command)
{
    const uint64_t base = msr_read(APIC_BASE_MSR);
    if (base & APIC_BASE_X2APIC) {
        msr_write(ICR_X2APIC_MSR, command);
        return;
    }
    *(volatile uint32_t *)(uintptr_t)((base & ~UINT64_C(0xfff)) + ICR_XAPIC) = command;
}

void parking_call(const struct parking *parking)
{
    const uint32_t sipi = ICR_SIPI | (uint32_t)(parking->page / PAGE);
    send_to_all(ICR_INIT);
    delay(parking, INIT_DELAY_US);
    send_to_all(sipi);
    delay(parking, SIPI_DELAY_US);
    send_to_all(sipi);
    for (uint32_t us = 0; us < COMING_US && *word_of(parking, parking_count) < parking->aps;
         us += SIPI_DELAY_US) {
        delay(parking, SIPI_DELAY_US);
    }
}
