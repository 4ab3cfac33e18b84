/* ipi.* */
#include <muster/judge.h>
#include <muster/text.h>

static const char *count_meaning(const struct obs_ipi *ipi)
{
    if (ipi->from == CPU_NONE)
        return "an interrupt that nobody sent to this CPU: another CPU's IPI was misrouted";
    if (ipi->count.seen < ipi->count.want)
        return "an IPI was lost: an OS that waits for its TLB shootdown or its wake-up hangs";
    return "an IPI was delivered more often than it was sent";
}

static enum verdict judge_vector(const struct obs_ipi *ipi, struct words *ret)
{
    char name[64];
    struct text text;

    text_init(&text, name, sizeof name);
    text_format(&text, "interrupts at vector 0x%x", ipi->vector);
    if (ipi->from != CPU_NONE)
        text_format(&text, " from CPU %u", ipi->from);
    words_differ(ret, name, ipi->count, count_meaning(ipi));
    return VERDICT_FAIL;
}

enum verdict judge_ipi(const struct observation *observation, struct words *ret)
{
    const struct obs_ipi *ipi = &observation->ipi;

    if (ipi->unasked)
        return judge_unasked(ipi->unasked, ret);
    if (words_differ(ret, "logical ID", ipi->logical_id,
                     "the logical destination register holds another ID: IPIs to it go elsewhere"))
        return VERDICT_FAIL;
    if (ipi->vector)
        return judge_vector(ipi, ret);
    if (words_differ(ret, "interrupts in all", ipi->taken,
                     "interrupts were taken at vectors that nobody sends") ||
        words_differ(ret, "interrupts that overtook the sender's store", ipi->misread,
                     "the handler did not see what the sender wrote before it sent: work that an "
                     "IPI announces is not there yet"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}

static bool order_differs(const struct obs_order *order)
{
    if (order->came != order->wanted)
        return true;
    for (uint32_t n = 0; n < order->wanted && n < ORDER_MAX; n++) {
        if (order->want[n] != order->seen[n])
            return true;
    }
    return false;
}

static void tell_order(char *to, size_t size, const uint8_t *events, uint32_t count)
{
    struct text text;

    text_init(&text, to, size);
    text_add(&text, count ? "order:" : "order: nothing came");
    for (uint32_t n = 0; n < count && n < ORDER_MAX; n++) {
        if (events[n] == ORDER_LOWERED)
            text_add(&text, " TPR-lowered");
        else
            text_format(&text, " %s0x%x", events[n] & ORDER_LEFT ? "end-of-" : "",
                        events[n] & ~(unsigned)ORDER_LEFT);
    }
    if (count > ORDER_MAX)
        text_format(&text, " and %u more", count - ORDER_MAX);
}

enum verdict judge_order(const struct observation *observation, struct words *ret)
{
    const struct obs_order *order = &observation->order;

    if (words_differ(ret, "interrupts in the IRR", order->pending,
                     "an IPI to itself was not accepted by this CPU's APIC") ||
        words_differ(ret, "TPR", order->task_priority,
                     "CR8 and the APIC's TPR are one register, but disagree") ||
        words_differ(ret, "CR8", order->cr8,
                     "CR8 and the APIC's TPR are one register, but disagree"))
        return VERDICT_FAIL;
    if (order_differs(order)) {
        tell_order(ret->expected, sizeof ret->expected, order->want, order->wanted);
        tell_order(ret->seen, sizeof ret->seen, order->seen, order->came);
        string_copy(ret->means, sizeof ret->means,
                    "interrupts are not taken by priority: what must wait disturbs what must not");
        return VERDICT_FAIL;
    }
    if (words_differ(
            ret, "in service in the inner handler", order->nested,
            "the in-service register does not show both handlers (bit 0: outer, 1: inner)") ||
        words_differ(ret, "in service after the inner EOI", order->ended,
                     "EOI must end the interrupt of highest priority and leave the outer one"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}

enum verdict judge_spurious(const struct observation *observation, struct words *ret)
{
    const struct obs_spurious *spurious = &observation->spurious;

    if (words_differ(ret, "spurious-interrupt vector register", spurious->spurious_register,
                     "the APIC is not enabled with the spurious vector that was written") ||
        words_differ(ret, "interrupts above the TPR's barrier", spurious->blocked,
                     "an interrupt was taken that the task priority had to hold back") ||
        words_differ(ret, "in service at a spurious interrupt", spurious->in_service,
                     "a spurious interrupt must not be in service: its handler sends no EOI") ||
        words_differ(ret, "interrupts after the TPR was lowered", spurious->later,
                     "an interrupt that was held back was lost, or came twice"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}

enum verdict judge_latency(const struct observation *observation, struct words *ret)
{
    const struct obs_latency *latency = &observation->latency;

    if (latency->unasked)
        return judge_unasked(latency->unasked, ret);
    if (words_differ(ret, "answers from the neighbour", latency->answered,
                     "an IPI or its answer was lost: none came for 3 s"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}
