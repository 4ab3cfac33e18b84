#include "fault_case.h"
#include "install.h"
#include "offer.h"
#include "registers.h"
#include "turn.h"

static void want_ring0(const struct cpu *cpu, const struct fault_case *fault, struct obs_probe *ret)
{
    bool has_error = vector_has_error_code(fault->vector);
    uint32_t frame = has_error ? FRAME_WITH_ERROR : FRAME_WITHOUT_ERROR;
    uint32_t ist = tables_gate(fault->vector).ist; /* IST n uses stack n */

    shot_want_df(cpu, ret, fault->rip);
    ret->want.vector = fault->vector;
    ret->want.soft = !has_error;
    ret->want.rflags |= fault->rflags;
    ret->want.frame = ist ? stack_top(cpu->index, (enum stack_id)ist) - frame : 0;
    ret->dirty_wanted = ist ? 1u << ist : 0;
}

static void want(const struct cpu *cpu, const struct fault_case *fault, const struct ring3 *way,
                 struct obs_probe *ret)
{
    if (fault->user)
        ring3_want(cpu, way, fault->vector, user_address(cpu, fault->rip), ret);
    else
        want_ring0(cpu, fault, ret);
    ret->want.error = vector_has_error_code(fault->vector) ? fault->error : 0;
    ret->want.ext_open = fault->ext_inside && follows_apm();
    ret->want.dr6 = fault->dr6;
    if (fault->reads_dr6)
        ret->fields |= FAULT_DR6;
    /* Nothing excuses a planted defect. */
    if (under_tcg() && !cpu->planted)
        ret->tcg = fault->tcg;
}

void fault_case_take(struct cpu *cpu, const struct fault_case *fault, struct obs_probe *probe)
{
    struct ring3 way = {.code = fault->user,
                        .compat = fault->compat,
                        .argument = fault->argument,
                        .rflags = PROBE_RFLAGS | fault->rflags};
    struct shot shot = {.fire = fault->fire,
                        .argument = fault->argument,
                        .ring3 = fault->user ? &way : NULL,
                        .arrange = fault->arrange,
                        .undo = fault->undo};

    want(cpu, fault, &way, probe);
    probe->skip = fault->lacks ? fault->lacks(cpu) : NULL;
    if (probe->skip)
        return;
    if (fault->aim)
        fault->aim(cpu, &shot, probe);
    way.argument = shot.argument;
    if (fault->at_once)
        turn_begin(cpu, fault->at_once);
    shot_take(cpu, probe, &shot);
    if (fault->at_once)
        turn_end(cpu);
}

void fault_case_observe(struct cpu *cpu, struct observation *ret)
{
    const struct fault_case *fault = cpu->subject;
    struct gate *gate = &cpu->idt[fault->vector];
    uint8_t ist = gate->ist;

    if (cpu->planted)
        gate->ist = IST_PROBE;
    fault_case_take(cpu, fault, &ret->probe);
    gate->ist = ist;
}
