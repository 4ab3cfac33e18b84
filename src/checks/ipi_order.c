/*
 * ipi.priority, ipi.tpr, ipi.nested, ipi.spurious: in which order a CPU takes what is pending.
 *
 * Each CPU sends IPIs to itself with interrupts off, sees them in its IRR, and lets them in. The
 * listener notes each vector as its handler is entered. A vector's class is its upper four bits
 * (SDM vol. 3A, 11.8.3).
 */
#include "ipi.h"
#include "registers.h"
#include <muster/memory.h>

enum { PENDING_US = 100000, QUIET_US = 20 };
enum { OUTER = 0x41, OUTER_CLASS = 0x43, INNER = 0x61 };
enum { MODE_NOTE, MODE_NEST, MODE_NEST_PLANTED };

static uint32_t pending(const struct cpu *cpu, const uint8_t *vectors, uint32_t count)
{
    uint32_t sum = 0;

    for (uint32_t n = 0; n < count; n++)
        sum += apic_bit(&cpu->fleet->apic, APIC_IRR, vectors[n]);
    return sum;
}

bool ipi_make_pending(const struct cpu *cpu, const uint8_t *vectors, uint32_t count)
{
    uint64_t begin = tsc_read();

    for (uint32_t n = 0; n < count; n++)
        ipi_send_self(cpu, vectors[n]);
    while (pending(cpu, vectors, count) < count) {
        if (clock_us(&cpu->fleet->clock, tsc_read() - begin) > PENDING_US)
            return false;
    }
    return true;
}

static uint32_t in_service(const struct cpu *cpu)
{
    const struct apic *apic = &cpu->fleet->apic;

    return (uint32_t)apic_bit(apic, APIC_ISR, OUTER) | (uint32_t)apic_bit(apic, APIC_ISR, INNER)
                                                           << 1;
}

/* The outer handler lets others in while it is in service: one of a higher class comes at once, one
 * of its own class only after its EOI. */
static void nest(struct cpu *cpu)
{
    static const uint8_t both[] = {OUTER_CLASS, INNER};

    if (cpu->desk.mode == MODE_NEST_PLANTED)
        apic_end_of_interrupt(&cpu->fleet->apic);
    ipi_make_pending(cpu, both, sizeof both);
    desk_linger(cpu, QUIET_US);
    cpu->desk.depth = in_service(cpu);
    desk_note(cpu, OUTER + ORDER_LEFT);
}

static bool listen_order(struct cpu *cpu, struct exception_frame *frame)
{
    uint8_t vector = (uint8_t)frame->vector;
    struct desk *desk = &cpu->desk;

    if (vector == VECTOR_SPURIOUS) {
        desk->during += apic_bit(&cpu->fleet->apic, APIC_ISR, VECTOR_SPURIOUS);
        return true;
    }
    if (vector < IPI_FIRST || vector > IPI_LAST)
        return false;
    desk_note(cpu, vector);
    if (desk->mode != MODE_NOTE && vector == OUTER)
        nest(cpu);
    if (desk->mode != MODE_NOTE && vector == INNER)
        desk->deepest = in_service(cpu);
    if (desk->mode != MODE_NEST_PLANTED || vector != OUTER)
        apic_end_of_interrupt(&cpu->fleet->apic);
    desk->taken++;
    return true;
}

static void take(struct cpu *cpu, uint32_t count)
{
    desk_wait(cpu, &cpu->desk.taken, count);
    desk_linger(cpu, QUIET_US);
}

static void compare(const struct cpu *cpu, struct obs_order *order, const uint8_t *want,
                    uint32_t wanted)
{
    order->wanted = wanted;
    order->came = cpu->desk.event_count;
    memcpy(order->want, want, wanted);
    memcpy(order->seen, cpu->desk.events, sizeof order->seen);
}

static void observe_priority(struct cpu *cpu, struct observation *ret)
{
    static const uint8_t sent[] = {0x41, 0x71, 0x51, 0x61, 0x45};
    static const uint8_t want[] = {0x71, 0x61, 0x51, 0x45, 0x41};
    uint32_t first = cpu->planted ? 1 : 0; /* planted: the lowest is let in before the others */

    if (first) {
        ipi_make_pending(cpu, sent, first);
        take(cpu, first);
    }
    bool all = ipi_make_pending(cpu, sent + first, sizeof sent - first);
    ret->order.pending = (struct pair){1, all};
    take(cpu, sizeof sent);
    compare(cpu, &ret->order, want, sizeof want);
}

static void observe_tpr(struct cpu *cpu, struct observation *ret)
{
    static const uint8_t sent[] = {0x41, 0x51, 0x61, 0x71};
    static const uint8_t want[] = {0x71, 0x61, ORDER_LOWERED, 0x51, 0x41};
    const struct apic *apic = &cpu->fleet->apic;

    /* CPUID serializes: TPR and CR8 are not to be mixed without (SDM vol. 3A, 11.8.6.1). */
    apic_write(apic, APIC_TPR, 0x30);
    cpuid(0, 0);
    ret->order.cr8 = (struct pair){0x3, cr8_read()};
    cr8_write(cpu->planted ? 0x4 : 0x5);
    cpuid(0, 0);
    ret->order.task_priority = (struct pair){cpu->planted ? 0x40 : 0x50, apic_read(apic, APIC_TPR)};
    bool all = ipi_make_pending(cpu, sent, sizeof sent);
    ret->order.pending = (struct pair){1, all};
    take(cpu, 2);
    desk_note(cpu, ORDER_LOWERED);
    cr8_write(0);
    take(cpu, sizeof sent);
    compare(cpu, &ret->order, want, sizeof want);
}

static void observe_nested(struct cpu *cpu, struct observation *ret)
{
    static const uint8_t sent[] = {OUTER};
    static const uint8_t want[] = {OUTER, INNER, OUTER + ORDER_LEFT, OUTER_CLASS};

    cpu->desk.mode = cpu->planted ? MODE_NEST_PLANTED : MODE_NEST;
    bool all = ipi_make_pending(cpu, sent, sizeof sent);
    ret->order.pending = (struct pair){1, all};
    take(cpu, 3);
    compare(cpu, &ret->order, want, sizeof want);
    ret->order.nested = (struct pair){3, cpu->desk.deepest};
    ret->order.ended = (struct pair){1, cpu->desk.depth};
}

/* An interrupt that is accepted and then held back by the TPR stays in the IRR. The CPU may be told
 * of it all the same, as the spurious vector (SDM vol. 3A, 11.9). */
static void observe_spurious(struct cpu *cpu, struct observation *ret)
{
    static const uint8_t sent[] = {0x41};
    struct obs_spurious *spurious = &ret->spurious;

    spurious->spurious_register =
        (struct pair){0x100 | VECTOR_SPURIOUS, apic_read(&cpu->fleet->apic, APIC_SPURIOUS)};
    ipi_make_pending(cpu, sent, sizeof sent);
    if (!cpu->planted)
        cr8_write(0xf);
    desk_linger(cpu, QUIET_US);
    spurious->blocked.seen = cpu->desk.taken;
    cr8_write(0);
    take(cpu, sizeof sent);
    spurious->later = (struct pair){1, cpu->desk.taken};
    spurious->in_service.seen = cpu->desk.during;
}

static const struct check rows[] = {
    IPI("ipi.priority",
        "of several pending interrupts the CPU takes the one with the highest vector first",
        "SDM vol. 3A, 11.8.3; APM vol. 2, 16.6.3", "the lowest let in before the others are sent",
        observe_priority, NULL, judge_order, listen_order),
    IPI("ipi.tpr",
        "the TPR, which is CR8, holds back its class and those below until it is lowered",
        "SDM vol. 3A, 11.8.3.1 and 11.8.6; APM vol. 2, 16.6.3", "a TPR one class too low",
        observe_tpr, NULL, judge_order, listen_order),
    IPI("ipi.nested", "a handler is interrupted by higher classes only, and EOI ends the innermost",
        "SDM vol. 3A, 11.8.4 and 11.8.5; APM vol. 2, 16.6.3 and 16.6.4",
        "an EOI before the handler is done", observe_nested, NULL, judge_order, listen_order),
    IPI("ipi.spurious",
        "an interrupt that the TPR holds back is kept; a spurious one is never in service",
        "SDM vol. 3A, 11.9; APM vol. 2, 16.4.7", "a TPR that is not raised", observe_spurious, NULL,
        judge_spurious, listen_order),
};

FAMILY(ipi_order_family, rows);
