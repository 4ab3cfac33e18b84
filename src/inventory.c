#include <muster/inventory.h>

#include <muster/claim_state.h>
#include <muster/memory.h>

enum { BROADCAST = 0xffffffff /* SDM vol. 3A, "ICR Operation in x2APIC Mode" */ };

uint32_t inventory_find(const struct inventory *inventory, uint32_t apic_id)
{
    for (uint32_t i = 0; i < inventory->count; i++) {
        if (inventory->rows[i].apic_id == apic_id) {
            return i;
        }
    }
    return CPU_NONE;
}

/* The row of `apic_id`, made where there is none; NULL when the inventory is full, and for the
 * broadcast ID: a call to it would reach every CPU. */
static struct inventory_row *row_for(struct inventory *inventory, uint32_t apic_id)
{
    const uint32_t found = inventory_find(inventory, apic_id);
    if (found != CPU_NONE) {
        return &inventory->rows[found];
    }
    if (inventory->count == CPU_MAX || (apic_id == BROADCAST && inventory->count > 0)) {
        return NULL;
    }
    struct inventory_row *row = &inventory->rows[inventory->count++];
    *row = (struct inventory_row){
        .apic_id = apic_id,
        .uid = CPU_NONE,
        .package = CPU_NONE,
        .core = CPU_NONE,
        .thread = CPU_NONE,
    };
    return row;
}

static void merge_mps(const struct mps_claims *mps, struct inventory *ret)
{
    for (uint32_t i = 0; i < mps->count; i++) {
        const struct mps_claim *claim = &mps->cpus[i];
        struct inventory_row *row = claim->enabled ? row_for(ret, claim->apic_id) : NULL;
        if (!row || row->claimed_by & CLAIMED_BY_MPS) {
            continue;
        }
        row->claimed_by |= CLAIMED_BY_MPS;
        row->package = claim->package;
        row->core = claim->core;
        row->thread = claim->thread;
    }
}

static void merge_madt(const struct claims *claims, struct inventory *ret)
{
    for (uint32_t i = 0; i < claims->madt.count; i++) {
        const struct madt_claim *claim = &claims->madt.cpus[i];
        const bool known = inventory_find(ret, claim->apic_id) != CPU_NONE;
        if (!claim->enabled ||
            (!known && mps_state(&claims->mps, claim->apic_id) == CLAIM_DISABLED)) {
            continue;
        }
        struct inventory_row *row = row_for(ret, claim->apic_id);
        if (!row || row->claimed_by & CLAIMED_BY_MADT) {
            continue;
        }
        row->claimed_by |= CLAIMED_BY_MADT;
        row->uid = claim->uid;
    }
}

/* Whether this CPU is left asleep: there is one, and MP Services call it disabled. */
static bool is_asleep(const struct claims *claims, const struct inventory *inventory,
                      uint32_t apic_id)
{
    return mps_state(&claims->mps, apic_id) == CLAIM_DISABLED &&
           inventory_find(inventory, apic_id) == CPU_NONE;
}

bool inventory_is_spare(const struct claims *claims, const struct inventory *inventory,
                        uint32_t apic_id)
{
    return mps_state(&claims->mps, apic_id) == CLAIM_ABSENT &&
           madt_state(&claims->madt, apic_id) == CLAIM_DISABLED &&
           inventory_find(inventory, apic_id) == CPU_NONE;
}

/* The APIC ID of claim `n`, both sources taken as one list. */
static uint32_t listed_id(const struct claims *claims, uint32_t n)
{
    return n < claims->mps.count ? claims->mps.cpus[n].apic_id
                                 : claims->madt.cpus[n - claims->mps.count].apic_id;
}

static bool listed_before(const struct claims *claims, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (listed_id(claims, i) == listed_id(claims, n)) {
            return true;
        }
    }
    return false;
}

/* Claim `n` where it has no row. */
static void count_beside(const struct claims *claims, uint32_t n, struct inventory *ret)
{
    const uint32_t apic_id = listed_id(claims, n);
    if (is_asleep(claims, ret, apic_id)) {
        ret->disabled++;
    } else if (inventory_is_spare(claims, ret, apic_id)) {
        ret->spare++;
        ret->spare_online_capable += claims->madt.cpus[n - claims->mps.count].online_capable;
    }
}

static void list_asleep(const struct claims *claims, struct inventory *ret)
{
    for (uint32_t n = 0; n < claims->mps.count; n++) {
        const struct mps_claim *claim = &claims->mps.cpus[n];
        if (!claim->enabled) {
            ret->asleep[ret->asleep_count++] =
                (struct asleep_row){.apic_id = claim->apic_id, .claimed_by = CLAIMED_BY_MPS};
        }
    }
    for (uint32_t n = 0; n < claims->madt.count; n++) {
        const struct madt_claim *claim = &claims->madt.cpus[n];
        if (!claim->enabled) {
            ret->asleep[ret->asleep_count++] =
                (struct asleep_row){.apic_id = claim->apic_id,
                                    .uid = claim->uid,
                                    .claimed_by = CLAIMED_BY_MADT,
                                    .online_capable = claim->online_capable,
                                    .spare = inventory_is_spare(claims, ret, claim->apic_id)};
        }
    }
}

void inventory_merge(const struct claims *claims, struct inventory *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->mps = claims->mps.present ? claims->mps.count : CPU_NONE;
    ret->madt = claims->madt.present ? claims->madt.count : CPU_NONE;
    row_for(ret, claims->bsp_apic_id)->claimed_by = CLAIMED_BY_ITSELF;
    merge_mps(&claims->mps, ret);
    merge_madt(claims, ret);
    list_asleep(claims, ret);
    for (uint32_t n = 0; n < claims->mps.count + claims->madt.count; n++) {
        if (!listed_before(claims, n)) {
            count_beside(claims, n, ret);
        }
    }
}
