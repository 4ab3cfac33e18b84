/*
 * tsc.warp, tsc.offset: the TSCs of two CPUs against each other, pair by pair (muster/pair_plan.h).
 * The BSP sends the two out; all others halt.
 *
 *   warp      Both go on reading a shared word, reading their TSC, and writing that into the word.
 * What another CPU has written was read before: a TSC that lies behind it goes back in time. offset
 * The first reads its TSC (t1) and calls; the second answers with its own (t2); the first reads
 * again (t3). So t2 lies between t1 and t3, and the second is ahead by t2 - t3 at least, t2 - t1 at
 * most. What all exchanges allow in common is the answer, and the best round trip its error bound.
 *
 * Both are about order alone: however long a hypervisor holds one of the two, nothing false is
 * seen; only less is known.
 */
#include "check.h"
#include "tsc.h"
#include "work.h"
#include <muster/pair_plan.h>
#include <muster/tsc_bonds.h>

enum {
    EXCHANGES = 24,
    HANDOVERS = 64,     /* of the shared word, on each side */
    TOGETHER_US = 1000, /* for more, once something is known */
    PATIENCE_MIN_US = 5000,
    PATIENCE_MAX_US = 200000, /* for the two to run at the same time at all */
    BUDGET_US = 1500000,      /* for all pairs */
};

/* A planted CPU reads its TSC so far ahead. */
#define PLANTED_AHEAD (UINT64_C(1) << 40)

/* What the two share; lies on the BSP's stack. */
struct link {
    struct cpu *side[2];
    bool warp;
    uint64_t patience_us;
    volatile uint32_t came;
    volatile uint32_t left __attribute__((aligned(64)));
    volatile uint64_t word
        __attribute__((aligned(64))); /* warp: a TSC, bit 0: whose. offset: turn */
    volatile uint64_t stamp __attribute__((aligned(64)));
    int64_t low, high; /* the second's TSC is ahead by: offset */
    volatile uint32_t exchanges;
    uint64_t back[2]; /* warp: how far its TSC lay behind what it had read */
    volatile uint32_t handovers[2];
};

static uint64_t own_tsc(const struct cpu *cpu)
{
    return tsc_read_ordered() + (cpu->planted ? PLANTED_AHEAD : 0);
}

/* Whether the pair has shown enough to end with. A TSC that is behind shows only to the CPU that
 * has it: of two that pass a word, each must have read what the other wrote. */
static bool known(const struct link *link)
{
    return link->exchanges || (link->handovers[0] && link->handovers[1]);
}

static bool in_time(struct cpu *cpu, const struct link *link, uint64_t begin)
{
    uint64_t passed = clock_us(&cpu->fleet->clock, tsc_read() - begin);

    cpu->heartbeat++;
    spin_hint();
    return passed < (known(link) ? TOGETHER_US : link->patience_us);
}

static bool partner_comes(struct cpu *cpu, struct link *link)
{
    uint64_t begin = tsc_read();

    __atomic_add_fetch(&link->came, 1, __ATOMIC_ACQ_REL);
    while (link->came < 2) {
        if (!in_time(cpu, link, begin))
            return false;
    }
    return true;
}

/* --- tsc.warp ----------------------------------------------------------------------------------
 */

/* One turn; true when the other side had written the word. */
static bool turn(struct cpu *cpu, struct link *link, uint32_t side)
{
    uint64_t before = __atomic_load_n(&link->word, __ATOMIC_ACQUIRE);
    uint64_t now = own_tsc(cpu);
    bool others = before && (before & 1) != side;
    int64_t back = (int64_t)((before & ~UINT64_C(1)) - now);

    if (others && back > 0 && (uint64_t)back > link->back[side])
        link->back[side] = (uint64_t)back;
    __atomic_store_n(&link->word, (now & ~UINT64_C(1)) | side, __ATOMIC_RELEASE);
    return others;
}

static void warp(struct cpu *cpu, struct link *link, uint32_t side)
{
    uint64_t begin = tsc_read();

    while (link->handovers[side] < HANDOVERS && in_time(cpu, link, begin)) {
        bool last = link->left;
        link->handovers[side] += turn(cpu, link, side);
        if (last)
            break;
    }
    link->left = 1;
}

/* --- tsc.offset --------------------------------------------------------------------------------
 */

static bool wait_turn(struct cpu *cpu, struct link *link, uint64_t turn, uint64_t begin)
{
    while (__atomic_load_n(&link->word, __ATOMIC_ACQUIRE) != turn) {
        if (link->left || !in_time(cpu, link, begin))
            return false;
    }
    return true;
}

static void narrow(struct link *link, uint64_t t1, uint64_t t2, uint64_t t3)
{
    int64_t low = (int64_t)(t2 - t3), high = (int64_t)(t2 - t1);

    if (!link->exchanges || low > link->low)
        link->low = low;
    if (!link->exchanges || high < link->high)
        link->high = high;
    link->exchanges++;
}

static void call(struct cpu *cpu, struct link *link)
{
    uint64_t begin = tsc_read();

    for (uint32_t n = 0; n < EXCHANGES; n++) {
        uint64_t t1 = own_tsc(cpu);
        __atomic_store_n(&link->word, 2 * n + 1, __ATOMIC_RELEASE);
        if (!wait_turn(cpu, link, 2 * n + 2, begin))
            break;
        uint64_t t3 = own_tsc(cpu);
        narrow(link, t1, link->stamp, t3);
    }
    link->left = 1;
}

static void answer(struct cpu *cpu, struct link *link)
{
    uint64_t begin = tsc_read();

    for (uint32_t n = 0; n < EXCHANGES; n++) {
        if (!wait_turn(cpu, link, 2 * n + 1, begin))
            break;
        link->stamp = own_tsc(cpu);
        __atomic_store_n(&link->word, 2 * n + 2, __ATOMIC_RELEASE);
    }
}

/* --- one pair, on both -------------------------------------------------------------------------
 */

static void put_pair(struct cpu *cpu, void *context)
{
    struct link *link = context;
    uint32_t side = cpu == link->side[1];

    if (!partner_comes(cpu, link))
        return;
    if (link->warp)
        warp(cpu, link, side);
    else if (side == 0)
        call(cpu, link);
    else
        answer(cpu, link);
}

/* What the pair has shown; false: nothing. */
static bool bounds_of(const struct link *link, int64_t *low, int64_t *high)
{
    if (!link->warp) {
        *low = link->low;
        *high = link->high;
        return known(link);
    }
    *low = link->back[0] ? (int64_t)link->back[0] : INT64_MIN;
    *high = link->back[1] ? -(int64_t)link->back[1] : INT64_MAX;
    return known(link) || link->back[0] || link->back[1];
}

/* --- all pairs, by the BSP ---------------------------------------------------------------------
 */

struct tour {
    struct fleet *fleet;
    const struct cpuset *set;
    struct cpuset *lost;
    struct tsc_bonds bonds;
    struct pair_plan plan;
    uint64_t begin;
    uint64_t patience_us; /* for one pair */
    bool warp;
};

static void put_to(struct tour *tour, uint32_t a, uint32_t b)
{
    struct fleet *fleet = tour->fleet;
    struct link link = {.side = {fleet_cpu(fleet, a), fleet_cpu(fleet, b)},
                        .warp = tour->warp,
                        .patience_us = tour->patience_us};
    struct cpuset two = {{0}};
    int64_t low, high;

    cpuset_add(&two, a);
    cpuset_add(&two, b);
    work_run(fleet, &two, put_pair, &link, tour->lost);
    if (bounds_of(&link, &low, &high))
        tsc_bond(&tour->bonds, a, b, low, high);
    else
        tsc_bond_late(&tour->bonds, a, b);
}

static uint64_t patience_for(uint32_t pairs)
{
    uint64_t each = BUDGET_US / (pairs ? pairs : 1);

    return each < PATIENCE_MIN_US   ? PATIENCE_MIN_US
           : each > PATIENCE_MAX_US ? PATIENCE_MAX_US
                                    : each;
}

static bool time_left(const struct tour *tour)
{
    return clock_us(&tour->fleet->clock, tsc_read() - tour->begin) < BUDGET_US;
}

static void do_round(struct tour *tour, uint32_t round)
{
    uint32_t rank = 0;

    cpuset_for_each(index, tour->set)
    {
        uint32_t partner = pair_plan_partner(&tour->plan, round, rank);
        if (partner != PAIR_NONE && partner > rank && time_left(tour) && cpuset_empty(tour->lost))
            put_to(tour, index, cpuset_nth(tour->set, partner));
        rank++;
    }
}

static void tour_make(struct fleet *fleet, const struct cpuset *set, struct cpuset *lost, bool warp)
{
    struct tour tour = {
        .fleet = fleet,
        .set = set,
        .lost = lost,
        .bonds = {&fleet_cpu(fleet, 0)->observations[ROUND_TOGETHER].offset, CPU_STRIDE},
        .begin = tsc_read(),
        .warp = warp,
    };

    pair_plan_make(&tour.plan, cpuset_count(set));
    tour.patience_us = patience_for(pair_plan_count(&tour.plan));
    for (uint32_t round = 0; round < tour.plan.rounds; round++)
        do_round(&tour, round);
}

static void conduct_warp(struct fleet *fleet, const struct cpuset *set, struct cpuset *lost)
{
    tour_make(fleet, set, lost, true);
}

static void conduct_offset(struct fleet *fleet, const struct cpuset *set, struct cpuset *lost)
{
    tour_make(fleet, set, lost, false);
}

static void observe_none(struct cpu *cpu, struct observation *ret)
{
    tsc_bond_clear(&ret->offset, cpu->index);
    ret->offset.tsc_hz = cpu->fleet->clock.tsc_hz;
    ret->offset.unasked = cpu->fleet->at_work_count < 2 ? UNASKED_ALONE : ASKED;
}

/* --- what is told ------------------------------------------------------------------------------
 */

static const struct obs_offset *offset_of(const struct fleet *fleet, uint32_t index)
{
    return &fleet_cpu(fleet, index)->observations[ROUND_TOGETHER].offset;
}

static void remark_pairs(const struct fleet *fleet, const struct cpuset *examined, struct text *out)
{
    struct pair_plan plan;
    uint32_t halves = 0;

    cpuset_for_each(index, examined) halves += offset_of(fleet, index)->pairs;
    pair_plan_make(&plan, cpuset_count(examined));
    text_format(out, "%u of %u pairs", halves / 2, pair_plan_count(&plan));
    if (plan.tree_rounds)
        text_add(out, ": a tree and a sample, seed 0x7061697273");
}

static void tally_offset(const struct observation *seen, struct report *to)
{
    const struct obs_offset *offset = &seen->offset;
    struct time_figures *figures = &to->time;

    figures->offset_halves += offset->pairs;
    figures->offset_late += offset->late;
    if (offset->wide > figures->wide.wide)
        figures->wide = *offset;
    if (offset->apart && offset->apart >= figures->apart.apart)
        figures->apart = *offset;
}

#define PAIRS(name, text, what)                                                                    \
    CHECK_INFO(name, text, "SDM vol. 3B, 18.17.4 and vol. 2B, RDTSC", what, SCOPE_PAIRS,           \
               HAZARD_MAY_HANG),                                                                   \
        .planting = PLANTED_INSIDE, .observe = observe_none

static const struct check rows[] = {
    {PAIRS("tsc.warp",
           "of two CPUs that pass a word to and fro, none reads a TSC behind the one that the "
           "other read before (all pairs of up to 64 CPUs; beyond, a tree and a sample, seed "
           "0x7061697273)",
           "a CPU whose TSC is 2^40 ticks ahead"),
     .conduct = conduct_warp, .judge_crowd = judge_warp, .remark = remark_pairs},
    {PAIRS("tsc.offset",
           "the TSCs of two CPUs are the same, as far as their best round trip can tell (pairs as "
           "in tsc.warp)",
           "a CPU whose TSC is 2^40 ticks ahead"),
     .conduct = conduct_offset, .judge_crowd = judge_offset, .remark = remark_pairs,
     .tally = tally_offset},
};

FAMILY(tsc_pair_family, rows);
