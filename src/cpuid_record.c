#include <muster/cpuid_record.h>

static const uint32_t extended_base = 0x80000000;

enum { SUBLEAF_CAP = 16, XSAVE_LAST = 62, LEAF_LBR = 0x1c, EDX_ARCH_LBR = 1 << 19 };

/* How a leaf says where its subleaves end (SDM vol. 2A, CPUID; APM vol. 3, appendix E). */
enum subleaves {
    SUBLEAVES_COUNTED, /* subleaf 0 EAX is the last */
    SUBLEAVES_TYPED,   /* the first whose EAX[4:0] is 0 */
    SUBLEAVES_LEVELS,  /* the first whose ECX[15:8] is 0 */
    SUBLEAVES_FIXED,   /* always `last` */
    SUBLEAVES_XSAVE,   /* each state component that 0 and 1 offer */
};

static const struct subleaf_rule {
    uint32_t leaf;
    enum subleaves kind;
    uint32_t last; /* the highest to ask for */
} subleaf_rules[] = {
    {0x4, SUBLEAVES_TYPED, 7},        {0x7, SUBLEAVES_COUNTED, 3},
    {0xb, SUBLEAVES_LEVELS, 5},       {0xd, SUBLEAVES_XSAVE, XSAVE_LAST},
    {0xf, SUBLEAVES_FIXED, 1},        {0x10, SUBLEAVES_FIXED, 3},
    {0x12, SUBLEAVES_FIXED, 2},       {0x14, SUBLEAVES_COUNTED, 2},
    {0x17, SUBLEAVES_COUNTED, 3},     {0x18, SUBLEAVES_COUNTED, SUBLEAF_CAP},
    {0x1d, SUBLEAVES_COUNTED, 2},     {0x1f, SUBLEAVES_LEVELS, 6},
    {0x20, SUBLEAVES_COUNTED, 1},     {0x23, SUBLEAVES_FIXED, 5},
    {0x24, SUBLEAVES_COUNTED, 1},     {0x8000001d, SUBLEAVES_TYPED, 7},
    {0x80000020, SUBLEAVES_FIXED, 3}, {0x80000026, SUBLEAVES_LEVELS, 5},
};

static const struct subleaf_rule *rule_of(uint32_t leaf)
{
    static const struct subleaf_rule one = {0, SUBLEAVES_FIXED, 0};

    for (uint32_t n = 0; n < sizeof subleaf_rules / sizeof subleaf_rules[0]; n++) {
        if (subleaf_rules[n].leaf == leaf)
            return &subleaf_rules[n];
    }
    return &one;
}

static void keep(struct cpuid_record *to, uint32_t leaf, uint32_t subleaf, struct cpuid_result r)
{
    if (!(r.eax | r.ebx | r.ecx | r.edx))
        return;
    if (to->count == CPUID_ROWS_MAX) {
        to->beyond++;
        return;
    }
    to->rows[to->count++] = (struct cpuid_row){leaf, subleaf, {r.eax, r.ebx, r.ecx, r.edx}};
}

/* The state components that XCR0 and IA32_XSS can hold. */
static uint64_t components(cpuid_reader *read)
{
    struct cpuid_result user = read(0xd, 0), supervisor = read(0xd, 1);

    return user.eax | supervisor.ecx | (uint64_t)(user.edx | supervisor.edx) << 32;
}

static void take_leaf(struct cpuid_record *to, cpuid_reader *read, uint32_t leaf)
{
    const struct subleaf_rule *rule = rule_of(leaf);
    uint64_t wanted = rule->kind == SUBLEAVES_XSAVE ? components(read) | 3 : UINT64_MAX;
    uint32_t last = rule->last;

    for (uint32_t subleaf = 0; subleaf <= last; subleaf++) {
        if (!(wanted >> (subleaf & 63) & 1))
            continue;
        struct cpuid_result r = read(leaf, subleaf);
        if ((rule->kind == SUBLEAVES_TYPED && !(r.eax & 0x1f)) ||
            (rule->kind == SUBLEAVES_LEVELS && !(r.ecx & 0xff00)))
            return;
        if (rule->kind == SUBLEAVES_COUNTED && subleaf == 0 && r.eax < last)
            last = r.eax;
        keep(to, leaf, subleaf, r);
    }
}

/* Last branch records: there where CPUID.(EAX=07H,ECX=0):EDX[19] says so (SDM vol. 3B,
 * "Architectural Last Branch Records"). Elsewhere QEMU 7.2 answers with whatever lay on its stack.
 */
static bool is_offered(cpuid_reader *read, uint32_t leaf)
{
    return leaf != LEAF_LBR || read(7, 0).edx & EDX_ARCH_LBR;
}

/* A leaf beyond the highest would answer as another one (SDM vol. 2A, CPUID). */
static void take_range(struct cpuid_record *to, cpuid_reader *read, uint32_t base)
{
    uint32_t last = read(base, 0).eax;

    if (last < base || last - base > 0xff)
        return;
    for (uint32_t leaf = base; leaf <= last; leaf++) {
        if (is_offered(read, leaf))
            take_leaf(to, read, leaf);
    }
}

void cpuid_record_take(struct cpuid_record *ret, cpuid_reader *read)
{
    ret->count = 0;
    ret->beyond = 0;
    take_range(ret, read, 0);
    take_range(ret, read, extended_base);
}

struct cpuid_row cpuid_record_find(const struct cpuid_record *record, uint32_t leaf,
                                   uint32_t subleaf)
{
    for (uint32_t n = 0; n < record->count; n++) {
        if (record->rows[n].leaf == leaf && record->rows[n].subleaf == subleaf)
            return record->rows[n];
    }
    return (struct cpuid_row){leaf, subleaf, {0}};
}

enum { ANY_SUBLEAF = 0xffffffff };

/* Bits that may differ between two CPUs of one kind. */
static const struct exempt {
    uint32_t leaf, subleaf;
    uint32_t bits[CPUID_REGISTERS];
    bool hybrid_only;
} exempts[] = {
    {0x1, 0, {0, 0xff000000, 1u << 27, 0}, false}, /* initial APIC ID; OSXSAVE */
    {0x2, 0, {~0u, ~0u, ~0u, ~0u}, false},         /* TLBs: by whether a core has a second thread */
    {0x4, ANY_SUBLEAF, {~0u, ~0u, ~0u, ~0u}, true},  /* caches and TLBs: cores of one type may */
    {0x18, ANY_SUBLEAF, {~0u, ~0u, ~0u, ~0u}, true}, /* lie outside the last-level cache */
    {0x6, 0, {0, 0, 0, 0xffff0000}, false},          /* row in the hardware feedback table */
    {0x7, 0, {0, 0, 1u << 4, 0}, false},             /* OSPKE */
    {0xb, ANY_SUBLEAF, {~0u, ~0u, 0, ~0u}, false},   /* x2APIC ID; CPUs in this package */
    {0x1f, ANY_SUBLEAF, {~0u, ~0u, 0, ~0u}, false},
    {0xd, 0, {0, ~0u, 0, 0}, false}, /* size by what XCR0 enables */
    {0xd, 1, {0, ~0u, 0, 0}, false},
    {0x16, 0, {0, ~0u, 0, 0}, false},                     /* a favoured core's top frequency */
    {0x80000006, 0, {0, 0, 0, ~0u}, false},               /* last-level caches of */
    {0x8000001d, 3, {~0u, ~0u, ~0u, ~0u}, false},         /* unlike dies in one package */
    {0x8000001e, 0, {~0u, 0xff, 0xff, 0}, false},         /* APIC, core and node IDs */
    {0x8000001f, 0, {0, 0, 0, ~0u}, false},               /* lowest ASID that is SEV's alone */
    {0x80000026, ANY_SUBLEAF, {~0u, ~0u, 0, ~0u}, false}, /* as 0xB */
};

uint32_t cpuid_compared_bits(uint32_t leaf, uint32_t subleaf, enum cpuid_register which,
                             bool hybrid)
{
    uint32_t bits = ~0u;

    for (uint32_t n = 0; n < sizeof exempts / sizeof exempts[0]; n++) {
        const struct exempt *e = &exempts[n];
        if (e->leaf == leaf && (e->subleaf == subleaf || e->subleaf == ANY_SUBLEAF) &&
            (hybrid || !e->hybrid_only))
            bits &= ~e->bits[which];
    }
    return bits;
}

const char *cpuid_register_name(enum cpuid_register which)
{
    static const char *const names[] = {"EAX", "EBX", "ECX", "EDX"};

    return names[which];
}
