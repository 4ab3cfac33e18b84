/* fault.of, br, ac: exceptions that ring 0's 64-bit code cannot raise. They come from ring 3, the
 * first two from its 32-bit code. */
#include "fault_case.h"
#include "install.h"
#include "registers.h"

/* --- #OF: INTO asks for a gate of DPL 3, as every INT does ---------------------------------------
 */

static void of_for_user(struct cpu *cpu)
{
    cpu->idt[VECTOR_OF].type = GATE_USER;
}

static void of_for_ring0(struct cpu *cpu)
{
    cpu->idt[VECTOR_OF].type = tables_gate(VECTOR_OF).type;
}

/* --- #BR: 0 is no index from 1 to 2
 * --------------------------------------------------------------- */

static void aim_bounds(struct cpu *cpu, struct shot *shot, struct obs_probe *probe)
{
    uint32_t *bounds = (uint32_t *)(uintptr_t)user_ground(cpu);

    (void)probe;
    bounds[0] = 1;
    bounds[1] = 2;
    shot->argument = user_ground(cpu);
}

/* --- #AC
 * ------------------------------------------------------------------------------------------ */

static void check_alignment(struct cpu *cpu)
{
    (void)cpu;
    cr0_write(cr0_read() | CR0_AM);
}

static void ignore_alignment(struct cpu *cpu)
{
    (void)cpu;
    cr0_write(cr0_read() & ~CR0_AM);
}

/* Where QEMU has no #AC, ring 3 comes back by its INT. */
static void aim_odd(struct cpu *cpu, struct shot *shot, struct obs_probe *probe)
{
    shot->argument = user_ground(cpu) + 1;
    probe->tcg.rip = user_address(cpu, user_return_rip);
    probe->tcg.frame = stack_top(cpu->index, STACK_RSP0) - FRAME_WITHOUT_ERROR;
}

static const struct check rows[] = {
    FAULT("of", "INTO in 32-bit code, with OF set, traps: #OF with the RIP behind it",
          "SDM vol. 3A, 6.15 (#OF); vol. 2A, INTO; APM vol. 2, 8.2.5", .vector = VECTOR_OF,
          .class = CLASS_TRAP, .user = user_into, .rip = user_into_rip, .compat = true,
          .arrange = of_for_user, .undo = of_for_ring0),
    FAULT("br", "BOUND in 32-bit code, with an index out of bounds, is a fault: #BR",
          "SDM vol. 3A, 6.15 (#BR); vol. 2A, BOUND; APM vol. 2, 8.2.6", .vector = VECTOR_BR,
          .class = CLASS_FAULT, .user = user_bound, .rip = user_bound, .compat = true,
          .aim = aim_bounds),
    FAULT("ac",
          "with CR0.AM and RFLAGS.AC, a misaligned load of ring 3 is a fault: #AC, error code 0",
          "SDM vol. 3A, 6.15 (#AC); APM vol. 2, 8.2.18", .vector = VECTOR_AC, .class = CLASS_FAULT,
          .user = user_load, .rip = user_load, .rflags = RFLAGS_AC,
          .tcg = {.what = "#AC is never raised (all versions seen)", .vector = VECTOR_RING3},
          .aim = aim_odd, .arrange = check_alignment, .undo = ignore_alignment),
};

FAMILY(fault_user_family, rows);
