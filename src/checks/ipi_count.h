/* Counting what arrived against what was to come. */
#ifndef CHECKS_IPI_COUNT_H
#define CHECKS_IPI_COUNT_H

#include "ipi.h"

/* How often vector IPI_FIRST + `step` is to come to `cpu`, and from which rank (CPU_NONE: nobody's,
 * left alone then). */
typedef uint32_t expectation(const struct cpu *cpu, const struct ipi_party *party, uint32_t step,
                             uint32_t *ret_rank);

/* First of all in `observe`: fills `party`, and notes how many take part. */
void ipi_begin(struct cpu *cpu, struct ipi_party *party);
/* Planted: one more than was due, when all that was due has come. */
void ipi_send_planted(const struct cpu *cpu, uint8_t vector);
/* In `settle`: fills ret->ipi. */
void ipi_count(struct cpu *cpu, struct observation *ret, expectation *expect);

#endif
