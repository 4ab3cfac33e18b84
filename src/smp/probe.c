#include "probe.h"
#include "fleet.h"
#include "ist_guard.h"
#include "registers.h"
#include <muster/judge_probe.h>

void cpu_state_read(struct cpu_state *ret)
{
    *ret = (struct cpu_state){
        .cr0 = cr0_read(),
        .cr3 = cr3_read(),
        .cr4 = cr4_read(),
        .efer = msr_read(MSR_EFER),
        .gs_base = msr_read(MSR_GS_BASE),
        .kernel_gs_base = msr_read(MSR_KERNEL_GS_BASE),
        .rflags = rflags_read() & RFLAGS_IF,
        .gdtr = gdtr_read(),
        .idtr = idtr_read(),
        .tr = tr_read(),
        .cs = cs_read(),
        .ss = ss_read(),
        .ds = ds_read(),
        .es = es_read(),
    };
}

static uint32_t bit_if(bool differs, enum whole_part part)
{
    return differs ? 1u << part : 0;
}

uint32_t cpu_state_compare(const struct cpu_state *a, const struct cpu_state *b)
{
    bool selectors = a->cs != b->cs || a->ss != b->ss || a->ds != b->ds || a->es != b->es;

    return bit_if(a->cr0 != b->cr0, WHOLE_CR0) | bit_if(a->cr3 != b->cr3, WHOLE_CR3) |
           bit_if(a->cr4 != b->cr4, WHOLE_CR4) | bit_if(a->efer != b->efer, WHOLE_EFER) |
           bit_if(a->gdtr.base != b->gdtr.base || a->gdtr.limit != b->gdtr.limit, WHOLE_GDTR) |
           bit_if(a->idtr.base != b->idtr.base || a->idtr.limit != b->idtr.limit, WHOLE_IDTR) |
           bit_if(a->tr != b->tr, WHOLE_TR) | bit_if(selectors, WHOLE_SELECTORS) |
           bit_if(a->gs_base != b->gs_base, WHOLE_GS_BASE) |
           bit_if(a->kernel_gs_base != b->kernel_gs_base, WHOLE_KERNEL_GS_BASE) |
           bit_if(a->rflags != b->rflags, WHOLE_RFLAGS);
}

static void fault_read(const struct cpu *cpu, const struct exception_frame *frame,
                       struct fault *ret)
{
    const struct cpu *by_gs = fleet_cpu_at(cpu->fleet, msr_read(MSR_GS_BASE));
    bool soft = frame->vector & ENTRY_NO_ERROR_CODE;

    *ret = (struct fault){
        .vector = frame->vector & 0xff,
        .soft = soft,
        .error = frame->error,
        .rip = frame->rip,
        .cs = frame->cs,
        .rflags = frame->rflags & ~RFLAGS_RF,
        .rf = frame->rflags & RFLAGS_RF,
        .rsp = frame->rsp,
        .ss = frame->ss,
        .cr2 = cr2_read(),
        .frame = soft ? (uintptr_t)&frame->rip : (uintptr_t)&frame->error,
        .cpu = by_gs ? by_gs->index : CPU_NONE,
    };
    if (ret->vector == VECTOR_DB)
        ret->dr6 = dr6_read() & DR6_CAUSES;
}

/* What only the trigger's own stack pointer decides: 0 in the wanted fault means "as it follows".
 */
static void complete(const struct probe *probe, struct fault *want)
{
    uint64_t words = want->soft ? 5 : 6;

    if (!want->rsp)
        want->rsp = probe->recover_rsp;
    if (!want->frame)
        want->frame = (want->rsp & ~UINT64_C(15)) - words * 8;
}

/* Compatibility mode leaves the upper halves of the first eight undefined and keeps R8 to R15 whole
 * (SDM vol. 1, 3.4.1.1). */
static bool registers_kept(const struct exception_frame *frame)
{
    bool compat = frame->cs == (SELECTOR_USER_CODE32 | SELECTOR_RPL);
    uint64_t mask = compat ? UINT32_MAX : UINT64_MAX;

    return (frame->rbx & mask) == PROBE_RBX && (frame->rbp & mask) == PROBE_RBP &&
           frame->r12 == PROBE_R12 && frame->r13 == PROBE_R13 && frame->r14 == PROBE_R14 &&
           frame->r15 == PROBE_R15;
}

static void resume(struct probe *probe, struct exception_frame *frame)
{
    probe->armed = false;
    frame->rip = (uintptr_t)probe_resume;
    frame->rsp = probe->recover_rsp;
    frame->cs = SELECTOR_KERNEL_CODE;
    frame->ss = SELECTOR_KERNEL_DATA;
    frame->rflags = PROBE_RFLAGS;
}

bool probe_wants(const struct cpu *cpu, uint32_t vector)
{
    return cpu->probe.record->want.vector == vector;
}

/* What is to happen inside the handler may use probes of its own. */
static void go_inside(struct cpu *cpu)
{
    struct probe outer = cpu->probe;

    cpu->probe.inside = NULL;
    outer.inside(cpu, outer.inside_context);
    cpu->probe = outer;
}

/* The code from here on has no ENDBR64 where its indirect calls lead. */
static void stop_tracking(void)
{
    if (cr4_read() & CR4_CET)
        msr_write(MSR_S_CET, 0);
}

bool probe_note(struct cpu *cpu, const struct exception_frame *frame, struct obs_probe *record)
{
    struct fault fault;

    record->came++;
    fault_read(cpu, frame, &fault);
    complete(&cpu->probe, &record->want);
    uint32_t differs = fault_compare(&record->want, &fault, record->fields);
    if (!registers_kept(frame))
        record->changed |= 1u << WHOLE_REGISTERS;
    if (record->came == 1 || differs) {
        record->seen = fault;
        record->differs = differs;
    }
    return !differs;
}

void probe_catch(struct cpu *cpu, struct exception_frame *frame)
{
    struct probe *probe = &cpu->probe;
    struct obs_probe *record = probe->record;

    stop_tracking();
    cpu->heartbeat++;
    bool right = probe_note(cpu, frame, record);
    if (frame->cs & SELECTOR_RPL) {
        probe->user = *frame;
        probe->user_gs = msr_read(MSR_KERNEL_GS_BASE);
    }
    record->reentered |= cpu->stacks_reentered;
    cpu->stacks_reentered = 0;
    if (probe->inside && record->came == 1)
        go_inside(cpu);
    if (probe->after_rip && right)
        frame->rip = probe->after_rip;
    else
        resume(probe, frame);
}

void probe_run(struct cpu *cpu, trigger *fire, uint64_t argument, uint64_t count,
               uint64_t after_rip, struct obs_probe *record)
{
    uint32_t in_use = cpu->stacks_in_use;

    cpu->stacks_reentered = 0;
    record->came = 0;
    record->differs = 0;
    cpu->probe.record = record;
    cpu->probe.after_rip = after_rip;
    cpu->probe.armed = true;
    probe_enter(&cpu->probe, fire, argument, count);
    cpu->probe.armed = false;
    ist_leave(cpu, cpu->stacks_in_use & ~in_use); /* handlers that were never returned from */
}
