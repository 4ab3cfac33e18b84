#include "step.h"
#include "offer.h"

bool steps_begin(const struct cpu *cpu, struct observation *ret, enum ring_subject subject,
                 enum feature feature)
{
    struct obs_ring *ring = &ret->ring;

    ring->subject = subject;
    ring->feature = feature;
    ring->offered = features_offered() >> feature & 1;
    ring->bsp_offers = cpu->fleet->features >> feature & 1;
    return ring->offered;
}

static struct ring3 way_of(const struct step *step)
{
    return (struct ring3){
        .code = step->code,
        .compat = step->compat,
        .argument = step->argument,
        .count = step->count,
        .rflags = step->rflags,
        .data = step->data,
    };
}

static uint64_t ring3_rip(const struct cpu *cpu, const struct step *step)
{
    if (step->rip)
        return user_address(cpu, step->rip);
    return user_address(cpu, step->vector == VECTOR_RING3 ? user_return_rip : step->code);
}

/* On the running stack; want.rsp and want.frame follow from where the trigger began. */
static void ring0_want(const struct cpu *cpu, const struct step *step, struct obs_probe *probe)
{
    *probe = (struct obs_probe){
        .wanted = step->vector == STEP_THROUGH ? 0 : 1,
        .fields = step->vector == STEP_THROUGH ? 0 : FAULT_ALL,
        .want = {.vector = step->vector,
                 .soft = !vector_has_error_code(step->vector),
                 .rip = (uintptr_t)step->rip,
                 .cs = SELECTOR_KERNEL_CODE,
                 .ss = SELECTOR_KERNEL_DATA,
                 .rflags = PROBE_RFLAGS,
                 .cpu = cpu->index},
    };
}

static void want(const struct cpu *cpu, const struct step *step, const struct ring3 *way,
                 struct obs_probe *probe)
{
    if (step->code)
        ring3_want(cpu, way, step->vector, ring3_rip(cpu, step), probe);
    else
        ring0_want(cpu, step, probe);
    if (step->at)
        probe->want.rip = step->at;
    probe->want.rsp -= step->rsp_below;
    probe->want.error = step->error;
    probe->want.cr2 = step->cr2 ? step->cr2 : CR2_UNTOUCHED;
    if (step->tcg_error)
        probe->tcg = (struct deviant){.what = "vector * 16 in the place of vector * 8 (7.2)",
                                      .error_count = 1,
                                      .errors = {step->tcg_error}};
}

bool step_take(struct cpu *cpu, struct observation *ret, const struct step *step)
{
    struct obs_probe *probe = &ret->ring.probe;
    uint32_t dirty_wanted = probe->dirty_wanted;
    const struct ring3 way = way_of(step);
    const struct shot shot = {.fire = step->fire,
                              .argument = step->argument,
                              .count = step->count,
                              .arrange = step->arrange,
                              .undo = step->undo,
                              .ring3 = step->code ? &way : NULL};

    ret->ring.step = step->what;
    want(cpu, step, &way, probe);
    shot_take(cpu, probe, &shot);
    probe->dirty_wanted |= dirty_wanted;
    return !probe->differs && !probe->changed && probe->came == probe->wanted;
}

/* A step whose error code is known to be another under QEMU: the judge decides, the others go on.
 */
static bool may_deviate(const struct obs_ring *ring)
{
    return ring->probe.differs == FAULT_ERROR && !ring->probe.changed &&
           ring->probe.tcg.error_count;
}

bool steps_take(struct cpu *cpu, struct observation *ret, const struct step *steps, uint32_t count)
{
    struct obs_ring deviant = {.step = NULL};

    for (uint32_t n = 0; n < count; n++) {
        if (step_take(cpu, ret, &steps[n]))
            continue;
        if (!may_deviate(&ret->ring))
            return false;
        if (!deviant.step)
            deviant = ret->ring;
    }
    if (deviant.step)
        ret->ring = deviant;
    return true;
}

struct step step_allowed(struct step step)
{
    step.vector = step.code ? VECTOR_RING3 : STEP_THROUGH;
    step.rip = NULL;
    step.error = step.at = step.cr2 = 0;
    return step;
}
