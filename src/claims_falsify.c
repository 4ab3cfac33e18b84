/* The lies that --break tells in the name of MP Services and the MADT. */
#include <muster/falsify.h>

static void drop(struct mps_claims *mps, uint32_t number)
{
    for (uint32_t i = number + 1; i < mps->count; i++) {
        mps->cpus[i - 1] = mps->cpus[i];
    }
    mps->count--;
    mps->total--;
    mps->enabled--;
    mps->who_am_i -= mps->who_am_i > number && mps->who_am_i != CPU_NONE;
}

void falsify_roll_agree(struct claims *claims)
{
    struct mps_claims *mps = &claims->mps;
    for (uint32_t i = mps->count; i-- > 0;) {
        if (!mps->cpus[i].bsp && mps->cpus[i].enabled) {
            drop(mps, i);
            return;
        }
    }
    mps->total++;
}

static void claim_twice_in_madt(struct madt_claims *madt)
{
    uint32_t last = madt->count;
    while (last > 0 && !madt->cpus[last - 1].enabled) {
        last--;
    }
    if (last > 0 && madt->count < CPU_MAX) {
        madt->cpus[madt->count++] = madt->cpus[last - 1];
    }
}

static void claim_twice_in_mps(struct mps_claims *mps)
{
    if (mps->count > 0 && mps->count < CPU_MAX) {
        const struct mps_claim again = mps->cpus[mps->count - 1];
        mps->cpus[mps->count++] = again;
        mps->total++;
        mps->enabled += again.enabled;
    }
}

void falsify_roll_unique(struct claims *claims)
{
    if (claims->madt.count > 0) {
        claim_twice_in_madt(&claims->madt);
    } else {
        claim_twice_in_mps(&claims->mps);
    }
}

/* The first enabled entry at or after `from`, or the count of all. */
static uint32_t next_enabled(const struct madt_claims *madt, uint32_t from)
{
    while (from < madt->count && !madt->cpus[from].enabled) {
        from++;
    }
    return from;
}

void falsify_roll_bsp_first(struct claims *claims)
{
    struct madt_claims *madt = &claims->madt;
    const uint32_t first = next_enabled(madt, 0);
    const uint32_t second = next_enabled(madt, first + 1);
    if (second < madt->count) {
        const struct madt_claim moved = madt->cpus[first];
        madt->cpus[first] = madt->cpus[second];
        madt->cpus[second] = moved;
        return;
    }
    if (!claims->mps.present && first < madt->count) {
        madt->cpus[first].enabled = false;
    }
    for (uint32_t i = 0; i < claims->mps.count; i++) {
        claims->mps.cpus[i].bsp = false;
    }
}

/* That the reader sees a wrong checksum is tested on tables; here it has noted one. */
void falsify_roll_madt(struct claims *claims)
{
    note_add(&claims->notes, "roll.madt", "MADT checksum: its bytes sum to 0xff, not to 0");
}
