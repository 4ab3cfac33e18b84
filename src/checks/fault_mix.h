/* A few plain faults, each as a complete shot: for checks that need some going on. */
#ifndef CHECKS_FAULT_MIX_H
#define CHECKS_FAULT_MIX_H

#include "shot.h"

/* The vector that a listener hands to ring3_note(): what may come in STORM_RING3, whose ring 3 lets
 * interrupts in. */
enum { MIX_INTERRUPT = 0x30 };

/* Takes one fault of `kind` (STORM_UD to STORM_RING3) and records it in `probe`; true: it came as
 * wanted and left the CPU whole. `arrange` and `undo` as in struct shot, or NULL. */
bool fault_mix_take(struct cpu *cpu, enum storm_kind kind, struct obs_probe *probe,
                    void (*arrange)(struct cpu *cpu), void (*undo)(struct cpu *cpu));

#endif
