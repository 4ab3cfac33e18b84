/* Pairs of exceptions: the first, what is spoilt so that its delivery raises the second, and what
 * must come. */
#ifndef CHECKS_DF_PAIR_H
#define CHECKS_DF_PAIR_H

#include "fault_case.h"

struct df_raised {
    struct fault_case fault;
    bool soft; /* INT3: what its delivery raises has no EXT */
};

/* How each first exception is raised. */
extern const struct df_raised df_raised[FIRST_COUNT];
/* An address that is not mapped, for #PF to be raised first. */
uint64_t df_absent(const struct cpu *cpu);

/* What table 6-5 and the error codes of 6.13 want for this pair. */
void df_want(const struct cpu *cpu, enum df_first first, enum df_how how, struct obs_probe *probe);

/* Spoils the delivery of what `fault` raises; HOW_COUNT: not at all. */
void df_spoil(struct cpu *cpu, const struct fault_case *fault, enum df_how how);
/* Makes everything whole again that df_spoil() and a first exception may have spoilt. */
void df_heal(struct cpu *cpu, uint32_t vector);

/* A check's observe: cpu->subject is a row of df_raised; the first of ring 3 stands for all of
 * these. Planted: absent gates are left whole. */
void df_pairs_observe(struct cpu *cpu, struct observation *ret);
/* Its settle and its tally. */
void df_pairs_settle(struct cpu *cpu, struct observation *ret);
void df_pairs_tally(const struct observation *seen, struct report *to);

#endif
