#include <muster/tsc_bonds.h>

static struct obs_offset *at(const struct tsc_bonds *bonds, uint32_t cpu)
{
    return (struct obs_offset *)((char *)bonds->first + (uint64_t)cpu * bonds->stride);
}

void tsc_bond_clear(struct obs_offset *ret, uint32_t cpu)
{
    *ret = (struct obs_offset){.cpu = cpu, .group = cpu, .apart_from = cpu, .wide_with = cpu};
}

uint32_t tsc_bond_root(const struct tsc_bonds *bonds, uint32_t cpu)
{
    while (at(bonds, cpu)->group != cpu)
        cpu = at(bonds, cpu)->group;
    return cpu;
}

/* The root is the lowest CPU of its group. */
static void join(const struct tsc_bonds *bonds, uint32_t a, uint32_t b)
{
    uint32_t root_a = tsc_bond_root(bonds, a), root_b = tsc_bond_root(bonds, b);

    if (root_a < root_b)
        at(bonds, root_b)->group = root_a;
    else
        at(bonds, root_a)->group = root_b;
    at(bonds, a)->group = at(bonds, b)->group = root_a < root_b ? root_a : root_b;
}

/* Where one bound is not known, the less the other leaves open. */
static uint64_t width(int64_t low, int64_t high)
{
    return (uint64_t)high - (uint64_t)low;
}

static int64_t negated(int64_t bound)
{
    return bound == INT64_MIN ? INT64_MAX : bound == INT64_MAX ? INT64_MIN : -bound;
}

static void note_apart(struct obs_offset *own, uint32_t partner, int64_t low, int64_t high)
{
    if (own->apart++ && width(low, high) >= width(own->apart_low, own->apart_high))
        return;
    own->apart_from = partner;
    own->apart_low = low;
    own->apart_high = high;
}

static void note_width(struct obs_offset *own, uint32_t partner, int64_t low, int64_t high)
{
    uint64_t half = (width(low, high) + 1) / 2;

    if (low == INT64_MIN || high == INT64_MAX || half < own->wide)
        return;
    own->wide = half;
    own->wide_with = partner;
}

static void note(struct obs_offset *own, uint32_t partner, int64_t low, int64_t high)
{
    own->pairs++;
    if (low > 0 || high < 0)
        note_apart(own, partner, low, high);
    else
        note_width(own, partner, low, high);
}

void tsc_bond(const struct tsc_bonds *bonds, uint32_t a, uint32_t b, int64_t low, int64_t high)
{
    note(at(bonds, b), a, low, high);
    note(at(bonds, a), b, negated(high), negated(low));
    if (low <= 0 && high >= 0)
        join(bonds, a, b);
}

void tsc_bond_late(const struct tsc_bonds *bonds, uint32_t a, uint32_t b)
{
    at(bonds, a)->late++;
    at(bonds, b)->late++;
}
