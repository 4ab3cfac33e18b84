/* fault.ts, np, ss, gp: segments and gates that are not as they should be, with every form of error
 * code. */
#include "fault_case.h"
#include "install.h"
#include "registers.h"
#include "spoil.h"

enum {
    ERROR_IDT = 2,
    ERROR_LDT = 4,
    GATE_ERROR = VECTOR_RING3 * 8 + ERROR_IDT,
    GATE_ERROR_TCG_7 = VECTOR_RING3 * 16 + ERROR_IDT,
    NMI_GATE_ERROR = VECTOR_NMI * 8 + ERROR_IDT + ERROR_EXT,
    NMI_GATE_ERROR_TCG_7 = VECTOR_NMI * 16 + ERROR_IDT,
    NMI_GATE_ERROR_TCG_10 = VECTOR_NMI * 8 + ERROR_IDT,
};

/* --- #TS: the gate names a stack beyond the TSS's limit ----------------------------------------
 */

static void stack_beyond_tss(struct cpu *cpu)
{
    spoil_tss_limit(cpu);
    cpu->idt[VECTOR_RING3].ist = IST_PROBE;
}

static void stack_within_tss(struct cpu *cpu)
{
    heal_tss_limit(cpu);
    cpu->idt[VECTOR_RING3] = tables_gate(VECTOR_RING3);
}

/* --- gates -------------------------------------------------------------------------------------
 */

static void user_gate_absent(struct cpu *cpu)
{
    gate_absent(cpu, VECTOR_RING3);
}

static void user_gate_back(struct cpu *cpu)
{
    cpu->idt[VECTOR_RING3] = tables_gate(VECTOR_RING3);
}

static void nmi_gate_absent(struct cpu *cpu)
{
    gate_absent(cpu, VECTOR_NMI);
}

static void nmi_gate_back(struct cpu *cpu)
{
    cpu->idt[VECTOR_NMI] = tables_gate(VECTOR_NMI);
}

static void ud_gate_null(struct cpu *cpu)
{
    cpu->idt[VECTOR_UD].selector = 0;
}

static void ud_gate_back(struct cpu *cpu)
{
    cpu->idt[VECTOR_UD] = tables_gate(VECTOR_UD);
}

static void idt_shorter(struct cpu *cpu)
{
    spoil_idt_limit(cpu, VECTOR_RING3);
}

static void aim_nmi(struct cpu *cpu, struct shot *shot, struct obs_probe *probe)
{
    shot->argument = cpu->apic_id;
    shot->count = apic_aim_nmi(&cpu->fleet->apic, cpu->apic_id);
    probe->want.rip_slack = (uint64_t)(trigger_nmi_end - trigger_nmi_rip);
}

/* --- segments ----------------------------------------------------------------------------------
 */

static void segment_absent(struct cpu *cpu)
{
    spoil_data_segment(cpu);
}

static void segment_gone(struct cpu *cpu)
{
    heal_data_segment(cpu);
    data_segments_write(SELECTOR_KERNEL_DATA);
    ss_write(SELECTOR_KERNEL_DATA);
}

static void segments_back(struct cpu *cpu)
{
    (void)cpu;
    data_segments_write(SELECTOR_KERNEL_DATA);
}

/* After INIT the LDTR is present, at address 0 (SDM vol. 3A, table 10-1): make it null. */
static void ldt_null(struct cpu *cpu)
{
    (void)cpu;
    ldtr_write(0);
}

/* Added to any stack address: not canonical with 4 nor with 5 levels. */
#define FAR_FROM_STACK (UINT64_C(1) << 62)

#define CODES "SDM vol. 3A, 6.13 and 6.15; APM vol. 2, 8.4.1"
#define EXT   "SDM vol. 3A, 6.13 (EXT); APM vol. 2, 8.4.1"

/* QEMU: do_interrupt64() in seg_helper.c for error codes; get_physical_address() in excp_helper.c
 * knows #GP alone for addresses that are not canonical. */
static const struct check rows[] = {
    FAULT("ts", "a stack beyond the TSS's limit: #TS, error code the TSS's selector",
          "SDM vol. 3A, 6.13 and 6.15 (#TS); vol. 2A, INT n", .vector = VECTOR_TS,
          .error = SELECTOR_TSS, .class = CLASS_FAULT, .fire = trigger_gate,
          .rip = trigger_gate_rip, .arrange = stack_beyond_tss, .undo = stack_within_tss),
    FAULT("np-segment", "DS loaded with an absent segment: #NP, error code its selector", CODES,
          .vector = VECTOR_NP, .error = SELECTOR_SPOILT, .class = CLASS_FAULT,
          .fire = trigger_load_ds, .rip = trigger_load_ds_rip, .argument = SELECTOR_SPOILT,
          .arrange = segment_absent, .undo = segment_gone),
    FAULT("np-gate", "INT n through an absent gate: #NP, error code vector * 8 + IDT", CODES,
          .vector = VECTOR_NP, .error = GATE_ERROR, .class = CLASS_FAULT, .fire = trigger_gate,
          .rip = trigger_gate_rip,
          .tcg = {.what = TCG_VECTOR_16, .error_count = 1, .errors = {GATE_ERROR_TCG_7}},
          .arrange = user_gate_absent, .undo = user_gate_back),
    FAULT("np-ext", "an NMI through an absent gate: #NP, error code with IDT and EXT", EXT,
          .vector = VECTOR_NP, .error = NMI_GATE_ERROR, .class = CLASS_FAULT, .fire = trigger_nmi,
          .rip = trigger_nmi_rip,
          .tcg = {.what = TCG_NO_EXT,
                  .error_count = 2,
                  .errors = {NMI_GATE_ERROR_TCG_7, NMI_GATE_ERROR_TCG_10}},
          .aim = aim_nmi, .arrange = nmi_gate_absent, .undo = nmi_gate_back),
    FAULT("ss-zero", "a load from a non-canonical address based on RSP: #SS, error code 0",
          "SDM vol. 3A, 6.15 (#SS); vol. 1, 3.3.7.1; APM vol. 2, 8.2.13", .vector = VECTOR_SS,
          .class = CLASS_FAULT, .fire = trigger_stack, .rip = trigger_stack_rip,
          .argument = FAR_FROM_STACK, .tcg = {.what = TCG_SS_AS_GP, .vector = VECTOR_GP}),
    FAULT("ss-segment", "SS loaded with an absent segment: #SS, error code its selector", CODES,
          .vector = VECTOR_SS, .error = SELECTOR_SPOILT, .class = CLASS_FAULT,
          .fire = trigger_load_ss, .rip = trigger_load_ss_rip, .argument = SELECTOR_SPOILT,
          .arrange = segment_absent, .undo = segment_gone),
    FAULT("gp-zero", "a load from a non-canonical address: #GP, error code 0",
          "SDM vol. 3A, 6.15 (#GP); vol. 1, 3.3.7.1; APM vol. 2, 8.2.14", .vector = VECTOR_GP,
          .class = CLASS_FAULT, .fire = trigger_read, .rip = trigger_read_rip,
          .argument = NONCANONICAL),
    FAULT("gp-gdt", "a selector beyond the GDT's limit: #GP, error code the selector", CODES,
          .vector = VECTOR_GP, .error = SELECTOR_BEYOND, .class = CLASS_FAULT,
          .fire = trigger_load_ds, .rip = trigger_load_ds_rip, .argument = SELECTOR_BEYOND,
          .undo = segments_back),
    FAULT("gp-ldt", "a selector of the LDT, and none is loaded: #GP, error code with TI", CODES,
          .vector = VECTOR_GP, .error = SELECTOR_SPOILT | ERROR_LDT, .class = CLASS_FAULT,
          .fire = trigger_load_ds, .rip = trigger_load_ds_rip,
          .argument = SELECTOR_SPOILT | ERROR_LDT, .arrange = ldt_null, .undo = segments_back),
    FAULT("gp-idt", "INT n beyond the IDT's limit: #GP, error code vector * 8 + IDT", CODES,
          .vector = VECTOR_GP, .error = GATE_ERROR, .class = CLASS_FAULT, .fire = trigger_gate,
          .rip = trigger_gate_rip,
          .tcg = {.what = TCG_VECTOR_16, .error_count = 1, .errors = {GATE_ERROR_TCG_7}},
          .arrange = idt_shorter, .undo = heal_idt_limit),
    FAULT("gp-ext", "#UD through a gate with a null selector: #GP, error code EXT alone", EXT,
          .vector = VECTOR_GP, .error = ERROR_EXT, .ext_inside = true, .class = CLASS_FAULT,
          .fire = trigger_ud, .rip = trigger_ud_rip,
          .tcg = {.what = TCG_NO_EXT, .error_count = 1, .errors = {0}}, .arrange = ud_gate_null,
          .undo = ud_gate_back),
};

FAMILY(fault_segment_family, rows);
