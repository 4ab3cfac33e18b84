/* mca.* */
#include <muster/judge_msr.h>
#include <muster/mca.h>

/* Why there is nothing to look at, or NULL. Emulators promise more than they have: Bochs does. */
static const char *absence(const struct obs_mca *mca)
{
    if (!mca->offered)
        return "the CPU offers no machine-check architecture";
    if (mca->unread)
        return "CPUID promises machine-check banks, but MCG_CAP and MCG_STATUS raise #GP";
    return mca->cap & MCG_CAP_COUNT ? NULL : "MCG_CAP tells of no machine-check banks";
}

static enum verdict absent(const struct obs_mca *mca, struct words *ret)
{
    string_copy(ret->seen, sizeof ret->seen, absence(mca));
    return VERDICT_SKIP;
}

enum verdict judge_mca_status(const struct observation *observation, struct words *ret)
{
    const struct obs_mca *mca = &observation->mca;
    struct text seen;

    if (absence(mca))
        return absent(mca, ret);
    if (!(mca->status & MCG_STATUS_MCIP))
        return VERDICT_PASS;
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&seen, "MCG_STATUS 0x%lx: MCIP set", (unsigned long)mca->status);
    string_copy(ret->expected, sizeof ret->expected, "MCG_STATUS.MCIP clear");
    string_copy(ret->means, sizeof ret->means,
                "this CPU believes that a machine check is being handled: the next one, which may "
                "well be harmless, shuts it down without a word (SDM vol. 3B, 16.3.1.2)");
    return VERDICT_FAIL;
}

/* The first that was not corrected, or NULL. */
static const struct mca_leftover *gravest(const struct obs_mca *mca)
{
    for (uint32_t n = 0; n < mca->leftovers && n < MCA_KEPT; n++) {
        if (!mca_corrected(mca->kept[n].status, mca->amd))
            return &mca->kept[n];
    }
    return NULL;
}

static void tell_leftover(struct text *out, const struct obs_mca *mca,
                          const struct mca_leftover *left)
{
    text_format(out, "bank %u: ", left->bank);
    mca_print_status(out, left->status, mca->amd);
    if (left->has_address)
        text_format(out, "; address 0x%lx", (unsigned long)left->address);
    if (left->has_misc)
        text_format(out, "; misc 0x%lx", (unsigned long)left->misc);
    text_format(out, " (status 0x%lx)", (unsigned long)left->status);
    if (mca->leftovers > 1)
        text_format(out, "; %u banks in all", mca->leftovers);
}

enum verdict judge_mca_leftover(const struct observation *observation, struct words *ret)
{
    const struct obs_mca *mca = &observation->mca;
    struct text seen;

    if (absence(mca))
        return absent(mca, ret);
    const struct mca_leftover *left = gravest(mca);
    if (!left && !mca->blind)
        return VERDICT_PASS;
    text_init(&seen, ret->seen, sizeof ret->seen);
    if (!left) {
        text_format(&seen, "MCi_STATUS of %u banks raises #GP", mca->blind);
        return VERDICT_SKIP;
    }
    tell_leftover(&seen, mca, left);
    string_copy(ret->expected, sizeof ret->expected,
                "no bank that holds an error which was not corrected");
    string_copy(ret->means, sizeof ret->means,
                "an operating system logs it at boot as a hardware error: either hardware failed, "
                "or firmware left what it caused itself, or did not clear what the last boot left");
    return VERDICT_FAIL;
}

static bool akin(const struct observation *a, const struct observation *b)
{
    return a->mca.kind == b->mca.kind;
}

/* AMD promises no equal count of banks: a CPU's MCG_CAP tells of its own (Linux reads it on each).
 */
static uint64_t compared_cap(const struct obs_mca *mca)
{
    return mca->amd ? mca->cap & ~(uint64_t)MCG_CAP_COUNT : mca->cap;
}

static bool same(const struct observation *a, const struct observation *b)
{
    return a->mca.offered == b->mca.offered && a->mca.unread == b->mca.unread &&
           compared_cap(&a->mca) == compared_cap(&b->mca);
}

static void print_cap(struct text *out, const struct obs_mca *mca)
{
    if (!mca->offered)
        text_add(out, "no machine-check architecture");
    else if (mca->unread)
        text_add(out, "MCG_CAP raises #GP");
    else
        text_format(out, "%u banks, MCG_CAP 0x%lx", (uint32_t)(mca->cap & MCG_CAP_COUNT),
                    (unsigned long)mca->cap);
}

static void tell_odd(const struct observation *usual, const struct observation *odd, uint32_t like,
                     uint32_t of, struct words *ret)
{
    struct text expected, seen;

    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    print_cap(&expected, &usual->mca);
    text_format(&expected, ", as on %u of %u CPUs", like, of);
    print_cap(&seen, &odd->mca);
    string_copy(ret->means, sizeof ret->means,
                "an operating system sets all CPUs up as it found the boot CPU: it touches banks "
                "that are not there, or never looks at some that are");
}

static bool nobody_has(const struct crowd *crowd)
{
    cpuset_for_each(index, &crowd->cpus)
    {
        if (!absence(&crowd_seen(crowd, index)->mca))
            return false;
    }
    return true;
}

void judge_mca_banks(const struct crowd *crowd, struct teller *teller)
{
    static const struct comparison comparison = {akin, same, tell_odd};
    const uint32_t first = cpuset_next(&crowd->cpus, 0);
    struct words words = {0};

    if (!nobody_has(crowd)) {
        crowd_compare(crowd, &comparison, teller);
    } else if (first != CPU_NONE) {
        absent(&crowd_seen(crowd, first)->mca, &words);
        teller->tell(teller, &crowd->cpus, VERDICT_SKIP, &words);
    }
}
