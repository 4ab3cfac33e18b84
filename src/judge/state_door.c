/* state.door: what changed under the caller's feet. */
#include <muster/judge_state.h>

#include <muster/text.h>

/* What an operating system's loader has prepared for, and would meet changed. */
static const struct change {
    enum state_slot slot;
    uint64_t on, off; /* bits that may not be switched on; off */
    const char *means;
} changes[] = {
    {STATE_CR0, 0x6000000c, 0x80000001,
     "floating point faults, or everything runs uncached, in code that found it otherwise when it "
     "was started"},
    {STATE_CR0, 0x10000, 0,
     "CR0.WP came on: a loader that writes to pages mapped read-only, as it could before, takes a "
     "#PF"},
    {STATE_CR4, 0x1000, 0x1000,
     "the number of paging levels changed: page tables that a loader made for the former crash it "
     "when it loads them"},
    {STATE_CR4, UINT64_C(0x100f22000), 0,
     "VMX, PCIDs, SMEP, SMAP, protection keys, CET or FRED came on: a loader that was started "
     "without is not made for it and faults"},
    {STATE_EFER, 0x1000, 0x800,
     "NXE went off, so that NX in the caller's page tables is a reserved bit and raises #PF; or "
     "SVME came on"},
    {STATE_XCR0, 0, ~UINT64_C(0), "AVX code of the caller raises #UD from here on"},
    {STATE_APIC_BASE, ~UINT64_C(0), ~UINT64_C(0),
     "the local APIC changed its mode or address: IPIs of a caller that looked before go nowhere"},
    {STATE_PAT, ~UINT64_C(0), ~UINT64_C(0),
     "memory types behind page tables that exist already changed their meaning"},
    {STATE_TSC_ADJUST, ~UINT64_C(0), ~UINT64_C(0),
     "the TSC jumped: delays and timestamps that span the door are wrong"},
    {STATE_DR7, 0xff, 0, "a breakpoint was armed that will hit the next owner"},
};

static const char *const doings[] = {"between entry and ExitBootServices",
                                     "through ExitBootServices"};

static void tell(const struct change *change, const char *when, uint64_t was, uint64_t is,
                 struct words *ret)
{
    struct text expected, seen;
    const char *name = state_row_of(change->slot)->name;

    *ret = (struct words){0};
    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&expected, "%s 0x%lx kept %s", name, (unsigned long)was, when);
    text_format(&seen, "%s 0x%lx afterwards; bits 0x%lx changed", name, (unsigned long)is,
                (unsigned long)(was ^ is));
    string_copy(ret->means, sizeof ret->means, change->means);
}

static bool compare(const struct obs_state *state, enum state_moment from, struct words *ret)
{
    const struct state_record *was = &state->moments[from], *is = was + 1;

    for (uint32_t n = 0; n < sizeof changes / sizeof changes[0]; n++) {
        const struct change *change = &changes[n];
        if (!state_has(was, change->slot) || !state_has(is, change->slot))
            continue;
        uint64_t before = was->value[change->slot], after = is->value[change->slot];
        if (from == MOMENT_BEFORE && change->slot == state->planted)
            after ^= state->flip;
        if (!(~before & after & change->on) && !(before & ~after & change->off))
            continue;
        tell(change, doings[from], before, after, ret);
        return true;
    }
    return false;
}

enum verdict judge_state_door(const struct observation *observation, struct words *ret)
{
    for (enum state_moment from = MOMENT_ENTRY; from < MOMENT_AFTER; from++) {
        if (compare(&observation->state, from, ret))
            return VERDICT_FAIL;
    }
    return VERDICT_PASS;
}
