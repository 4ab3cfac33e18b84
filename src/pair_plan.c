#include <stdbool.h>

#include <muster/pair_plan.h>
#include <muster/random.h>

/* Where all stand opposite to somebody: an odd number gets one who is not there. */
static uint32_t places(const struct pair_plan *plan)
{
    return plan->ranks + plan->ranks % 2;
}

static bool drawn_before(const struct pair_plan *plan, uint32_t count, uint32_t round)
{
    for (uint32_t n = 0; n < count; n++) {
        if (plan->sample[n] == round)
            return true;
    }
    return false;
}

void pair_plan_make(struct pair_plan *ret, uint32_t ranks)
{
    uint64_t state = PAIRS_SEED;

    *ret = (struct pair_plan){.ranks = ranks};
    if (ranks <= PAIRS_ALL_MAX) {
        ret->rounds = ranks < 2 ? 0 : places(ret) - 1;
        return;
    }
    while (UINT32_C(1) << ret->tree_rounds < ranks)
        ret->tree_rounds++;
    ret->rounds = ret->tree_rounds + PAIRS_SAMPLE;
    for (uint32_t n = 0; n < PAIRS_SAMPLE; n++) {
        do
            ret->sample[n] = random_below(&state, places(ret) - 1);
        while (drawn_before(ret, n, ret->sample[n]));
    }
}

static uint32_t opposite(const struct pair_plan *plan, uint32_t round, uint32_t rank)
{
    uint32_t walkers = places(plan) - 1;

    if (rank == walkers)
        return round;
    uint32_t other = (2 * round + walkers - rank) % walkers;
    return other == rank ? walkers : other;
}

uint32_t pair_plan_partner(const struct pair_plan *plan, uint32_t round, uint32_t rank)
{
    uint32_t partner;

    if (!plan->tree_rounds)
        partner = opposite(plan, round, rank);
    else if (round < plan->tree_rounds)
        partner = rank ^ UINT32_C(1) << round;
    else
        partner = opposite(plan, plan->sample[round - plan->tree_rounds], rank);
    return partner < plan->ranks ? partner : PAIR_NONE;
}

uint32_t pair_plan_count(const struct pair_plan *plan)
{
    uint32_t members = 0;

    for (uint32_t round = 0; round < plan->rounds; round++) {
        for (uint32_t rank = 0; rank < plan->ranks; rank++)
            members += pair_plan_partner(plan, round, rank) != PAIR_NONE;
    }
    return members / 2;
}
