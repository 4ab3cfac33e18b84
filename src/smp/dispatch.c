/* Where every exception and interrupt arrives, after entry.S. */
#include "bsp_watch.h"
#include "fleet.h"
#include "install.h"
#include "ist_guard.h"
#include "probe.h"
#include "registers.h"
#include "work.h"
#include <muster/memory.h>

/* The CPU this code runs on, told by its GDT: GS may be the very thing that is wrong. */
static struct cpu *cpu_by_gdt(void)
{
    return tables_owner((const uint64_t *)(uintptr_t)gdtr_read().base);
}

static void interrupt(struct cpu *cpu, uint8_t vector)
{
    struct fleet *fleet = cpu->fleet;

    if (vector == VECTOR_TIMER)
        fleet->timer_fired = true;
    else if (vector != VECTOR_WAKE && vector != VECTOR_DEADLINE)
        cpu->uncalled[vector]++;
    /* A spurious interrupt, and INT n, are not in service and must not be ended. */
    if (vector != VECTOR_SPURIOUS && apic_in_service(&fleet->apic, vector))
        apic_end_of_interrupt(&fleet->apic);
}

static void keep_last_words(struct cpu *cpu, const struct exception_frame *frame)
{
    if (cpu->last_words.spoken && !cpu->last_words.earlier)
        return;
    memcpy(&cpu->last_words.frame, frame, sizeof *frame);
    cpu->last_words.cr2 = cr2_read();
    cpu->last_words.spoken = true;
    cpu->last_words.earlier = false;
}

/* The BSP goes on from the top of its main stack: it still has to end the report. */
static void bail(struct cpu *cpu, struct exception_frame *frame)
{
    struct fleet *fleet = cpu->fleet;

    if (!fleet->bsp_bail)
        halt_for_good();
    /* Whatever it was at is over. */
    cpu->done = cpu->posted;
    cpu->probe.armed = false;
    dr7_write(DR7_CLEAR);
    frame->rip = (uintptr_t)fleet->bsp_bail;
    frame->rdi = (uintptr_t)fleet->bsp_bail_context;
    uint64_t top = fleet->bail_rsp ? fleet->bail_rsp : stack_top(0, STACK_MAIN);
    frame->rsp = top - 8; /* as after a CALL */
    frame->cs = SELECTOR_KERNEL_CODE;
    frame->ss = SELECTOR_KERNEL_DATA;
    frame->rflags = 2;
}

_Noreturn static void die(struct cpu *cpu)
{
    bool at_work = cpu->posted != cpu->done;

    cpu->dead = true;
    if (at_work && !cpu->abandoned)
        work_finished(cpu->fleet);
    halt_for_good();
}

static bool wanted_by_probe(const struct cpu *cpu, uint8_t vector)
{
    if (!cpu->probe.armed)
        return false;
    /* An NMI may come from anywhere: it is the probe's only where the probe sent for it. */
    if (vector == VECTOR_NMI)
        return cpu->probe.any_vector || probe_wants(cpu, vector);
    return vector < VECTOR_EXCEPTIONS || vector == VECTOR_RING3 || cpu->probe.any_vector;
}

static void deliver(struct cpu *cpu, struct exception_frame *frame)
{
    uint8_t vector = (uint8_t)frame->vector;
    bool probed = wanted_by_probe(cpu, vector);
    listener *listen = cpu->fleet->listener;
    bool stalled = vector == VECTOR_NMI && bsp_watch_ends(cpu);

    if (!stalled && listen && listen(cpu, frame))
        return;
    if (vector >= VECTOR_EXCEPTIONS && !probed) {
        interrupt(cpu, vector);
        if (vector == VECTOR_DEADLINE && cpu->index == 0 && cpu->fleet->deadline_armed)
            bail(cpu, frame);
        return;
    }
    if (probed && !stalled) {
        probe_catch(cpu, frame);
        return;
    }
    /* Not asked for and not ours, but no reason to stop: it came on a stack of its own. */
    if (vector == VECTOR_NMI && !stalled) {
        cpu->uncalled[vector]++;
        return;
    }
    keep_last_words(cpu, frame);
    if (cpu->index == 0)
        bail(cpu, frame);
    else
        die(cpu);
}

void exception_dispatch(struct exception_frame *frame)
{
    struct cpu *cpu = cpu_by_gdt();
    uint32_t stack = ist_enter(cpu, (uintptr_t)frame);

    deliver(cpu, frame);
    ist_leave(cpu, stack);
}
