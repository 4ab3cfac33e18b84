/* The state of the BSP that no call may change. */
#include "mps_lab.h"
#include "processor.h"

enum { IA32_APIC_BASE = 0x1b, X2APIC_MSRS = 0x800 };
#define APIC_BASE_X2APIC  (UINT64_C(1) << 10)
#define APIC_BASE_ENABLED (UINT64_C(1) << 11)
#define APIC_BASE_ADDRESS UINT64_C(0xffffffffff000)

/* Offsets of xAPIC registers (SDM vol. 3A, table 11-1); a sixteenth of it, above X2APIC_MSRS, is
 * the MSR. */
enum { APIC_VERSION = 0x30, APIC_EOI = 0xb0, APIC_ISR = 0x100, APIC_ISR_LAST = 0x170 };

/* An in-service vector for each priority class (SDM vol. 3A, 11.8.4). */
enum { NESTED_MAX = 16 };

static const uint16_t offsets[MPS_STATE_PARTS] = {
    [MPS_STATE_LVT_TIMER] = 0x320,   [MPS_STATE_LVT_THERMAL] = 0x330,
    [MPS_STATE_LVT_PERF] = 0x340,    [MPS_STATE_LVT_LINT0] = 0x350,
    [MPS_STATE_LVT_LINT1] = 0x360,   [MPS_STATE_LVT_ERROR] = 0x370,
    [MPS_STATE_TIMER_COUNT] = 0x380, [MPS_STATE_TIMER_DIVIDE] = 0x3e0,
};

/* Delivery status and remote IRR come and go by themselves. */
#define LVT_STEADY     UINT64_C(0xffffafff)
#define LVT_TIMER_MODE UINT64_C(0x60000)
#define LVT_PERIODIC   UINT64_C(0x20000)
#define RFLAGS_IF      UINT64_C(0x200)

static uint64_t apic_base(void)
{
    return processor_rdmsr(IA32_APIC_BASE);
}

static uint32_t apic_read(uint32_t offset)
{
    const uint64_t base = apic_base();
    if (base & APIC_BASE_X2APIC) {
        return (uint32_t)processor_rdmsr(X2APIC_MSRS + offset / 16);
    }
    return *(volatile uint32_t *)(uintptr_t)((base & APIC_BASE_ADDRESS) + offset);
}

static void apic_write(uint32_t offset, uint32_t value)
{
    const uint64_t base = apic_base();
    if (base & APIC_BASE_X2APIC) {
        processor_wrmsr(X2APIC_MSRS + offset / 16, value);
    } else {
        *(volatile uint32_t *)(uintptr_t)((base & APIC_BASE_ADDRESS) + offset) = value;
    }
}

/* The version register says how many LVT entries there are (SDM vol. 3A, 11.4.8): thermal came with
 * the sixth, performance with the fifth. */
static bool is_there(enum mps_state_part part, uint32_t lvt_last)
{
    return part == MPS_STATE_LVT_THERMAL ? lvt_last >= 5
                                         : part != MPS_STATE_LVT_PERF || lvt_last >= 4;
}

static void read_apic(struct mps_state *ret)
{
    if (!(apic_base() & APIC_BASE_ENABLED)) {
        return;
    }
    const uint32_t lvt_last = apic_read(APIC_VERSION) >> 16 & 0xff;
    for (uint32_t part = MPS_STATE_LVT_TIMER; part < MPS_STATE_PARTS; part++) {
        if (is_there(part, lvt_last)) {
            ret->parts[part] = apic_read(offsets[part]);
        }
        if (part <= MPS_STATE_LVT_ERROR) {
            ret->parts[part] &= LVT_STEADY;
        }
    }
    /* A one-shot timer is set anew at each tick. */
    if ((ret->parts[MPS_STATE_LVT_TIMER] & LVT_TIMER_MODE) != LVT_PERIODIC) {
        ret->parts[MPS_STATE_TIMER_COUNT] = 0;
    }
}

void mps_state_read(const struct mps_lab *lab, struct mps_state *ret)
{
    EFI_BOOT_SERVICES *boot = lab->firmware->boot;
    uint64_t flags, cr8;
    *ret = (struct mps_state){0};
    __asm__ volatile("pushfq\n\tpop %0\n\tcli" : "=r"(flags) : : "memory");
    __asm__ volatile("mov %%cr8, %0" : "=r"(cr8));
    read_apic(ret);
    const EFI_TPL tpl = boot->RaiseTPL(TPL_HIGH_LEVEL);
    ret->parts[MPS_STATE_IF] = (flags & RFLAGS_IF) != 0;
    ret->parts[MPS_STATE_TPL] = tpl;
    ret->parts[MPS_STATE_CR8] = cr8;
    /* Leaving TPL_HIGH_LEVEL turns interrupts on (UEFI 2.10, 7.1.8). */
    boot->RestoreTPL(tpl);
    if (!(flags & RFLAGS_IF)) {
        __asm__ volatile("cli" : : : "memory");
    } else {
        __asm__ volatile("sti" : : : "memory");
    }
}

static void restore_tpl(const struct mps_lab *lab, EFI_TPL was, EFI_TPL is)
{
    if (was < is) {
        lab->firmware->boot->RestoreTPL(was);
    } else if (was > is) {
        lab->firmware->boot->RaiseTPL(was);
    }
}

void mps_state_restore(const struct mps_lab *lab, const struct mps_state *was,
                       const struct mps_state *is)
{
    for (uint32_t part = MPS_STATE_LVT_TIMER; part < MPS_STATE_PARTS; part++) {
        if (was->parts[part] != is->parts[part] &&
            !(part == MPS_STATE_TIMER_COUNT && was->parts[part] == 0)) {
            apic_write(offsets[part], (uint32_t)was->parts[part]);
        }
    }
    if (was->parts[MPS_STATE_CR8] != is->parts[MPS_STATE_CR8]) {
        __asm__ volatile("mov %0, %%cr8" : : "r"(was->parts[MPS_STATE_CR8]));
    }
    restore_tpl(lab, was->parts[MPS_STATE_TPL], is->parts[MPS_STATE_TPL]);
    if (was->parts[MPS_STATE_IF]) {
        __asm__ volatile("sti" : : : "memory");
    } else {
        __asm__ volatile("cli" : : : "memory");
    }
}

static bool is_in_service(void)
{
    uint32_t any = 0;
    for (uint32_t offset = APIC_ISR; offset <= APIC_ISR_LAST; offset += 16) {
        any |= apic_read(offset);
    }
    return any != 0;
}

void mps_interrupts_end(void)
{
    if (!(apic_base() & APIC_BASE_ENABLED)) {
        return;
    }
    for (uint32_t n = 0; n < NESTED_MAX && is_in_service(); n++) {
        apic_write(APIC_EOI, 0);
    }
}
