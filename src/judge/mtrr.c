/* state.mtrr, state.mtrr-sound */
#include <muster/judge_msr.h>

#include <muster/memory.h>

static bool same(const struct observation *a, const struct observation *b)
{
    const struct mtrr_registers *of_a = &a->mtrr.mtrr, *of_b = &b->mtrr.mtrr;
    struct mtrr_range in_a, in_b;
    uint64_t at = 0;

    if (a->mtrr.offered != b->mtrr.offered || a->mtrr.unread != b->mtrr.unread ||
        of_a->cap != of_b->cap)
        return false;
    return memcmp(of_a, of_b, sizeof *of_a) == 0 || !mtrr_differ(of_a, of_b, &at, &in_a, &in_b);
}

/* The first range that differs, and how many more. */
static void tell_ranges(const struct mtrr_registers *usual, const struct mtrr_registers *odd,
                        struct text *expected, struct text *seen)
{
    struct mtrr_range wanted, found;
    uint64_t at = 0;
    uint32_t count = 0;

    while (mtrr_differ(usual, odd, &at, &wanted, &found)) {
        if (count++)
            continue;
        mtrr_range_print(expected, &wanted);
        mtrr_range_print(seen, &found);
    }
    if (count > 1)
        text_format(seen, "; %u ranges more", count - 1);
}

static void tell_presence(const struct obs_mtrr *mtrr, struct text *out)
{
    if (!mtrr->offered)
        text_add(out, "no MTRRs");
    else if (mtrr->unread)
        text_add(out, "MTRRs that raise #GP when read");
    else
        text_format(out, "MTRRcap 0x%lx", (unsigned long)mtrr->mtrr.cap);
}

static void tell_odd(const struct observation *usual, const struct observation *odd, uint32_t like,
                     uint32_t of, struct words *ret)
{
    const struct obs_mtrr *wanted = &usual->mtrr, *found = &odd->mtrr;
    struct text expected, seen;

    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    if (wanted->offered != found->offered || wanted->unread != found->unread ||
        wanted->mtrr.cap != found->mtrr.cap) {
        tell_presence(wanted, &expected);
        tell_presence(found, &seen);
    } else {
        tell_ranges(&wanted->mtrr, &found->mtrr, &expected, &seen);
    }
    text_format(&expected, ", as on %u of %u CPUs", like, of);
    string_copy(ret->means, sizeof ret->means,
                "one address has two memory types: caches of these CPUs fall out of step with the "
                "others', which corrupts data; Linux warns of inconsistent MTRRs and repairs some, "
                "at the price of its own");
}

/* SDM vol. 3A, table 10-1: INIT leaves MTRRs as they were. QEMU clears them:
 * do_cpu_init() in its target/i386/helper.c calls x86_cpu_reset(), and they are not among what it
 * saves. */
static bool wiped(const struct obs_mtrr *seen)
{
    const struct mtrr_registers *mtrr = &seen->mtrr;
    uint64_t any = mtrr->def_type;

    for (uint32_t n = 0; n < MTRR_FIXED_COUNT; n++)
        any |= mtrr->fixed[n];
    for (uint32_t n = 0; n < mtrr->variable_read; n++)
        any |= mtrr->variable[n].base | mtrr->variable[n].mask;
    return seen->emulated_ap && !any;
}

static const struct words wiped_words = {
    .expected = "MTRRs as firmware set them, after INIT",
    .seen = "all MTRRs are 0",
    .means = "QEMU software emulation clears an AP's MTRRs on INIT (7.2, 10.0); what firmware gave "
             "this CPU cannot be seen",
};

/* Leaves those that QEMU wiped out of `rest`, where the others show that there was something. */
__attribute__((noinline)) static void tell_wiped(const struct crowd *crowd, struct cpuset *rest,
                                                 struct teller *teller)
{
    struct cpuset gone = {{0}};

    cpuset_for_each(index, &crowd->cpus)
    {
        if (wiped(&crowd_seen(crowd, index)->mtrr))
            cpuset_add(&gone, index);
    }
    cpuset_subtract(rest, &gone);
    const uint32_t first = cpuset_next(rest, 0);
    if (cpuset_empty(&gone) || first == CPU_NONE ||
        same(crowd_seen(crowd, first), crowd_seen(crowd, cpuset_next(&gone, 0))))
        *rest = crowd->cpus;
    else
        teller->tell(teller, &gone, VERDICT_DEVIATION, &wiped_words);
}

static bool nobody_has(const struct crowd *crowd)
{
    cpuset_for_each(index, &crowd->cpus)
    {
        if (crowd_seen(crowd, index)->mtrr.offered)
            return false;
    }
    return true;
}

void judge_mtrr_same(const struct crowd *crowd, struct teller *teller)
{
    static const struct comparison comparison = {NULL, same, tell_odd};
    struct words words = {.seen = "the CPUs offer no MTRRs"};

    struct crowd rest = *crowd;

    if (nobody_has(crowd)) {
        teller->tell(teller, &crowd->cpus, VERDICT_SKIP, &words);
        return;
    }
    tell_wiped(crowd, &rest.cpus, teller);
    crowd_compare(&rest, &comparison, teller);
}

static void name_register(struct text *out, const struct mtrr_registers *mtrr, enum mtrr_flaw flaw,
                          uint32_t n)
{
    if (flaw == MTRR_FLAW_DEFAULT_TYPE)
        text_format(out, "MTRRdefType 0x%lx", (unsigned long)mtrr->def_type);
    else if (flaw == MTRR_FLAW_OPEN)
        text_format(out, "MtrrFixDramModEn set, SYSCFG 0x%lx", (unsigned long)mtrr->syscfg);
    else if (flaw == MTRR_FLAW_FIXED_TYPE)
        text_format(out, "fixed MTRR %u, 0x%lx", n, (unsigned long)mtrr->fixed[n]);
    else
        text_format(out, "variable MTRR %u, base 0x%lx, mask 0x%lx, of %u address bits", n,
                    (unsigned long)mtrr->variable[n].base, (unsigned long)mtrr->variable[n].mask,
                    mtrr->address_bits);
}

#define RESERVED_WORDS                                                                             \
    "writing such a type raises #GP on other CPUs, and what this one makes of it is undefined"

static const struct {
    const char *expected, *means;
} flaws[] = {
    [MTRR_FLAW_DEFAULT_TYPE] = {"a memory type that is defined", RESERVED_WORDS},
    [MTRR_FLAW_FIXED_TYPE] = {"memory types that are defined", RESERVED_WORDS},
    [MTRR_FLAW_VARIABLE_TYPE] = {"a memory type that is defined", RESERVED_WORDS},
    [MTRR_FLAW_MASK] = {"a mask without holes",
                        "the range repeats at other addresses, or is none: Linux reports \"your "
                        "BIOS has configured an incorrect mask\""},
    [MTRR_FLAW_NARROW] = {"a mask up to the CPU's highest address bit",
                          "the range repeats at higher addresses: Linux reports \"your BIOS has "
                          "configured an incorrect mask\" and mends it"},
    [MTRR_FLAW_BASE] = {"a base aligned on the size of its range",
                        "the range begins elsewhere than its base says"},
    [MTRR_FLAW_OPEN] = {"MtrrFixDramModEn (SYSCFG bit 19) clear",
                        "fixed MTRRs show where their addresses lead, in bits that read as types "
                        "no operating system knows; Linux clears it (\"not cleared by BIOS\")"},
    [MTRR_FLAW_OVERLAP] = {"overlapping ranges of one type, or UC among them, or WT and WB",
                           "the memory type of these addresses is undefined: it may differ between "
                           "CPUs that hold the same registers"},
};

enum verdict judge_mtrr_sound(const struct observation *observation, struct words *ret)
{
    const struct mtrr_registers *mtrr = &observation->mtrr.mtrr;
    struct mtrr_range range;
    struct text seen;
    uint32_t n = 0;

    if (!observation->mtrr.offered) {
        string_copy(ret->seen, sizeof ret->seen, "the CPU offers no MTRRs");
        return VERDICT_SKIP;
    }
    if (observation->mtrr.unread) {
        string_copy(ret->expected, sizeof ret->expected, "MTRRs, as CPUID promises them");
        string_copy(ret->seen, sizeof ret->seen, "#GP when they are read");
        string_copy(ret->means, sizeof ret->means, "an operating system faults while it starts");
        return VERDICT_FAIL;
    }
    if ((mtrr->cap & MTRR_CAP_VCNT) > mtrr->variable_read) {
        text_init(&seen, ret->seen, sizeof ret->seen);
        text_format(&seen, "%u variable MTRRs, of which muster reads %u",
                    (uint32_t)(mtrr->cap & MTRR_CAP_VCNT), mtrr->variable_read);
        return VERDICT_ERROR;
    }
    enum mtrr_flaw flaw = mtrr_flaw(mtrr, &n, &range);
    if (flaw == MTRR_SOUND)
        return VERDICT_PASS;
    text_init(&seen, ret->seen, sizeof ret->seen);
    if (flaw == MTRR_FLAW_NARROW && observation->mtrr.virtual) {
        text_format(&seen,
                    "mask 0x%lx of MTRR %u is too narrow for %u address bits, which in a "
                    "virtual machine are anybody's choice",
                    (unsigned long)mtrr->variable[n].mask, n, mtrr->address_bits);
        return VERDICT_SKIP;
    }
    if (flaw == MTRR_FLAW_OVERLAP)
        mtrr_range_print(&seen, &range);
    else
        name_register(&seen, mtrr, flaw, n);
    string_copy(ret->expected, sizeof ret->expected, flaws[flaw].expected);
    string_copy(ret->means, sizeof ret->means, flaws[flaw].means);
    return VERDICT_FAIL;
}
