/*
 * df.serial, df.benign, df.soft-int8: controls. What looks like a double fault and must not become
 * one.
 */
#include "fault_case.h"
#include "offer.h"

enum {
    PF_WRITE = 0x2,                         /* supervisor write to a page that is not there */
    NP_GATE_UD = VECTOR_UD * 8 + 0x2 + 0x1, /* IDT and EXT (SDM vol. 3A, 6.13) */
    NP_GATE_UD_TCG_7 = VECTOR_UD * 16 + 0x2,
    NP_GATE_UD_TCG_10 = VECTOR_UD * 8 + 0x2,
};

static void pf_on_own_stack(struct cpu *cpu)
{
    cpu->idt[VECTOR_PF].ist = IST_PROBE;
    if (cpu->planted)
        gate_absent(cpu, VECTOR_PF);
}

static void pf_on_running_stack(struct cpu *cpu)
{
    cpu->idt[VECTOR_PF].ist = IST_NONE;
    gate_present(cpu, VECTOR_PF);
}

/* #DE is contributory, #PF after it is not a double fault: it is delivered by itself. */
static void observe_serial(struct cpu *cpu, struct observation *ret)
{
    struct shot shot = {.fire = trigger_divide,
                        .argument = shot_stack_edge(cpu),
                        .arrange = pf_on_own_stack,
                        .undo = pf_on_running_stack};

    shot_want_df(cpu, &ret->probe, trigger_divide_rip);
    ret->probe.want.vector = VECTOR_PF;
    ret->probe.want.error = PF_WRITE;
    ret->probe.want.rsp = shot_stack_edge(cpu);
    ret->probe.want.frame = stack_top(cpu->index, STACK_PROBE) - FRAME_WITH_ERROR;
    ret->probe.dirty_wanted = 1u << STACK_PROBE;
    shot_want_guard_cr2(cpu, &ret->probe);
    shot_take(cpu, &ret->probe, &shot);
}

static void ud_absent(struct cpu *cpu)
{
    gate_absent(cpu, VECTOR_UD);
    if (cpu->planted)
        gate_absent(cpu, VECTOR_GP);
}

static void ud_present(struct cpu *cpu)
{
    gate_present(cpu, VECTOR_UD);
    gate_present(cpu, VECTOR_GP);
}

/* #UD is benign: #NP in its delivery is delivered as #NP, on the running stack. QEMU's error code
 * departs from the manual (do_interrupt64() in its target/i386/tcg/seg_helper.c): intno * 16 + 2 in
 * 7.2, intno * 8 + 2 in 10.0; EXT is set in neither. */
static void observe_benign(struct cpu *cpu, struct observation *ret)
{
    struct shot shot = {.fire = cpu->planted ? trigger_load : trigger_undefined,
                        .argument = NONCANONICAL,
                        .arrange = ud_absent,
                        .undo = ud_present};

    shot_want_df(cpu, &ret->probe, cpu->planted ? trigger_load_rip : trigger_undefined_rip);
    ret->probe.want.vector = VECTOR_NP;
    ret->probe.want.error = NP_GATE_UD;
    ret->probe.want.ext_open = follows_apm(); /* the #UD is no event from outside */
    ret->probe.want.frame = 0;
    if (under_tcg()) {
        ret->probe.tcg = (struct deviant){
            .what = TCG_NO_EXT, .error_count = 2, .errors = {NP_GATE_UD_TCG_7, NP_GATE_UD_TCG_10}};
    }
    ret->probe.dirty_wanted = 0;
    shot_take(cpu, &ret->probe, &shot);
}

/* INT 8 goes through gate 8 but pushes no error code; a handler that takes it for a #DF would be
 * off by one word (SDM vol. 3A, 6.4.2). */
static void gp_absent(struct cpu *cpu)
{
    gate_absent(cpu, VECTOR_GP);
}

static void gp_present(struct cpu *cpu)
{
    gate_present(cpu, VECTOR_GP);
}

static void observe_soft_int8(struct cpu *cpu, struct observation *ret)
{
    struct shot shot = {.fire = trigger_soft_df};

    shot_want_df(cpu, &ret->probe, trigger_soft_df_rip);
    ret->probe.want.soft = true;
    ret->probe.want.frame = stack_top(cpu->index, STACK_DF) - FRAME_WITHOUT_ERROR;
    if (cpu->planted) {
        shot = (struct shot){.fire = trigger_load,
                             .argument = NONCANONICAL,
                             .arrange = gp_absent,
                             .undo = gp_present};
    }
    shot_take(cpu, &ret->probe, &shot);
}

static const struct check rows[] = {
    SHOT("df.serial", "#DE, then #PF in its delivery, is no double fault: #PF is delivered",
         DF_TABLE, "a #PF gate that is absent", ROUNDS_ALSO_ALONE, observe_serial),
    SHOT("df.benign", "#UD, then #NP in its delivery, is no double fault: #NP is delivered",
         DF_TABLE "; SDM vol. 3A, 6.13", "#GP in the place of #UD", ROUNDS_ALSO_ALONE,
         observe_benign),
    SHOT("df.soft-int8", "INT 8 pushes no error code and is not taken for a double fault",
         "SDM vol. 3A, 6.4.2", "a double fault in its place", ROUNDS_ALSO_ALONE, observe_soft_int8),
};

FAMILY(df_control_family, rows);
