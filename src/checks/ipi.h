/* What the files of ipi.* share: who takes part, and the listener that counts. */
#ifndef CHECKS_IPI_H
#define CHECKS_IPI_H

#include "check.h"
#include <muster/ipi_plan.h>

/* Vectors that the listener counts: above the exceptions, below muster's own. */
enum { IPI_FIRST = 0x30, IPI_LAST = IPI_FIRST + 2 * IPI_STEPS_MAX - 1 };

struct ipi_party {
    struct ipi_plan plan;
    uint32_t rank; /* of the calling CPU, among those at work */
};

void ipi_party_read(const struct cpu *cpu, struct ipi_party *ret);
/* The CPU of that rank among those at work. */
struct cpu *ipi_member(const struct cpu *cpu, uint32_t rank);
void ipi_send_self(const struct cpu *cpu, uint8_t vector);
/* Sends all to itself, and waits until the IRR holds them; true: it does. Interrupts off. */
bool ipi_make_pending(const struct cpu *cpu, const uint8_t *vectors, uint32_t count);
/* Whether a broadcast reaches only CPUs that are at work: none asleep, lost or left out. A CPU
 * behind a spare entry of the MADT would wait for SIPI, and takes no fixed IPI. */
bool ipi_nobody_else(const struct fleet *fleet);
/* Counts, looks for the letter, and ends the interrupt. */
bool ipi_listen(struct cpu *cpu, struct exception_frame *frame);

#define IPI(name, text, where, what, ask, end, judge_it, listener_of)                              \
    {                                                                                              \
        .info = {.id = name,                                                                       \
                 .claim = text,                                                                    \
                 .source = where,                                                                  \
                 .needs = "idt.loaded,gs.base",                                                    \
                 .defect = what,                                                                   \
                 .scope = SCOPE_EACH_CPU,                                                          \
                 .hazard = HAZARD_MAY_HANG},                                                       \
        .planting = PLANTED_INSIDE, .observe = (ask), .settle = (end), .judge = (judge_it),        \
        .listen = (listener_of)                                                                    \
    }

#endif
