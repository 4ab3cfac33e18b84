/* What the checks of prot.* share: error codes of #PF, the ground, and steps that page-fault. */
#ifndef CHECKS_PROT_H
#define CHECKS_PROT_H

#include "prot_triggers.h"
#include "step.h"

/* The error code of #PF (SDM vol. 3A, figure 4-12). */
enum { PF_PRESENT = 1, PF_WRITE = 2, PF_USER = 4, PF_FETCH = 16, PF_KEY = 32 };

#define GROUND_AS_FOUND (PAGE_USER | PAGE_WRITE | PAGE_NX)

/* Maps this CPU's ground with `flags` from now on. The CPU itself. */
void ground_set(struct cpu *cpu, uint64_t flags);
/* As it was; its first word, the only one that is ever written, is 0 again. */
void ground_restore(struct cpu *cpu);
/* Puts code there that jumps on to RSI; while it can be written. */
void ground_code(struct cpu *cpu);

/* #PF of ring 0 at the instruction `rip`, and of ring 3 at the label `code`; U is added for ring 3.
 */
struct step pf_ring0(const char *what, trigger *fire, const char *rip, uint64_t address,
                     uint64_t error);
struct step pf_ring3(const char *what, const char *code, uint64_t address, uint64_t error);
/* #PF of the fetch at `target`; what is not stopped jumps on, and comes back. I is added. */
struct step jump_ring0(const char *what, uint64_t target, uint64_t error);
struct step jump_ring3(const struct cpu *cpu, const char *what, uint64_t target, uint64_t error);

#endif
