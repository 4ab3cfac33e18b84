/* Interrupts that firmware leaves behind: on the BSP's local APIC as it leaves boot services, on
 * the I/O APIC, and in what the MADT says of both. */
#include "resident.h"
#include "services.h"
#include "spoil.h"
#include "tables.h"

#include <stdint.h>

enum {
    APIC_BASE_MSR = 0x1b,
    APIC_ICR = 0x300,
    APIC_LVT_TIMER = 0x320,
    APIC_TIMER_INITIAL = 0x380,
    APIC_TIMER_DIVIDE = 0x3e0,
    DIVIDE_BY_128 = 0xa,
    TIMER_PERIODIC = 1 << 17,
    TIMER_VECTOR = 0x20,
    TO_ITSELF = 1 << 18 | 1 << 14, /* shorthand, assert */
    LEFT_VECTOR = 0x51,
    GATE_PRESENT_INTERRUPT = 0x8e00,
    IOAPIC = 0xfec00000,
    IOAPIC_ENTRY_13 = 0x10 + 2 * 13, /* the coprocessor's: nothing raises it */
    ENTRY_LEVEL = 1 << 15,
    ENTRY_VECTOR = 0x61,
    MADT_IOAPIC = 1,
    MADT_LOCAL_NMI = 4,
    NOWHERE = 0xfed80000,
    IN_MEMORY = 0x200000,
};

enum leftover { LEAVE_TIMER, LEAVE_PENDING, LEAVE_IN_SERVICE };

/* Used by the resident copy. */
static EFI_EXIT_BOOT_SERVICES exit_original;
static enum leftover leftover;

static void apic_write(uint32_t offset, uint32_t value)
{
    uint32_t low, high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(APIC_BASE_MSR));
    *(volatile uint32_t *)(uintptr_t)((low & ~0xfffu) + offset) = value;
}

/* Counts for minutes before it would come. */
static void leave_timer(void)
{
    apic_write(APIC_TIMER_DIVIDE, DIVIDE_BY_128);
    apic_write(APIC_LVT_TIMER, TIMER_PERIODIC | TIMER_VECTOR);
    apic_write(APIC_TIMER_INITIAL, UINT32_MAX);
}

/* Interrupts are off: it stays in the IRR. */
static void leave_pending(void)
{
    apic_write(APIC_ICR, TO_ITSELF | LEFT_VECTOR);
}

/* A handler that forgets the end of interrupt. */
__attribute__((naked)) static void forgetful(void)
{
    __asm__ volatile("iretq");
}

struct gate {
    uint16_t offset_low, selector, flags, offset_middle;
    uint32_t offset_high, reserved;
};

static void set_gate(struct gate *gate, uint64_t handler)
{
    uint16_t selector;
    __asm__ volatile("mov %%cs, %0" : "=r"(selector));
    *gate = (struct gate){
        .offset_low = (uint16_t)handler,
        .selector = selector,
        .flags = GATE_PRESENT_INTERRUPT,
        .offset_middle = (uint16_t)(handler >> 16),
        .offset_high = (uint32_t)(handler >> 32),
    };
}

static void leave_in_service(void)
{
    struct {
        uint16_t limit;
        uint64_t base;
    } __attribute__((packed)) idtr;
    __asm__ volatile("sidt %0" : "=m"(idtr));
    set_gate((struct gate *)(uintptr_t)idtr.base + LEFT_VECTOR, (uintptr_t)forgetful);
    leave_pending();
    __asm__ volatile("sti; nop; nop; cli" : : : "memory");
}

static EFI_STATUS EFIAPI exit_and_leave(EFI_HANDLE image, UINTN map_key)
{
    const EFI_STATUS status = exit_original(image, map_key);
    if (EFI_ERROR(status)) {
        return status;
    }
    if (leftover == LEAVE_TIMER) {
        leave_timer();
    } else if (leftover == LEAVE_PENDING) {
        leave_pending();
    } else {
        leave_in_service();
    }
    return status;
}

static EFI_STATUS leave_behind(EFI_SYSTEM_TABLE *system, enum leftover what)
{
    EFI_BOOT_SERVICES *boot = system->BootServices;
    exit_original = boot->ExitBootServices;
    leftover = what;
    const EFI_STATUS status = resident_copy(system);
    if (!EFI_ERROR(status)) {
        boot->ExitBootServices = (EFI_EXIT_BOOT_SERVICES)(uintptr_t)resident(exit_and_leave);
        services_seal(boot);
    }
    return status;
}

EFI_STATUS spoil_timer(EFI_SYSTEM_TABLE *system)
{
    return leave_behind(system, LEAVE_TIMER);
}

EFI_STATUS spoil_pending(EFI_SYSTEM_TABLE *system)
{
    return leave_behind(system, LEAVE_PENDING);
}

EFI_STATUS spoil_in_service(EFI_SYSTEM_TABLE *system)
{
    return leave_behind(system, LEAVE_IN_SERVICE);
}

EFI_STATUS spoil_ioapic_live(EFI_SYSTEM_TABLE *system)
{
    volatile uint32_t *select = (volatile uint32_t *)(uintptr_t)IOAPIC;
    (void)system;
    select[0] = IOAPIC_ENTRY_13;
    select[4] = ENTRY_LEVEL | ENTRY_VECTOR;
    return EFI_SUCCESS;
}

static EFI_STATUS move_ioapic(EFI_SYSTEM_TABLE *system, uint32_t address)
{
    struct madt *madt = madt_copy(system, 0);
    uint8_t *entry = madt != NULL ? madt_find(madt, MADT_IOAPIC, NULL) : NULL;
    if (entry == NULL) {
        return EFI_NOT_FOUND;
    }
    *(uint32_t *)(void *)(entry + 4) = address;
    madt_seal(madt);
    return madt_publish(system, madt);
}

EFI_STATUS spoil_ioapic_gone(EFI_SYSTEM_TABLE *system)
{
    return move_ioapic(system, NOWHERE);
}

EFI_STATUS spoil_ioapic_memory(EFI_SYSTEM_TABLE *system)
{
    return move_ioapic(system, IN_MEMORY);
}

EFI_STATUS spoil_madt_lint(EFI_SYSTEM_TABLE *system)
{
    struct madt *madt = madt_copy(system, 0);
    uint8_t *entry = madt != NULL ? madt_find(madt, MADT_LOCAL_NMI, NULL) : NULL;
    if (entry == NULL) {
        return EFI_NOT_FOUND;
    }
    entry[5] = 0;
    madt_seal(madt);
    return madt_publish(system, madt);
}
