/* What is spoilt for each pair of exceptions, and what must come of it. */
#include "df_pair.h"
#include "install.h"
#include "offer.h"
#include "registers.h"
#include "spoil.h"
#include <muster/memory.h>

enum {
    ERROR_IDT = 2,
    PF_WRITE = 2,
    TYPE_CALL_GATE = 0x8c, /* present, but no interrupt gate */
};

/* --- the first exceptions ----------------------------------------------------------------------
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

static void stack_beyond_tss(struct cpu *cpu)
{
    spoil_tss_limit(cpu);
    cpu->idt[VECTOR_RING3].ist = IST_PROBE;
}

static void stack_within_tss(struct cpu *cpu)
{
    cpu->idt[VECTOR_RING3] = tables_gate(VECTOR_RING3);
}

/* df_heal() undoes it. */
static void bp_for_user(struct cpu *cpu)
{
    cpu->idt[VECTOR_BP].type = GATE_USER;
}

const struct df_raised df_raised[FIRST_COUNT] = {
    [FIRST_UD] = {{.vector = VECTOR_UD, .fire = trigger_ud, .rip = trigger_ud_rip}, false},
    [FIRST_BP] = {{.vector = VECTOR_BP, .fire = trigger_int3, .rip = trigger_int3_rip}, true},
    [FIRST_NM] = {{.vector = VECTOR_NM,
                   .fire = trigger_device,
                   .rip = trigger_device_rip,
                   .arrange = task_switched,
                   .undo = task_kept},
                  false},
    [FIRST_DE] =
        {{.vector = VECTOR_DE, .fire = trigger_zero_divide, .rip = trigger_zero_divide_rip}, false},
    [FIRST_TS] = {{.vector = VECTOR_TS,
                   .error = SELECTOR_TSS,
                   .fire = trigger_gate,
                   .rip = trigger_gate_rip,
                   .arrange = stack_beyond_tss,
                   .undo = stack_within_tss},
                  false},
    [FIRST_NP] = {{.vector = VECTOR_NP,
                   .error = SELECTOR_SPOILT,
                   .argument = SELECTOR_SPOILT,
                   .fire = trigger_load_ds,
                   .rip = trigger_load_ds_rip,
                   .arrange = spoil_data_segment,
                   .undo = heal_data_segment},
                  false},
    [FIRST_SS] = {{.vector = VECTOR_SS,
                   .error = SELECTOR_SPOILT,
                   .argument = SELECTOR_SPOILT,
                   .fire = trigger_load_ss,
                   .rip = trigger_load_ss_rip,
                   .arrange = spoil_data_segment,
                   .undo = heal_data_segment},
                  false},
    [FIRST_GP] = {{.vector = VECTOR_GP,
                   .error = SELECTOR_BEYOND,
                   .argument = SELECTOR_BEYOND,
                   .fire = trigger_load_ds,
                   .rip = trigger_load_ds_rip},
                  false},
    [FIRST_PF] = {{.vector = VECTOR_PF, .fire = trigger_read, .rip = trigger_read_rip}, false},
    [FIRST_USER_UD] = {{.vector = VECTOR_UD, .user = user_undefined}, false},
    [FIRST_USER_BP] = {{.vector = VECTOR_BP, .user = user_int_bp, .arrange = bp_for_user}, true},
    [FIRST_USER_DE] = {{.vector = VECTOR_DE, .user = user_divide}, false},
    [FIRST_USER_GP] = {{.vector = VECTOR_GP, .user = user_hlt}, false},
    [FIRST_USER_PF] = {{.vector = VECTOR_PF, .user = user_load}, false},
};

/* --- the second --------------------------------------------------------------------------------
 */

/* What a stack that cannot be used may raise: #GP is QEMU's in the place of #SS. */
static const uint8_t stack_faults[] = {VECTOR_SS, VECTOR_GP, VECTOR_PF};

/* The second exception of ring 3 comes with RSP0 spoilt: it must have a stack of its own. */
static void spoil_rsp0(struct cpu *cpu, uint32_t first, uint64_t stack)
{
    cpu->tss->tss.rsp[0] = stack;
    for (uint32_t n = 0; n < sizeof stack_faults; n++) {
        if (stack_faults[n] != first)
            cpu->idt[stack_faults[n]].ist = IST_PROBE;
    }
}

static void heal_rsp0(struct cpu *cpu)
{
    cpu->tss->tss.rsp[0] = stack_top(cpu->index, STACK_RSP0);
    for (uint32_t n = 0; n < sizeof stack_faults; n++)
        cpu->idt[stack_faults[n]].ist = IST_NONE;
}

/* IST4 is #DB's, which nothing raises here; IST5 is out of reach when the TSS's limit is lowered.
 */
static void spoil_stack(struct cpu *cpu, const struct fault_case *fault, uint64_t stack)
{
    if (fault->user) {
        spoil_rsp0(cpu, fault->vector, stack);
        return;
    }
    cpu->idt[fault->vector].ist = IST_DB;
    cpu->tss->tss.ist[IST_DB - 1] = stack;
}

uint64_t df_absent(const struct cpu *cpu)
{
    return user_ground(cpu) - 8;
}

/* Gates 0 to 8 at the end of the ground page, the others in the guard page behind it. */
static uint64_t idt_in_ground(const struct cpu *cpu)
{
    return user_ground(cpu) + STACK_PAGE - (VECTOR_DF + 1) * sizeof(struct gate);
}

static void spoil_idt_page(struct cpu *cpu)
{
    struct table_register idtr = {.limit = IDT_GATES * sizeof(struct gate) - 1,
                                  .base = idt_in_ground(cpu)};

    memcpy((void *)(uintptr_t)idtr.base, cpu->idt, (VECTOR_DF + 1) * sizeof(struct gate));
    idtr_write(&idtr);
}

/* An empty stack: the first push meets the guard page below. */
static uint64_t stack_unmapped(const struct cpu *cpu)
{
    return stack_base(cpu->index, STACK_PROBE);
}

void df_spoil(struct cpu *cpu, const struct fault_case *fault, enum df_how how)
{
    struct gate *gate = &cpu->idt[fault->vector];

    switch (how) {
    case HOW_TS_LIMIT:
        gate->ist = IST_PROBE;
        spoil_tss_limit(cpu);
        return;
    case HOW_NP_GATE:
        gate->type &= ~GATE_PRESENT;
        return;
    case HOW_NP_SEGMENT:
        gate->selector = SELECTOR_USER_CODE32;
        spoil_code_segment(cpu);
        return;
    case HOW_SS_STACK:
        spoil_stack(cpu, fault, NONCANONICAL);
        return;
    case HOW_GP_NULL:
        gate->selector = 0;
        return;
    case HOW_GP_TYPE:
        gate->type ^= GATE_INTERRUPT ^ TYPE_CALL_GATE;
        return;
    case HOW_GP_SELECTOR:
        gate->selector = SELECTOR_BEYOND;
        return;
    case HOW_GP_LIMIT:
        spoil_idt_limit(cpu, fault->vector);
        return;
    case HOW_PF_STACK:
        spoil_stack(cpu, fault, stack_unmapped(cpu));
        return;
    case HOW_PF_IDT:
        spoil_idt_page(cpu);
        return;
    case HOW_NMI:
    case HOW_COUNT:
        return;
    }
}

void df_heal(struct cpu *cpu, uint32_t vector)
{
    heal_idt_limit(cpu); /* and its base */
    cpu->idt[vector] = tables_gate(vector);
    cpu->tss->tss.ist[IST_DB - 1] = stack_top(cpu->index, STACK_DB);
    heal_rsp0(cpu);
    heal_code_segment(cpu);
    heal_tss_limit(cpu);
    data_segments_write(SELECTOR_KERNEL_DATA);
    ss_write(SELECTOR_KERNEL_DATA);
}

/* --- what must come ----------------------------------------------------------------------------
 */

/* SDM vol. 3A, 6.13, for an exception in the delivery of `vector`. */
static uint32_t second_error(uint32_t vector, enum df_how how, uint32_t ext)
{
    switch (how) {
    case HOW_TS_LIMIT:
        return SELECTOR_TSS + ext;
    case HOW_NP_SEGMENT:
        return SELECTOR_USER_CODE32 + ext;
    case HOW_GP_SELECTOR:
        return SELECTOR_BEYOND + ext;
    case HOW_SS_STACK:
    case HOW_GP_NULL:
        return ext;
    case HOW_PF_STACK:
        return PF_WRITE;
    default:
        return vector * 8 + ERROR_IDT + ext;
    }
}

/* A stack switch to an address that is not canonical. SDM vol. 2A, INT n: its operation says #SS
 * with a null selector, its list of exceptions in 64-bit mode #SS(selector), IST or not; without a
 * change of ring SS stays what it was, and Bochs tells that one, of ring 3 too. Either is taken. */
static uint64_t second_error_or(const struct fault_case *fault, enum df_how how, uint32_t ext)
{
    if (how != HOW_SS_STACK)
        return 0;
    return (fault->user ? SELECTOR_USER_DATA : SELECTOR_KERNEL_DATA) + ext;
}

/* QEMU leaves EXT out; 7.2 multiplies the vector by 16. */
static void want_deviation(struct obs_probe *probe, uint32_t vector, enum df_how how)
{
    if (!under_tcg() || how == HOW_PF_STACK || how == HOW_NMI)
        return;
    probe->tcg =
        (struct deviant){.what = TCG_NO_EXT,
                         .error_count = 2,
                         .errors = {second_error(vector, how, 0), vector * 16 + ERROR_IDT}};
}

static void want_cr2(const struct cpu *cpu, enum df_first first, enum df_how how,
                     struct obs_probe *probe)
{
    if (df_first_vector(first) == VECTOR_PF)
        probe->want.cr2 = df_absent(cpu);
    if (how == HOW_PF_STACK) {
        probe->want.cr2 = stack_unmapped(cpu) - 8;
        probe->want.cr2_slack = FRAME_WITH_ERROR;
    } else if (how == HOW_PF_IDT) {
        /* The gate may be read in any order. */
        probe->want.cr2 = idt_in_ground(cpu) + (VECTOR_PF + 1) * sizeof(struct gate) - 1;
        probe->want.cr2_slack = sizeof(struct gate);
    }
}

/* 0: on the running stack. */
static uint64_t second_frame(const struct cpu *cpu, const struct fault_case *fault, enum df_how how)
{
    bool spoilt = how == HOW_SS_STACK || how == HOW_PF_STACK;

    if (!fault->user)
        return 0;
    return stack_top(cpu->index, spoilt ? STACK_PROBE : STACK_RSP0) - FRAME_WITH_ERROR;
}

static void want_serial(const struct cpu *cpu, enum df_first first, enum df_how how,
                        struct obs_probe *probe)
{
    const struct df_raised *one = &df_raised[first];
    uint32_t vector = one->fault.vector;
    uint32_t ext = one->soft ? 0 : ERROR_EXT;
    bool itself = how == HOW_NMI; /* the first comes as if alone */

    probe->want.vector = itself ? vector : df_how_vector(how);
    probe->want.soft = !vector_has_error_code(probe->want.vector);
    probe->want.frame = second_frame(cpu, &one->fault, how);
    if (!probe->want.soft)
        probe->want.error = itself ? one->fault.error : second_error(vector, how, ext);
    probe->want.error_or = second_error_or(&one->fault, how, ext);
    probe->want.ext_open = ext && follows_apm();
    /* A fault in INT3 is at the INT3, not behind it. */
    if (one->soft && !itself && !one->fault.user)
        probe->want.rip -= 1;
    want_deviation(probe, vector, how);
}

static void want_double(const struct cpu *cpu, const struct fault_case *fault,
                        struct obs_probe *probe)
{
    const struct ring3 way = {.code = fault->user};

    shot_want_df(cpu, probe, fault->rip);
    if (!fault->user)
        return;
    ring3_want(cpu, &way, VECTOR_DF, user_address(cpu, fault->user), probe);
    probe->want.frame = stack_top(cpu->index, STACK_DF) - FRAME_WITH_ERROR;
}

void df_want(const struct cpu *cpu, enum df_first first, enum df_how how, struct obs_probe *probe)
{
    want_double(cpu, &df_raised[first].fault, probe);
    want_cr2(cpu, first, how, probe);
    if (!double_fault(df_raised[first].fault.vector, df_how_vector(how)))
        want_serial(cpu, first, how, probe);
}
