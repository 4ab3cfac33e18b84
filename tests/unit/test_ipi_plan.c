#include "unit.h"

#include <muster/ipi_plan.h>

static void every_cpu_gets_one_in_each_step(void **state)
{
    (void)state;
    const uint32_t counts[] = {1, 2, 5, 63, 64, 65, 255, 4096};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        struct ipi_plan plan;
        ipi_plan_make(&plan, counts[i]);
        assert_int_equal(plan.steps, counts[i] < IPI_STEPS_MAX ? counts[i] : IPI_STEPS_MAX);
        for (uint32_t step = 0; step < plan.steps; step++) {
            for (uint32_t rank = 0; rank < counts[i]; rank++) {
                const uint32_t target = ipi_plan_target(&plan, rank, step);
                assert_true(target < counts[i]);
                assert_int_equal(ipi_plan_sender(&plan, target, step), rank);
            }
        }
    }
}

static void no_pair_is_drawn_twice(void **state)
{
    (void)state;
    for (uint32_t ranks = 1; ranks < 300; ranks++) {
        struct ipi_plan plan;
        ipi_plan_make(&plan, ranks);
        assert_int_equal(plan.offset[0], 0);
        for (uint32_t a = 0; a < plan.steps; a++) {
            assert_true(plan.offset[a] < ranks);
            for (uint32_t b = 0; b < a; b++) {
                assert_int_not_equal(plan.offset[a], plan.offset[b]);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cpu_gets_one_in_each_step),
        cmocka_unit_test(no_pair_is_drawn_twice),
    };
    return RUN(tests);
}
