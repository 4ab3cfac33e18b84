/* state.*: what the CPUs were handed over with, against the specifications and against each other.
 */
#include "check.h"
#include "registers.h"
#include <muster/judge_state.h>

static void observe_state(struct cpu *cpu, struct observation *ret)
{
    const struct state_question *question = cpu->subject;
    const struct state_record *moments = cpu->fleet->handoff->bsp_state;

    ret->state = (struct obs_state){
        .record = question->at_entry ? &moments[MOMENT_ENTRY] : cpu->state,
        .moments = cpu->index ? NULL : moments,
        .cpuid = cpu->cpuid,
        .question = question,
        .bsp = cpu->index == 0,
        .planted = question->slot,
        .flip = cpu->planted ? question->flip : 0,
    };
}

enum verdict state_judge_entry(const struct check *check, const struct handoff *handoff,
                               bool planted, struct words *ret)
{
    if (check->observe != observe_state || !check->judge || check->judge == judge_state_door)
        return VERDICT_NONE;
    const struct state_question *question = check->subject;
    struct observation seen = {.state = {
                                   .record = &handoff->bsp_state[MOMENT_ENTRY],
                                   .question = question,
                                   .bsp = true,
                                   .planted = question->slot,
                                   .flip = planted ? question->flip : 0,
                               }};

    return check->judge(&seen, ret);
}

/* What all rows have; the question follows the defect. */
#define STATE(name, text, where, what, ...)                                                        \
    CHECK_INFO("state." name, text, where, what, SCOPE_EACH_CPU, HAZARD_READS),                    \
        .subject = &(const struct state_question){__VA_ARGS__}, .planting = PLANTED_INSIDE,        \
        .observe = observe_state

/* All CPUs of a kind alike. */
#define SAME(...)                                                                                  \
    {                                                                                              \
        STATE(__VA_ARGS__), .judge_crowd = judge_state_same                                        \
    }

/* The BSP need not be like the APs. */
#define SAME_AMONG_APS(...)                                                                        \
    {                                                                                              \
        STATE(__VA_ARGS__, .bsp_apart = true), .judge_crowd = judge_state_same, .bsp_apart = true  \
    }

/* Bits that a specification fixes. */
#define RULES(...)                                                                                 \
    {                                                                                              \
        STATE(__VA_ARGS__), .judge = judge_state_rules                                             \
    }

#define CR4_VMXE  (UINT64_C(1) << 13)
#define CR4_FRED  (UINT64_C(1) << 32)
#define EFER_SVME (UINT64_C(1) << 12)
#define RFLAGS_DF (UINT64_C(1) << 10)
#define DR7_ARMED UINT64_C(0x20ff) /* L0 to G3, GD */

static const struct check rows[] = {
    RULES("cr0", "CR0 is as UEFI has it on the BSP, and as INIT leaves it on the APs",
          "UEFI 2.10, 2.3.4; SDM vol. 3A, table 10-1 and 12.5.3; ACPI 6.5, 5.2.12.19",
          "CR0.EM and CR0.CD set", .slot = STATE_CR0, .flip = CR0_EM | CR0_CD,
          .rules =
              (const struct state_rule[]){
                  {STATE_CR0, CAME_RUNNING, CR0_PE | CR0_PG, CR0_EM | CR0_TS,
                   "64-bit mode with floating point usable is what a loader is promised; without, "
                   "its first FPU or SSE instruction raises #UD or #NM"},
                  {STATE_CR0, CAME_RUNNING, 0, CR0_CD | CR0_NW,
                   "caches are off on this CPU: it runs a hundred times slower, and disturbs the "
                   "others, until an operating system notices"},
                  {STATE_CR0, CAME_BY_INIT, CR0_ET, ~(CR0_ET | CR0_CD | CR0_NW),
                   "INIT did not reset CR0: a trampoline written for real mode without paging "
                   "crashes"},
                  {0}}),
    RULES("cr4", "CR4 is clear on APs that INIT reset; elsewhere neither VMX nor FRED is left on",
          "SDM vol. 3A, table 10-1; vol. 3C, 24.7; UEFI 2.10, 2.3.4", "CR4.VMXE set",
          .slot = STATE_CR4, .flip = CR4_VMXE,
          .rules =
              (const struct state_rule[]){
                  {STATE_CR4, CAME_RUNNING, CR4_PAE, CR4_VMXE | CR4_FRED,
                   "VMX: a hypervisor takes itself for locked out (KVM: EBUSY), and in VMX "
                   "operation INIT is ignored; FRED: an IDT that an operating system loads is "
                   "never used"},
                  {STATE_CR4, CAME_BY_INIT, 0, ~UINT64_C(0),
                   "INIT did not reset CR4: what is on here bites a trampoline that expects none "
                   "of it"},
                  {0}}),
    RULES("cet", "control-flow enforcement is not left on", "UEFI 2.10, 2.3.4; SDM vol. 1, 17.1",
          "CR4.CET set", .slot = STATE_CR4, .flip = CR4_CET,
          .rules =
              (const struct state_rule[]){
                  {STATE_CR4, CAME_RUNNING | CAME_BY_INIT, 0, CR4_CET,
                   "clearing CR0.WP raises #GP, and with shadow stacks or branch tracking in S_CET "
                   "an operating system's first stack switch or indirect jump raises #CP"},
                  {0}}),
    RULES("efer", "EFER has no more on than long mode needs: above all not SVM",
          "UEFI 2.10, 2.3.4; APM vol. 2, table 14-1 and 15.4", "EFER.SVME set", .slot = STATE_EFER,
          .flip = EFER_SVME,
          .rules =
              (const struct state_rule[]){
                  {STATE_EFER, CAME_RUNNING, EFER_LME | EFER_LMA, EFER_SVME,
                   "SVM left on: a hypervisor takes itself for locked out (KVM: EBUSY)"},
                  {STATE_EFER, CAME_BY_INIT, 0, EFER_LMA | EFER_SVME,
                   "INIT did not reset EFER: long mode or SVM is still active on this CPU"},
                  {0}}),
    SAME_AMONG_APS(
        "xcr0", "XCR0 is the same on all APs", "SDM vol. 1, 13.3; vol. 3A, table 10-1",
        "one more state component on one CPU", .slot = STATE_XCR0, .flip = 0x4,
        .none = "the CPUs do not offer XSAVE",
        .means = "firmware prepared this AP in another way than its neighbours; whoever sizes "
                 "XSAVE areas by another CPU's CPUID 0xD overruns them here"),
    {STATE("rflags", "the direction flag is clear when firmware starts a program",
           "UEFI 2.10, 2.3.4", "RFLAGS.DF set", .slot = STATE_RFLAGS, .flip = RFLAGS_DF,
           .at_entry = true,
           .rules =
               (const struct state_rule[]){
                   {STATE_RFLAGS, CAME_AS_BSP, 0, RFLAGS_DF,
                    "string instructions run backwards: a loader's first memcpy destroys what "
                    "lies below its buffers"},
                   {0}}),
     .bsp_only = true, .judge = judge_state_rules},
    {STATE("fpu", "the x87 control word is 0x37F and MXCSR 0x1F80 when firmware starts a program",
           "UEFI 2.10, 2.3.4", "the control word of another precision", .slot = STATE_FCW,
           .flip = 0x100, .at_entry = true,
           .rules =
               (const struct state_rule[]){
                   {STATE_FCW, CAME_AS_BSP, 0x37f, 0xec80,
                    "floating point in a loader rounds otherwise, or faults where it should not"},
                   {STATE_MXCSR, CAME_AS_BSP, 0x1f80, 0xffffe040,
                    "SSE arithmetic in a loader rounds otherwise, or faults where it should "
                    "not"},
                   {0}}),
     .bsp_only = true, .judge = judge_state_rules},
    {STATE("segments", "selectors lie within the GDT; after INIT, IDTR, TR and LDTR are reset",
           "UEFI 2.10, 2.3.4; SDM vol. 3A, table 10-1", "a TR beyond the GDT", .slot = STATE_TR,
           .flip = 0xff0,
           .rules =
               (const struct state_rule[]){
                   {STATE_TR, CAME_BY_INIT, 0, 0xffff,
                    "INIT did not reset TR: an exception may use a stack of firmware's TSS"},
                   {STATE_LDTR, CAME_BY_INIT, 0, 0xffff,
                    "INIT did not reset LDTR: selectors may name descriptors in memory that is no "
                    "longer firmware's"},
                   {STATE_IDT_BASE, CAME_BY_INIT, 0, ~UINT64_C(0),
                    "INIT did not reset IDTR: exceptions in real mode go through a foreign table"},
                   {STATE_IDT_LIMIT, CAME_BY_INIT, 0xffff, 0,
                    "INIT did not reset IDTR: exceptions in real mode end in a shutdown"},
                   {0}}),
     .judge = judge_state_segments},
    RULES("debug", "no breakpoint is left armed in DR7", "SDM vol. 3A, table 10-1; vol. 3B, 18.2.4",
          "breakpoint 0 armed", .slot = STATE_DR7, .flip = 1,
          .rules =
              (const struct state_rule[]){
                  {STATE_DR7, CAME_RUNNING | CAME_BY_INIT, 0, DR7_ARMED,
                   "the next owner meets a #DB at an address that firmware's debugger once chose, "
                   "before it has a handler"},
                  {0}}),
    {STATE("door", "ExitBootServices changes no mode that a loader has prepared for",
           "UEFI 2.10, 2.3.4 and 7.4.6", "another number of paging levels after it",
           .slot = STATE_CR4, .flip = CR4_LA57),
     .bsp_only = true, .judge = judge_state_door},
    {STATE("apic-mode", "all local APICs are on, in one mode; one CPU is marked as the BSP",
           "SDM vol. 3A, 11.4.4 and 11.12.5", "x2APIC mode on one CPU", .slot = STATE_APIC_BASE,
           .flip = 1 << 10),
     .judge_crowd = judge_state_apic_mode},
    {STATE("cpuid", "CPUID tells the same features on all CPUs of one core type",
           "SDM vol. 2A, CPUID; APM vol. 3, appendix E", "a CPU without SSE3", .slot = STATE_SLOTS,
           .flip = 1),
     .judge_crowd = judge_state_cpuid},
    SAME("microcode", "all CPUs of one core type run the same microcode revision",
         "SDM vol. 3A, 10.11.7; APM vol. 2, 3.2", "another revision on one CPU",
         .slot = STATE_MICROCODE, .flip = 0x30, .none = "no CPU tells its microcode revision",
         .means = "errata and mitigations differ from CPU to CPU: an operating system decides by "
                  "the boot CPU, and Linux updates the others or warns of a mismatch"),
    SAME("platform-id", "all CPUs have the same platform id",
         "SDM vol. 3A, 10.11.4; vol. 4, table 2-2", "another platform on one CPU",
         .slot = STATE_PLATFORM_ID, .apart = ~(UINT64_C(7) << 50), .flip = UINT64_C(1) << 50,
         .none = "no CPU has the MSR",
         .means = "a microcode update that fits one CPU is refused by the other"),
    {STATE("feature-control", "IA32_FEATURE_CONTROL is locked, and the same on all CPUs",
           "SDM vol. 3C, 24.7; vol. 4, table 2-2", "VMX enabled on one CPU alone",
           .slot = STATE_FEATURE_CONTROL, .flip = 4, .none = "no CPU has the MSR",
           .means = "a hypervisor starts on some CPUs and gets #GP from VMXON on the others: KVM "
                    "refuses to work at all"),
     .judge_crowd = judge_state_feature_control},
    SAME("misc-enable", "IA32_MISC_ENABLE is the same on all CPUs of one core type",
         "SDM vol. 4, table 2-2", "MONITOR/MWAIT enabled on one CPU alone",
         .slot = STATE_MISC_ENABLE, .flip = 1 << 18, .none = "no CPU has the MSR",
         .means = "fast strings, throttling, MWAIT, NX or the highest CPUID leaf differ: an "
                  "operating system decides by the boot CPU, and is wrong on this one"),
    SAME("arch-capabilities", "IA32_ARCH_CAPABILITIES is the same on all CPUs of one core type",
         "SDM vol. 4, table 2-2", "RDCL_NO on one CPU alone", .slot = STATE_ARCH_CAPABILITIES,
         .flip = 1, .none = "the CPUs do not offer it",
         .means = "what the boot CPU is immune to this one may not be: mitigations are left off "
                  "where they are needed"),
    SAME("spec-ctrl", "IA32_SPEC_CTRL is the same on all CPUs of one core type",
         "SDM vol. 4, table 2-2; APM vol. 2, 3.2.9", "IBRS on one CPU alone",
         .slot = STATE_SPEC_CTRL, .flip = 1, .none = "the CPUs do not offer it",
         .means = "speculation is restricted on some CPUs only: they differ in speed, or in what "
                  "they leak, until an operating system sets it"),
    SAME("syscfg", "SYSCFG is the same on all CPUs", "APM vol. 2, 3.2.1 and 15.34",
         "memory encryption enabled on one CPU alone", .slot = STATE_SYSCFG, .flip = 1 << 23,
         .none = "no CPU has the MSR",
         .means =
             "memory encryption or the types above 4 GiB differ: the C-bit is an address bit on "
             "one CPU and not on the other, which corrupts memory, or SEV is refused"),
};

FAMILY(state_family, rows);
