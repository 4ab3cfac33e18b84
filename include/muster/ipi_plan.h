/* Who sends IPIs to whom, so that no CPU gets one vector from two senders. Pure; any phase. */
#ifndef MUSTER_IPI_PLAN_H
#define MUSTER_IPI_PLAN_H

#include <stdint.h>

enum { IPI_STEPS_MAX = 64 };
#define IPI_SEED UINT64_C(0x6d7573746572)

/*
 * In step k the CPU of rank r sends to rank r + offset[k] (round the end). So every CPU gets
 * exactly one IPI in each step, and the step, which is the vector, tells from whom. Up to
 * IPI_STEPS_MAX CPUs the offsets are all there are: all pairs, and step 0 is the CPU itself.
 * Beyond, the others are a sample drawn with IPI_SEED.
 */
struct ipi_plan {
    uint32_t ranks, steps;
    uint32_t offset[IPI_STEPS_MAX];
};

/* `ranks`: how many CPUs take part, at least 1. */
void ipi_plan_make(struct ipi_plan *ret, uint32_t ranks);
uint32_t ipi_plan_target(const struct ipi_plan *plan, uint32_t rank, uint32_t step);
uint32_t ipi_plan_sender(const struct ipi_plan *plan, uint32_t rank, uint32_t step);

#endif
