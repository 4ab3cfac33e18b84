/* A probe: one controlled fault. It says what must come, triggers it, records what came, and leaves
 * the CPU whole. */
#ifndef SMP_PROBE_H
#define SMP_PROBE_H

#include "cpu.h"

/* The general registers hold known values and RFLAGS this one when a trigger starts. */
#define PROBE_RFLAGS UINT64_C(0x8d7) /* CF PF AF ZF SF OF, IF clear, bit 1 */
/* CR2 must keep this where no page fault comes in. */
#define CR2_UNTOUCHED UINT64_C(0x00007ee7c0de0000)

/* Assembly that faults: gets `argument` in RDI and `count` in RSI. Ends only through an exception
 * or by jumping to probe_no_fault. Labels trigger_*_rip in triggers.S name the faulting
 * instruction. */
typedef void trigger(uint64_t argument, uint64_t count);

/* Runs `fire` on the calling CPU with `record` filled in but for what comes; returns when an
 * exception has been caught or the trigger ended without one. If `after_rip` is not 0, every caught
 * exception resumes there with the faulting RSP, until the trigger ends by itself. Fills
 * record->came, seen and differs. Interrupts off, on the CPU's main stack. */
void probe_run(struct cpu *cpu, trigger *fire, uint64_t argument, uint64_t count,
               uint64_t after_rip, struct obs_probe *record);

/* Whether the probe in progress wants `vector`. */
bool probe_wants(const struct cpu *cpu, uint32_t vector);

/* Compares `frame` with what `record` wants, and records it. What is not as wanted stays. */
bool probe_note(struct cpu *cpu, const struct exception_frame *frame, struct obs_probe *record);

/* An exception arrived while a probe is armed. Called by exception_dispatch() only. */
void probe_catch(struct cpu *cpu, struct exception_frame *frame);

/* Records CR0, CR3 … GS bases of the calling CPU. */
void cpu_state_read(struct cpu_state *ret);
/* Bits by enum whole_part: what differs. */
uint32_t cpu_state_compare(const struct cpu_state *a, const struct cpu_state *b);

/* Assembly (probe_entry.S). */
void probe_enter(struct probe *probe, trigger *fire, uint64_t argument, uint64_t count);
extern const char probe_resume[] __attribute__((visibility("hidden")));
/* Whether the general registers at a fault are those that probe_enter() set. */
enum { PROBE_RBX = 0x0b0b0b0b, PROBE_RBP = 0x50505050, PROBE_R12 = 0x12121212 };
enum { PROBE_R13 = 0x13131313, PROBE_R14 = 0x14141414, PROBE_R15 = 0x15151515 };

#endif
