/* ring3.*: into ring 3 by IRETQ, and back through gates and faults. */
#include "offer.h"
#include "prot.h"

/* In an error code: the selector is a gate's (SDM vol. 3A, 6.13). */
enum { ERROR_IDT = 2 };

static void rsp0_elsewhere(struct cpu *cpu)
{
    cpu->tss->tss.rsp[0] = stack_top(cpu->index, STACK_PROBE);
}

static void rsp0_back(struct cpu *cpu)
{
    cpu->tss->tss.rsp[0] = stack_top(cpu->index, STACK_RSP0);
}

/* --- ring3.gate --------------------------------------------------------------------------------
 */

static void observe_gate(struct cpu *cpu, struct observation *ret)
{
    struct step step = {.code = user_return, .vector = VECTOR_RING3};

    if (cpu->planted) {
        step.arrange = rsp0_elsewhere;
        step.undo = rsp0_back;
    }
    steps_begin(cpu, ret, RING_WAY, FEATURE_NONE);
    step_take(cpu, ret, &step);
}

/* --- ring3.gate-dpl ----------------------------------------------------------------------------
 */

static void wake_gate_open(struct cpu *cpu)
{
    cpu->idt[VECTOR_WAKE].type = GATE_USER;
}

static void wake_gate_closed(struct cpu *cpu)
{
    gate_present(cpu, VECTOR_WAKE);
}

/* The gate's DPL is below CPL: #GP with the gate in its error code, EXT clear since the program
 * asked for it. QEMU 7.2 has the vector times 16 (do_interrupt64() in
 * target/i386/tcg/seg_helper.c). */
static struct step int_denied(const char *what, const char *code, uint32_t vector, bool compat)
{
    return (struct step){.what = what,
                         .code = code,
                         .compat = compat,
                         .vector = VECTOR_GP,
                         .error = vector * 8 + ERROR_IDT,
                         .tcg_error = under_tcg() ? vector * 16 + ERROR_IDT : 0};
}

static void observe_gate_dpl(struct cpu *cpu, struct observation *ret)
{
    struct step steps[] = {
        int_denied("INT 240", user_int_wake, VECTOR_WAKE, false),
        int_denied("INT 8", user_int_df, VECTOR_DF, false),
        int_denied("INT3", user_int_bp, VECTOR_BP, false),
        int_denied("INT 240 in 32-bit code", user_int_wake, VECTOR_WAKE, true),
    };

    if (cpu->planted) {
        steps[0].arrange = wake_gate_open;
        steps[0].undo = wake_gate_closed;
    }
    steps_begin(cpu, ret, RING_PRIVILEGE, FEATURE_NONE);
    steps_take(cpu, ret, STEPS(steps));
}

/* --- ring3.compat ------------------------------------------------------------------------------
 */

static void observe_compat(struct cpu *cpu, struct observation *ret)
{
    const struct step enter = {.what = "INT in 32-bit code",
                               .code = user_compat,
                               .rip = user_compat_rip,
                               .compat = true,
                               .vector = VECTOR_RING3};
    struct step as_planted = enter;

    steps_begin(cpu, ret, RING_WAY, FEATURE_NONE);
    if (cpu->planted)
        as_planted.compat = false;
    if (!step_take(cpu, ret, &as_planted))
        return;
    ret->ring.values[RING_MODE] = (struct pair){COMPAT_MARK, (uint32_t)cpu->probe.user.rax};
}

/* --- ring3.fault -------------------------------------------------------------------------------
 */

static void ud_elsewhere(struct cpu *cpu)
{
    cpu->idt[VECTOR_UD].ist = IST_PROBE;
}

static void ud_back(struct cpu *cpu)
{
    cpu->idt[VECTOR_UD].ist = IST_NONE;
}

/* The guard page above the user stack is unmapped, GDT and kernel code are ring 0's. */
static void observe_fault(struct cpu *cpu, struct observation *ret)
{
    uint64_t nothing = user_stack_top(cpu), gdt = (uintptr_t)cpu->gdt;
    struct step steps[] = {
        {.what = "UD2", .code = user_undefined, .vector = VECTOR_UD},
        {.what = "DIV by zero", .code = user_divide, .vector = VECTOR_DE},
        {.what = "HLT", .code = user_hlt, .vector = VECTOR_GP},
        pf_ring3("load, not mapped", user_load, nothing, 0),
        pf_ring3("store, not mapped", user_store, nothing, PF_WRITE),
        pf_ring3("load from ring 0's page", user_load, gdt, PF_PRESENT),
        pf_ring3("store to ring 0's page", user_store, gdt, PF_PRESENT | PF_WRITE),
        {.what = "UD2 in 32-bit code", .code = user_undefined, .compat = true, .vector = VECTOR_UD},
        {.what = "DIV in 32-bit code", .code = user_divide, .compat = true, .vector = VECTOR_DE},
        pf_ring3("load in 32-bit code", user_compat_load, nothing, 0),
    };

    steps[sizeof steps / sizeof steps[0] - 1].compat = true;
    if (cpu->planted) {
        steps[0].arrange = ud_elsewhere;
        steps[0].undo = ud_back;
    }
    steps_begin(cpu, ret, RING_WAY, FEATURE_NONE);
    steps_take(cpu, ret, STEPS(steps));
}

/* --- ring3.rsp0 --------------------------------------------------------------------------------
 */

/* There and back: a CPU that kept what it once read of its TSS shows at one of the two. The frame
 * is wanted where RSP0 points when step_take() is called. */
static void observe_rsp0(struct cpu *cpu, struct observation *ret)
{
    const struct step first = {.what = "RSP0", .code = user_return, .vector = VECTOR_RING3};
    struct step moved = first, back = first;

    moved.what = "RSP0 changed";
    back.what = "RSP0 changed back";
    if (cpu->planted) {
        moved.arrange = rsp0_back;
    }
    steps_begin(cpu, ret, RING_WAY, FEATURE_NONE);
    if (!step_take(cpu, ret, &first))
        return;
    rsp0_elsewhere(cpu);
    bool went = step_take(cpu, ret, &moved);
    rsp0_back(cpu);
    ret->ring.probe.dirty_wanted |= 1u << STACK_PROBE;
    if (went)
        step_take(cpu, ret, &back);
}

/* --- ring3.privileged --------------------------------------------------------------------------
 */

#define IOPL_3 UINT64_C(0x3000)

static const struct {
    const char *what, *code;
} privileged[] = {
    {"CLI", user_cli},
    {"STI", user_sti},
    {"HLT", user_hlt},
    {"CLTS", user_clts},
    {"LGDT", user_lgdt},
    {"LIDT", user_lidt},
    {"LLDT", user_lldt},
    {"LTR", user_ltr},
    {"LMSW", user_lmsw},
    {"INVLPG", user_invlpg},
    {"RDMSR", user_rdmsr},
    {"WRMSR", user_wrmsr},
    {"SWAPGS", user_swapgs},
    {"MOV from CR0", user_read_cr0},
    {"MOV to CR3", user_write_cr3},
    {"MOV to CR4", user_write_cr4},
    {"MOV from DR7", user_read_dr7},
};

static void observe_privileged(struct cpu *cpu, struct observation *ret)
{
    steps_begin(cpu, ret, RING_PRIVILEGE, FEATURE_NONE);
    for (uint32_t n = 0; n < sizeof privileged / sizeof privileged[0]; n++) {
        const struct step step = {.what = privileged[n].what,
                                  .code = privileged[n].code,
                                  .vector = VECTOR_GP,
                                  .rflags = cpu->planted ? PROBE_RFLAGS | IOPL_3 : 0};
        if (!step_take(cpu, ret, &step))
            return;
    }
}

/* --- ring3.wbinvd ------------------------------------------------------------------------------
 */

/* By itself, because QEMU forgot it: the entry of opcode 0F 09 in its
 * target/i386/tcg/decode-new.c.inc (10.0) asks for no privilege. */
static void observe_wbinvd(struct cpu *cpu, struct observation *ret)
{
    const struct step step = {
        .what = "WBINVD", .code = cpu->planted ? user_undefined : user_wbinvd, .vector = VECTOR_GP};

    steps_begin(cpu, ret, RING_PRIVILEGE, FEATURE_NONE);
    if (under_tcg()) {
        ret->ring.tcg_vector = VECTOR_RING3;
        ret->ring.tcg_rip = user_address(cpu, user_return_rip);
    }
    step_take(cpu, ret, &step);
}

static const struct check rows[] = {
    STEP_CHECK("ring3.gate",
               "IRETQ reaches 64-bit ring 3, and INT through a gate of DPL 3 comes back on this "
               "CPU's RSP0 with all five words of the frame",
               "SDM vol. 3A, 6.12.1 and 6.14; vol. 2A, INT n and IRET; APM vol. 2, 8.9",
               "another stack in RSP0", ROUNDS_ALSO_ALONE, observe_gate, SHOT_NEEDS),
    STEP_CHECK(
        "ring3.gate-dpl",
        "INT through a gate of DPL 0 is refused to ring 3, by #GP with the gate in its error "
        "code",
        "SDM vol. 3A, 6.12.1.2 and 6.13; APM vol. 2, 8.9.4", "a gate of DPL 3", ROUNDS_TOGETHER,
        observe_gate_dpl, STEP_NEEDS),
    STEP_CHECK("ring3.compat",
               "IRETQ reaches 32-bit code in compatibility mode, and INT comes back from it",
               "SDM vol. 3A, 5.2.1 and 6.14; APM vol. 2, 4.8.1 and 8.9",
               "64-bit code in place of 32-bit code", ROUNDS_ALSO_ALONE, observe_compat,
               STEP_NEEDS),
    STEP_CHECK(
        "ring3.fault",
        "faults of ring 3 arrive on RSP0 with its selectors and stack, and #PF with U in its "
        "error code",
        "SDM vol. 3A, 4.7, 6.14 and 6.15; APM vol. 2, 8.2 and 8.9", "a stack of its own for #UD",
        ROUNDS_TOGETHER, observe_fault, STEP_NEEDS),
    STEP_CHECK("ring3.rsp0", "a change of RSP0 in the TSS is seen by the next entry from ring 3",
               "SDM vol. 3A, 6.14.2 and 8.7; APM vol. 2, 12.2.5", "RSP0 not changed",
               ROUNDS_ALSO_ALONE, observe_rsp0, STEP_NEEDS),
    STEP_CHECK("ring3.privileged",
               "instructions that are ring 0's are refused to ring 3, by #GP(0)",
               "SDM vol. 3A, 5.9; vol. 1, 19.5.1; APM vol. 2, 4.9 and 6",
               "IOPL 3, which allows CLI", ROUNDS_TOGETHER, observe_privileged, STEP_NEEDS),
    STEP_CHECK("ring3.wbinvd", "WBINVD is refused to ring 3, by #GP(0)",
               "SDM vol. 3A, 5.9; vol. 2D, WBINVD; APM vol. 3, WBINVD", "UD2 in its place",
               ROUNDS_TOGETHER, observe_wbinvd, STEP_NEEDS),
};

FAMILY(ring3_family, rows);
