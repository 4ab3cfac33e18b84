#include <stdbool.h>

#include <muster/ipi_plan.h>
#include <muster/random.h>

static bool drawn_before(const struct ipi_plan *plan, uint32_t step, uint32_t offset)
{
    for (uint32_t n = 0; n < step; n++) {
        if (plan->offset[n] == offset)
            return true;
    }
    return false;
}

void ipi_plan_make(struct ipi_plan *ret, uint32_t ranks)
{
    uint64_t state = IPI_SEED;

    ret->ranks = ranks;
    ret->steps = ranks < IPI_STEPS_MAX ? ranks : IPI_STEPS_MAX;
    for (uint32_t step = 0; step < ret->steps; step++) {
        ret->offset[step] = step;
        if (ranks <= IPI_STEPS_MAX || step == 0)
            continue;
        do
            ret->offset[step] = random_below(&state, ranks);
        while (drawn_before(ret, step, ret->offset[step]));
    }
}

uint32_t ipi_plan_target(const struct ipi_plan *plan, uint32_t rank, uint32_t step)
{
    return (rank + plan->offset[step]) % plan->ranks;
}

uint32_t ipi_plan_sender(const struct ipi_plan *plan, uint32_t rank, uint32_t step)
{
    return (rank + plan->ranks - plan->offset[step]) % plan->ranks;
}
