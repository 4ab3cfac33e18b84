#include "unit.h"

#include <muster/pair_plan.h>

static struct pair_plan plan;

/* A pair is mutual, and nobody is its own partner. */
static void assert_rounds_are_sound(void)
{
    for (uint32_t round = 0; round < plan.rounds; round++) {
        for (uint32_t rank = 0; rank < plan.ranks; rank++) {
            const uint32_t partner = pair_plan_partner(&plan, round, rank);
            if (partner == PAIR_NONE) {
                continue;
            }
            assert_true(partner < plan.ranks && partner != rank);
            assert_int_equal(pair_plan_partner(&plan, round, partner), rank);
        }
    }
}

static void every_pair_meets_once(void **state)
{
    (void)state;
    for (uint32_t ranks = 1; ranks <= PAIRS_ALL_MAX; ranks++) {
        static uint8_t met[PAIRS_ALL_MAX][PAIRS_ALL_MAX];
        memset(met, 0, sizeof(met));
        pair_plan_make(&plan, ranks);
        assert_rounds_are_sound();
        assert_int_equal(pair_plan_count(&plan), ranks * (ranks - 1) / 2);
        for (uint32_t round = 0; round < plan.rounds; round++) {
            for (uint32_t rank = 0; rank < ranks; rank++) {
                const uint32_t partner = pair_plan_partner(&plan, round, rank);
                if (partner != PAIR_NONE) {
                    met[rank][partner]++;
                }
            }
        }
        for (uint32_t a = 0; a < ranks; a++) {
            for (uint32_t b = 0; b < ranks; b++) {
                assert_int_equal(met[a][b], a != b);
            }
        }
    }
}

static void a_lone_cpu_has_no_partner(void **state)
{
    (void)state;
    pair_plan_make(&plan, 1);
    assert_int_equal(plan.rounds, 0);
    assert_int_equal(pair_plan_count(&plan), 0);
}

/* From every rank, through partners of lower rank, to rank 0. */
static void the_tree_reaches_everybody(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {65, 96, 127, 128, 129, 255, 256, 1000, 4096};
    for (size_t n = 0; n < sizeof(sizes) / sizeof(sizes[0]); n++) {
        pair_plan_make(&plan, sizes[n]);
        assert_rounds_are_sound();
        assert_true(plan.tree_rounds > 0);
        for (uint32_t rank = 1; rank < plan.ranks; rank++) {
            uint32_t lower = 0;
            for (uint32_t round = 0; round < plan.tree_rounds; round++) {
                const uint32_t partner = pair_plan_partner(&plan, round, rank);
                lower += partner < rank;
            }
            assert_true(lower > 0);
        }
    }
}

static void the_sample_is_the_same_each_time(void **state)
{
    (void)state;
    struct pair_plan again;
    pair_plan_make(&plan, 255);
    pair_plan_make(&again, 255);
    assert_memory_equal(&plan, &again, sizeof(plan));
    for (uint32_t a = 0; a < PAIRS_SAMPLE; a++) {
        for (uint32_t b = 0; b < a; b++) {
            assert_int_not_equal(plan.sample[a], plan.sample[b]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_meets_once),
        cmocka_unit_test(a_lone_cpu_has_no_partner),
        cmocka_unit_test(the_tree_reaches_everybody),
        cmocka_unit_test(the_sample_is_the_same_each_time),
    };
    return RUN(tests);
}
