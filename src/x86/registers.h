/* The CPU's registers and instructions as C functions: one instruction each, nothing decided here.
 */
#ifndef X86_REGISTERS_H
#define X86_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/descriptor.h>

#define CR0_PE         (UINT64_C(1) << 0)
#define CR0_MP         (UINT64_C(1) << 1)
#define CR0_EM         (UINT64_C(1) << 2)
#define CR0_ET         (UINT64_C(1) << 4)
#define CR0_NE         (UINT64_C(1) << 5)
#define CR0_WP         (UINT64_C(1) << 16)
#define CR0_NW         (UINT64_C(1) << 29)
#define CR0_CD         (UINT64_C(1) << 30)
#define CR0_PG         (UINT64_C(1) << 31)
#define CR4_PAE        (UINT64_C(1) << 5)
#define CR4_PGE        (UINT64_C(1) << 7)
#define CR4_MCE        (UINT64_C(1) << 6)
#define CR4_OSFXSR     (UINT64_C(1) << 9)
#define CR4_OSXMMEXCPT (UINT64_C(1) << 10)
#define CR4_UMIP       (UINT64_C(1) << 11)
#define CR4_LA57       (UINT64_C(1) << 12)
#define CR4_FSGSBASE   (UINT64_C(1) << 16)
#define CR4_PCIDE      (UINT64_C(1) << 17)
#define CR4_OSXSAVE    (UINT64_C(1) << 18)
#define CR4_SMEP       (UINT64_C(1) << 20)
#define CR4_SMAP       (UINT64_C(1) << 21)
#define CR4_PKE        (UINT64_C(1) << 22)
#define CR4_CET        (UINT64_C(1) << 23)
#define EFER_SCE       (UINT64_C(1) << 0)
#define EFER_LME       (UINT64_C(1) << 8)
#define EFER_LMA       (UINT64_C(1) << 10)
#define EFER_NXE       (UINT64_C(1) << 11)
#define RFLAGS_RF      (UINT64_C(1) << 16)
#define RFLAGS_TF      (UINT64_C(1) << 8)
#define CR0_AM         (UINT64_C(1) << 18)
#define RFLAGS_AC      (UINT64_C(1) << 18)
#define CR0_TS         (UINT64_C(1) << 3)
#define DR6_CLEAR      UINT64_C(0xffff0ff0)
#define DR6_B0         (UINT64_C(1) << 0)
#define DR6_BD         (UINT64_C(1) << 13)
#define DR6_BS         (UINT64_C(1) << 14)
#define DR6_CAUSES     UINT64_C(0xe00f) /* B0 to B3, BD, BS, BT */
#define DR7_CLEAR      UINT64_C(0x400)
#define RFLAGS_IF      (UINT64_C(1) << 9)

enum {
    MSR_APIC_BASE = 0x1b,
    MSR_MICROCODE = 0x8b,
    MSR_ARCH_CAPABILITIES = 0x10a,
    MSR_MCG_CAP = 0x179,
    MSR_PAT = 0x277,
    MSR_MC0_CTL = 0x400,
    MSR_S_CET = 0x6a2,
    MSR_TSC_DEADLINE = 0x6e0,
    MSR_X2APIC = 0x800, /* + register offset / 16 */
    MSR_EFER = 0xc0000080,
    MSR_STAR = 0xc0000081,
    MSR_LSTAR = 0xc0000082,
    MSR_FMASK = 0xc0000084,
    MSR_FS_BASE = 0xc0000100,
    MSR_GS_BASE = 0xc0000101,
    MSR_KERNEL_GS_BASE = 0xc0000102,
    MSR_SMCA_MC0_CTL = 0xc0002000,
};

struct cpuid {
    uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
    struct cpuid r;
    __asm__ volatile("cpuid"
                     : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
                     : "a"(leaf), "c"(subleaf));
    return r;
}

static inline uint64_t msr_read(uint32_t msr)
{
    uint32_t low, high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
    return (uint64_t)high << 32 | low;
}

static inline void msr_write(uint32_t msr, uint64_t value)
{
    __asm__ volatile("wrmsr"
                     :
                     : "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32))
                     : "memory");
}

#define REGISTER_ACCESS(name)                                                                      \
    static inline uint64_t name##_read(void)                                                       \
    {                                                                                              \
        uint64_t value;                                                                            \
        __asm__ volatile("mov %%" #name ", %0" : "=r"(value));                                     \
        return value;                                                                              \
    }                                                                                              \
    static inline void name##_write(uint64_t value)                                                \
    {                                                                                              \
        __asm__ volatile("mov %0, %%" #name : : "r"(value) : "memory");                            \
    }

REGISTER_ACCESS(cr0)
REGISTER_ACCESS(cr2)
REGISTER_ACCESS(cr3)
REGISTER_ACCESS(cr4)
REGISTER_ACCESS(cr8)
REGISTER_ACCESS(dr0)
REGISTER_ACCESS(dr1)
REGISTER_ACCESS(dr2)
REGISTER_ACCESS(dr3)
REGISTER_ACCESS(dr6)
REGISTER_ACCESS(dr7)

#undef REGISTER_ACCESS

#define SELECTOR_READ(name)                                                                        \
    static inline uint16_t name##_read(void)                                                       \
    {                                                                                              \
        uint16_t value;                                                                            \
        __asm__ volatile("mov %%" #name ", %0" : "=r"(value));                                     \
        return value;                                                                              \
    }

SELECTOR_READ(cs)
SELECTOR_READ(ss)
SELECTOR_READ(ds)
SELECTOR_READ(es)
SELECTOR_READ(fs)
SELECTOR_READ(gs)

#undef SELECTOR_READ

static inline void data_segments_write(uint16_t selector)
{
    __asm__ volatile("mov %0, %%ds; mov %0, %%es" : : "r"((uint32_t)selector) : "memory");
}

/* The bases go with them. */
static inline void fs_gs_write(uint16_t selector)
{
    __asm__ volatile("mov %0, %%fs; mov %0, %%gs" : : "r"((uint32_t)selector) : "memory");
}

static inline void ss_write(uint16_t selector)
{
    __asm__ volatile("mov %0, %%ss" : : "r"((uint32_t)selector) : "memory");
}

static inline void ldtr_write(uint16_t selector)
{
    __asm__ volatile("lldt %0" : : "r"(selector) : "memory");
}

static inline struct table_register gdtr_read(void)
{
    struct table_register r;
    __asm__ volatile("sgdt %0" : "=m"(r));
    return r;
}

static inline struct table_register idtr_read(void)
{
    struct table_register r;
    __asm__ volatile("sidt %0" : "=m"(r));
    return r;
}

static inline void gdtr_write(const struct table_register *r)
{
    __asm__ volatile("lgdt %0" : : "m"(*r) : "memory");
}

static inline void idtr_write(const struct table_register *r)
{
    __asm__ volatile("lidt %0" : : "m"(*r) : "memory");
}

/* No gate can be read, not even #DF's: a shutdown, which chipsets and hypervisors answer with a
 * reset (SDM vol. 3A, 6.15, "Interrupt 8"). */
static inline void triple_fault(void)
{
    const struct table_register none = {.limit = 0, .base = 0};

    idtr_write(&none);
    __asm__ volatile("int3");
}

static inline uint16_t tr_read(void)
{
    uint16_t selector;
    __asm__ volatile("str %0" : "=r"(selector));
    return selector;
}

static inline uint16_t ldtr_read(void)
{
    uint16_t selector;
    __asm__ volatile("sldt %0" : "=r"(selector));
    return selector;
}

static inline void tr_write(uint16_t selector)
{
    __asm__ volatile("ltr %0" : : "r"(selector) : "memory");
}

static inline uint64_t rflags_read(void)
{
    uint64_t flags;
    __asm__ volatile("pushfq; popq %0" : "=r"(flags) : : "memory");
    return flags;
}

/* Only while CR0.EM and CR0.TS are clear. */
static inline uint16_t fcw_read(void)
{
    uint16_t value;
    __asm__ volatile("fnstcw %0" : "=m"(value));
    return value;
}

/* As above, and CR4.OSFXSR is set. */
static inline uint32_t mxcsr_read(void)
{
    uint32_t value;
    __asm__ volatile("stmxcsr %0" : "=m"(value));
    return value;
}

/* Only while CR4.OSXSAVE is set. */
static inline uint64_t xcr0_read(void)
{
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

/* Only while CR4.PKE is set. */
static inline uint32_t pkru_read(void)
{
    uint32_t value;
    __asm__ volatile("rdpkru" : "=a"(value) : "c"(0) : "rdx");
    return value;
}

static inline void pkru_write(uint32_t value)
{
    __asm__ volatile("wrpkru" : : "a"(value), "c"(0), "d"(0) : "memory");
}

static inline uint64_t tsc_read(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

static inline void interrupts_off(void)
{
    __asm__ volatile("cli" : : : "memory");
}

static inline void interrupts_on(void)
{
    __asm__ volatile("sti" : : : "memory");
}

/* Takes what is pending. STI holds interrupts off for one more instruction; QEMU TCG for every
 * PAUSE that follows, too (gen_helper_pause() leaves HF_INHIBIT_IRQ set), so these are NOPs. */
static inline void interrupts_take(void)
{
    __asm__ volatile("sti; nop; nop; cli" : : : "memory");
}

/* Halts until an interrupt, which is taken; then interrupts are off again. STI holds interrupts off
 * for one more instruction, so none can slip in before HLT (SDM vol. 2B, STI). */
static inline void halt_once(void)
{
    __asm__ volatile("sti; hlt; cli" : : : "memory");
}

_Noreturn static inline void halt_for_good(void)
{
    for (;;)
        __asm__ volatile("cli; hlt");
}

static inline void spin_hint(void)
{
    __asm__ volatile("pause" : : : "memory");
}

static inline void tlb_forget(uint64_t virtual)
{
    __asm__ volatile("invlpg (%0)" : : "r"(virtual) : "memory");
}

/* Writes one line of the caches back to memory and drops it (SDM vol. 2A, CLFLUSH). */
static inline void cache_line_flush(uint64_t address)
{
    __asm__ volatile("clflush (%0)" : : "r"(address) : "memory");
}

static inline uint8_t port_read8(uint16_t port)
{
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint32_t port_read32(uint16_t port)
{
    uint32_t value;
    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void port_write8(uint16_t port, uint8_t value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void port_write32(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

#endif
