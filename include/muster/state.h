/* What a CPU was handed over with: registers and MSRs, taken down before muster changes them. One
 * table gives each its name; everything that tells, compares or lists them goes by it. */
#ifndef MUSTER_STATE_H
#define MUSTER_STATE_H

#include <stdbool.h>
#include <stdint.h>

/* What must be known before an MSR is read where a fault cannot be caught: before the door. */
enum state_offer {
    OFFER_NO_MSR,     /* a register, or the recorder's own */
    OFFER_TRY,        /* nothing promises it: read only where #GP is caught */
    OFFER_ALWAYS,     /* every CPU with long mode has it */
    OFFER_APIC,       /* CPUID 1 EDX[9] */
    OFFER_PAT,        /* 1 EDX[16] */
    OFFER_TSC_ADJUST, /* 7 EBX[1] */
    OFFER_SPEC_CTRL,  /* 7 EDX[26] or EDX[27], 0x80000008 EBX[14] or EBX[15] */
    OFFER_ARCH_CAPS,  /* 7 EDX[29] */
    OFFER_TSC_AUX,    /* 0x80000001 EDX[27] or 7 ECX[22] */
    OFFER_CET,        /* 7 ECX[7] or EDX[20] */
    OFFER_XSS,        /* 0xD.1 EAX[3] */
    OFFER_MTRR,       /* 1 EDX[12] */
    OFFER_XAPIC_LOCK, /* IA32_ARCH_CAPABILITIES[21] */
    OFFER_COUNT
};

/* Whose manual says what the MSR is: the others' CPUs are not asked. */
enum state_maker { MAKER_ANY, MAKER_INTEL, MAKER_AMD };

/* clang-format off */
/* Constant, name in reports, number of values, MSR of the first, when it may be read, maker. What has several values
 * takes as many slots, MSR after MSR; STATE_<name> is the first, STATE_<name>_LAST the last. Names never change. */
#define STATE_ROWS(X)                                                          \
    X(CORE_TYPE,         "core-type",         1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(CR0,               "cr0",               1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(CR3,               "cr3",               1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(CR4,               "cr4",               1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(CR8,               "cr8",               1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(XCR0,              "xcr0",              1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(FCW,               "fcw",               1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(MXCSR,             "mxcsr",             1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(RFLAGS,            "rflags",            1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(DR6,               "dr6",               1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(DR7,               "dr7",               1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(CS,                "cs",                1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(SS,                "ss",                1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(DS,                "ds",                1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(ES,                "es",                1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(FS,                "fs",                1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(GS,                "gs",                1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(TR,                "tr",                1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(LDTR,              "ldtr",              1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(GDT_BASE,          "gdt-base",          1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(GDT_LIMIT,         "gdt-limit",         1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(IDT_BASE,          "idt-base",          1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(IDT_LIMIT,         "idt-limit",         1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(EFER,              "efer",              1, 0xc0000080, OFFER_ALWAYS,     MAKER_ANY)   \
    X(FS_BASE,           "fs-base",           1, 0xc0000100, OFFER_ALWAYS,     MAKER_ANY)   \
    X(GS_BASE,           "gs-base",           1, 0xc0000101, OFFER_ALWAYS,     MAKER_ANY)   \
    X(APIC_BASE,         "apic-base",         1, 0x1b,       OFFER_APIC,       MAKER_ANY)   \
    X(TSC_ADJUST,        "tsc-adjust",        1, 0x3b,       OFFER_TSC_ADJUST, MAKER_ANY)   \
    X(TSC_AUX,           "tsc-aux",           1, 0xc0000103, OFFER_TSC_AUX,    MAKER_ANY)   \
    X(SPEC_CTRL,         "spec-ctrl",         1, 0x48,       OFFER_SPEC_CTRL,  MAKER_ANY)   \
    X(ARCH_CAPABILITIES, "arch-capabilities", 1, 0x10a,      OFFER_ARCH_CAPS,  MAKER_ANY)   \
    X(PAT,               "pat",               1, 0x277,      OFFER_PAT,        MAKER_ANY)   \
    X(U_CET,             "u-cet",             1, 0x6a0,      OFFER_CET,        MAKER_ANY)   \
    X(S_CET,             "s-cet",             1, 0x6a2,      OFFER_CET,        MAKER_ANY)   \
    X(XSS,               "xss",               1, 0xda0,      OFFER_XSS,        MAKER_ANY)   \
    X(MICROCODE,         "microcode",         1, 0x8b,       OFFER_TRY,        MAKER_ANY)   \
    X(PLATFORM_ID,       "platform-id",       1, 0x17,       OFFER_TRY,        MAKER_INTEL) \
    X(SMI_COUNT,         "smi-count",         1, 0x34,       OFFER_TRY,        MAKER_INTEL) \
    X(FEATURE_CONTROL,   "feature-control",   1, 0x3a,       OFFER_TRY,        MAKER_INTEL) \
    X(MISC_ENABLE,       "misc-enable",       1, 0x1a0,      OFFER_TRY,        MAKER_INTEL) \
    X(XAPIC_DISABLE,     "xapic-disable",     1, 0xbd,       OFFER_XAPIC_LOCK, MAKER_INTEL) \
    X(SYSCFG,            "syscfg",            1, 0xc0010010, OFFER_TRY,        MAKER_AMD)   \
    X(HWCR,              "hwcr",              1, 0xc0010015, OFFER_TRY,        MAKER_AMD)   \
    X(TOM,               "tom",               1, 0xc001001a, OFFER_TRY,        MAKER_AMD)   \
    X(TOM2,              "tom2",              1, 0xc001001d, OFFER_TRY,        MAKER_AMD)   \
    X(MTRR_CAP,          "mtrr-cap",          1, 0xfe,       OFFER_MTRR,       MAKER_ANY)   \
    X(MTRR_DEF_TYPE,     "mtrr-def-type",     1, 0x2ff,      OFFER_MTRR,       MAKER_ANY)   \
    X(MTRR_FIX_64K,      "mtrr-fix-64k",      1, 0x250,      OFFER_TRY,        MAKER_ANY)   \
    X(MTRR_FIX_16K,      "mtrr-fix-16k",      2, 0x258,      OFFER_TRY,        MAKER_ANY)   \
    X(MTRR_FIX_4K,       "mtrr-fix-4k",       8, 0x268,      OFFER_TRY,        MAKER_ANY)   \
    X(MTRR_VARIABLE,     "mtrr-variable",    20, 0x200,      OFFER_TRY,        MAKER_ANY)   \
    X(SMRR,              "smrr",              2, 0x1f2,      OFFER_TRY,        MAKER_INTEL) \
    X(TME_ACTIVATE,      "tme-activate",      1, 0x982,      OFFER_TRY,        MAKER_INTEL) \
    X(MCG_CAP,           "mcg-cap",           1, 0x179,      OFFER_TRY,        MAKER_ANY)   \
    X(MCG_STATUS,        "mcg-status",        1, 0x17a,      OFFER_TRY,        MAKER_ANY)   \
    X(MCG_CTL,           "mcg-ctl",           1, 0x17b,      OFFER_TRY,        MAKER_ANY)   \
    X(APIC_SVR,          "apic-svr",          1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(APIC_TPR,          "apic-tpr",          1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(APIC_ESR,          "apic-esr",          1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(APIC_TIMER,        "apic-timer-count",  1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(LVT_TIMER,         "lvt-timer",         1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(LVT_THERMAL,       "lvt-thermal",       1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(LVT_PERFORMANCE,   "lvt-performance",   1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(LVT_LINT0,         "lvt-lint0",         1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(LVT_LINT1,         "lvt-lint1",         1, 0,          OFFER_NO_MSR,     MAKER_ANY)   \
    X(LVT_ERROR,         "lvt-error",         1, 0,          OFFER_NO_MSR,     MAKER_ANY)
/* clang-format on */

#define STATE_ROW_SLOTS(name, text, count, msr, offer, maker)                                      \
    STATE_##name, STATE_##name##_LAST = STATE_##name + (count)-1,
enum state_slot { STATE_ROWS(STATE_ROW_SLOTS) STATE_SLOTS };
#undef STATE_ROW_SLOTS

/* One row of the table above. */
struct state_row {
    const char *name;
    uint32_t slot, count;
    uint32_t msr;
    enum state_offer offer;
    enum state_maker maker;
};

enum state_presence {
    STATE_UNASKED, /* could not be asked at that moment */
    STATE_ABSENT,  /* the CPU does not have it: not offered, or #GP */
    STATE_PRESENT,
};

/* All of one CPU at one moment. Read through state_has() and `value`. */
struct state_record {
    bool taken;
    bool by_mailbox; /* an AP that came in 64-bit mode, without INIT (ACPI 6.5, 5.2.12.19) */
    uint8_t presence[STATE_SLOTS]; /* enum state_presence */
    uint64_t value[STATE_SLOTS];
};

/* When the BSP was looked at; APs have the one record of their first instructions. */
enum state_moment {
    MOMENT_ENTRY,  /* as firmware started the program */
    MOMENT_BEFORE, /* just before ExitBootServices */
    MOMENT_AFTER,  /* just after it */
    MOMENT_COUNT
};

uint32_t state_row_count(void);
/* `n` below state_row_count(). Never NULL. */
const struct state_row *state_row(uint32_t n);
/* The row that `slot` belongs to. */
const struct state_row *state_row_of(uint32_t slot);

static inline bool state_has(const struct state_record *record, uint32_t slot)
{
    return record->presence[slot] == STATE_PRESENT;
}

static inline void state_set(struct state_record *record, uint32_t slot, uint64_t value)
{
    record->presence[slot] = STATE_PRESENT;
    record->value[slot] = value;
}

/* GDTR and IDTR of the calling CPU, which nothing can fault at. Any phase. */
void state_read_tables(struct state_record *ret);
/* Its other registers: none can fault. Any phase. */
void state_read_registers(struct state_record *ret);
/* The MSRs that CPUID promises; marks absent what it does not. Any phase: none can fault. */
void state_read_msrs(struct state_record *ret);
/* All, into a record that is cleared first. */
void state_read(struct state_record *ret);

#endif
