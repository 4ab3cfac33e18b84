/* fault.*: the exceptions that an instruction raises by itself, one by one. */
#include "fault_case.h"
#include "registers.h"

/* --- debug exceptions: breakpoint 0, in the ground page of this CPU ----------------------------
 */

/* DR7: L0, and R/W0 and LEN0 (SDM vol. 3B, 18.2.4). */
#define DR7_CODE_0   (DR7_CLEAR | 1)
#define DR7_WRITE8_0 (DR7_CLEAR | 1 | UINT64_C(1) << 16 | UINT64_C(2) << 18)

/* QEMU throws the code that hit a data breakpoint away (tb_check_watchpoint()), and all CPUs that
 * run it wait for each other in making it anew: with 255 at once this takes half a minute. */
enum { HITS_AT_ONCE = 2 };

static void debug_clear(struct cpu *cpu)
{
    (void)cpu;
    dr7_write(DR7_CLEAR);
    dr0_write(0);
    dr6_write(DR6_CLEAR);
}

static void break_on_write(struct cpu *cpu)
{
    debug_clear(cpu);
    dr0_write(user_ground(cpu));
    dr7_write(DR7_WRITE8_0);
}

static void break_on_code(struct cpu *cpu)
{
    debug_clear(cpu);
    dr0_write((uintptr_t)trigger_code_breakpoint_rip);
    dr7_write(DR7_CODE_0);
}

static void aim_ground(struct cpu *cpu, struct shot *shot, struct obs_probe *probe)
{
    (void)probe;
    shot->argument = user_ground(cpu);
}

/* Where QEMU has no INT1, it is #UD at the instruction, one byte before. */
static void aim_int1(struct cpu *cpu, struct shot *shot, struct obs_probe *probe)
{
    (void)cpu;
    (void)shot;
    probe->tcg.rip = (uintptr_t)trigger_int1_rip - 1;
}

/* --- NMI: sent by this CPU to itself -----------------------------------------------------------
 */

static void aim_nmi(struct cpu *cpu, struct shot *shot, struct obs_probe *probe)
{
    shot->argument = cpu->apic_id;
    shot->count = apic_aim_nmi(&cpu->fleet->apic, cpu->apic_id);
    probe->want.rip_slack = (uint64_t)(trigger_nmi_end - trigger_nmi_rip);
}

/* --- x87 and SSE -------------------------------------------------------------------------------
 */

static void task_switched(struct cpu *cpu)
{
    (void)cpu;
    cr0_write(cr0_read() | CR0_TS);
}

static void task_kept(struct cpu *cpu)
{
    (void)cpu;
    cr0_write(cr0_read() & ~CR0_TS);
}

static void x87_fresh(struct cpu *cpu)
{
    (void)cpu;
    __asm__ volatile("fninit");
}

static void sse_fresh(struct cpu *cpu)
{
    const uint32_t mxcsr = MXCSR_DEFAULT;

    (void)cpu;
    __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
}

#define TRAPS "SDM vol. 3A, 6.5 and 6.15; APM vol. 2, 8.2"
#define DEBUG "SDM vol. 3A, 6.15 (#DB); vol. 3B, 18.2 and 18.3; APM vol. 2, 13.1"

static const struct check rows[] = {
    FAULT("de", "DIV by zero is a fault: #DE with the RIP of the DIV", TRAPS, .vector = VECTOR_DE,
          .class = CLASS_FAULT, .fire = trigger_zero_divide, .rip = trigger_zero_divide_rip),
    FAULT("db-step", "TF traps behind the instruction after POPF, on #DB's stack; DR6.BS is set",
          DEBUG, .vector = VECTOR_DB, .class = CLASS_TRAP, .fire = trigger_step,
          .rip = trigger_step_rip, .rflags = RFLAGS_TF, .reads_dr6 = true, .dr6 = DR6_BS,
          .arrange = debug_clear, .undo = debug_clear),
    FAULT("db-data", "a data breakpoint traps behind the write; DR6.B0 is set", DEBUG,
          .vector = VECTOR_DB, .class = CLASS_TRAP, .fire = trigger_data_breakpoint,
          .rip = trigger_data_breakpoint_rip, .reads_dr6 = true, .dr6 = DR6_B0,
          .at_once = HITS_AT_ONCE, .aim = aim_ground, .arrange = break_on_write,
          .undo = debug_clear),
    FAULT("db-code", "an instruction breakpoint is a fault: #DB before the instruction, DR6.B0 set",
          DEBUG, .vector = VECTOR_DB, .class = CLASS_BREAKPOINT, .fire = trigger_code_breakpoint,
          .rip = trigger_code_breakpoint_rip, .reads_dr6 = true, .dr6 = DR6_B0,
          .arrange = break_on_code, .undo = debug_clear),
    FAULT("db-int1", "INT1 (opcode F1) traps: #DB with the RIP behind it, no cause in DR6",
          "SDM vol. 2A, INT1; vol. 3A, 6.15 (#DB); APM vol. 3, INT1", .vector = VECTOR_DB,
          .class = CLASS_TRAP, .fire = trigger_int1, .rip = trigger_int1_rip, .reads_dr6 = true,
          .tcg = {.what = "INT1 is #UD (7.2: WANT_ICEBP is not defined in translate.c)",
                  .vector = VECTOR_UD},
          .aim = aim_int1, .arrange = debug_clear, .undo = debug_clear),
    FAULT("nmi", "an NMI that the CPU sends itself arrives once, on the NMI's stack",
          "SDM vol. 3A, 6.7 and 11.6.1; APM vol. 2, 8.2.3 and 16.5", .vector = VECTOR_NMI,
          .class = CLASS_INTERRUPT, .fire = trigger_nmi, .rip = trigger_nmi_rip, .aim = aim_nmi),
    FAULT("bp", "INT3 traps: #BP with the RIP behind it", TRAPS, .vector = VECTOR_BP,
          .class = CLASS_TRAP, .fire = trigger_int3, .rip = trigger_int3_rip),
    FAULT("ud", "UD2 is a fault: #UD with the RIP of the UD2", TRAPS, .vector = VECTOR_UD,
          .class = CLASS_FAULT, .fire = trigger_ud, .rip = trigger_ud_rip),
    FAULT("nm", "with CR0.TS set, an x87 instruction is a fault: #NM",
          "SDM vol. 3A, 2.5 and 6.15 (#NM); APM vol. 2, 8.2.8", .vector = VECTOR_NM,
          .class = CLASS_FAULT, .fire = trigger_device, .rip = trigger_device_rip,
          .arrange = task_switched, .undo = task_kept),
    FAULT("nm-sse", "with CR0.TS set, an SSE instruction is a fault: #NM",
          "SDM vol. 3A, 2.5 and 6.15 (#NM); APM vol. 2, 8.2.8", .vector = VECTOR_NM,
          .class = CLASS_FAULT, .fire = trigger_device_sse, .rip = trigger_device_sse_rip,
          .arrange = task_switched, .undo = task_kept),
    FAULT("mf", "a pending x87 error is raised by WAIT as #MF (CR0.NE): the RIP of the WAIT",
          "SDM vol. 3A, 6.15 (#MF); vol. 1, 8.7; APM vol. 2, 8.2.17", .vector = VECTOR_MF,
          .class = CLASS_FAULT, .fire = trigger_x87, .rip = trigger_x87_rip, .undo = x87_fresh),
    FAULT("xm", "an unmasked SSE error is a fault: #XM (CR4.OSXMMEXCPT) at the DIVSS",
          "SDM vol. 3A, 6.15 (#XM); vol. 1, 11.5; APM vol. 2, 8.2.20", .vector = VECTOR_XM,
          .class = CLASS_FAULT, .fire = trigger_sse, .rip = trigger_sse_rip,
          .tcg = {.what = "SSE exceptions are never raised (all versions seen)", .silent = true},
          .undo = sse_fresh),
};

FAMILY(fault_family, rows);
