#include <muster/claims_plant.h>
#include <muster/text.h>

enum { HEADER_CHECKSUM = 9 };

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

static void forget_last_ap(struct mps_claims *mps)
{
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

/* The first enabled entry at or after `from`, or the count of all. */
static uint32_t next_enabled(const struct madt_claims *madt, uint32_t from)
{
    while (from < madt->count && !madt->cpus[from].enabled) {
        from++;
    }
    return from;
}

static void put_bsp_second(struct claims *claims)
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

void claims_plant(const char *break_id, struct claims *claims)
{
    if (string_equal(break_id, "roll.agree")) {
        forget_last_ap(&claims->mps);
    } else if (string_equal(break_id, "roll.unique") && claims->madt.count > 0) {
        claim_twice_in_madt(&claims->madt);
    } else if (string_equal(break_id, "roll.unique")) {
        claim_twice_in_mps(&claims->mps);
    } else if (string_equal(break_id, "roll.bsp-first")) {
        put_bsp_second(claims);
    } else {
        claims_plant_places(break_id, claims);
    }
}

void claims_plant_madt(void *table, uint32_t size)
{
    if (size > HEADER_CHECKSUM) {
        ((uint8_t *)table)[HEADER_CHECKSUM] ^= 0xff;
    }
}
