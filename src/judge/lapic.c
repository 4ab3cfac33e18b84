/* state.lapic-lvt, state.lapic-pending, state.lint */
#include <muster/judge_apic.h>
#include <muster/text.h>

enum { VECTORS_TOLD = 6 };

static enum verdict untaken(struct words *ret)
{
    string_copy(ret->seen, sizeof ret->seen,
                "the local APIC is off, or in another mode than the BSP's: not looked at");
    return VERDICT_SKIP;
}

static void print_source(struct text *out, const struct lapic_record *lapic, enum lapic_lvt lvt)
{
    const uint32_t entry = lapic->lvt[lvt];

    text_add(out, out->length ? "; " : "");
    text_add(out, "LVT ");
    lvt_print_name(out, lvt);
    text_format(out, " 0x%x, vector 0x%x", entry, entry & 0xff);
    if (lvt != LVT_TIMER)
        text_format(out, ", %s", delivery_name(delivery_of(entry)));
    else if (lapic->deadline)
        text_format(out, ", deadline 0x%lx", (unsigned long)lapic->deadline);
    else
        text_format(out, ", %u of %u counts left", lapic->timer_current, lapic->timer_initial);
}

enum verdict judge_lapic_lvt(const struct observation *observation, struct words *ret)
{
    const struct lapic_record *lapic = &observation->lapic.record;
    char buffer[WORDS_SEEN_MAX];
    struct text seen;

    if (!lapic->taken)
        return untaken(ret);
    text_init(&seen, buffer, sizeof buffer);
    for (enum lapic_lvt lvt = 0; lvt < LVT_ALL; lvt++) {
        if (lapic_live(lapic, lvt))
            print_source(&seen, lapic, lvt);
    }
    if (!seen.length)
        return VERDICT_PASS;
    string_copy(ret->seen, sizeof ret->seen, buffer);
    string_copy(ret->expected, sizeof ret->expected,
                "every LVT masked or stopped, but ExtINT and NMI on LINT0 and LINT1, and SMI");
    string_copy(ret->means, sizeof ret->means,
                "as soon as an operating system turns interrupts on, one comes that it did not ask "
                "for, through a gate that may not be there yet: it dies early, with no message");
    return VERDICT_FAIL;
}

static void print_vectors(struct text *out, const char *what, const uint32_t *bitmap)
{
    const size_t before = out->length;
    const char *glue = before ? "; " : "";
    char buffer[96];
    struct text list;

    text_init(&list, buffer, sizeof buffer);
    if (vectors_print(&list, bitmap, VECTORS_TOLD))
        text_format(out, "%s%s: vector %s", glue, what, buffer);
}

enum verdict judge_lapic_pending(const struct observation *observation, struct words *ret)
{
    const struct lapic_record *lapic = &observation->lapic.record;
    char buffer[WORDS_SEEN_MAX];
    struct text seen;

    if (!lapic->taken)
        return untaken(ret);
    text_init(&seen, buffer, sizeof buffer);
    print_vectors(&seen, "in service (ISR)", lapic->in_service);
    const bool in_service = seen.length;
    print_vectors(&seen, "pending (IRR)", lapic->requested);
    if (!seen.length)
        return VERDICT_PASS;
    string_copy(ret->seen, sizeof ret->seen, buffer);
    string_copy(ret->expected, sizeof ret->expected, "IRR and ISR empty");
    string_copy(ret->means, sizeof ret->means,
                in_service
                    ? "firmware never ended this interrupt: the APIC holds back every interrupt of "
                      "the same or a lower priority, and an operating system hangs waiting"
                    : "it comes as soon as an operating system turns interrupts on, at a vector "
                      "that may mean something else there, or nothing");
    return VERDICT_FAIL;
}

static bool for_bsp(const struct handoff *handoff, const struct madt_nmi *nmi)
{
    return nmi->uid == CPU_NONE || nmi->uid == handoff->inventory.rows[0].uid;
}

/* Bit n: the MADT says that the BSP's LINTn is an NMI. */
static uint32_t nmi_lines(const struct handoff *handoff)
{
    const struct madt_claims *madt = &handoff->claims.madt;
    uint32_t lines = 0;

    for (uint32_t n = 0; n < madt->nmi_count; n++) {
        if (for_bsp(handoff, &madt->nmis[n]))
            lines |= 1u << madt->nmis[n].lint;
    }
    return lines;
}

static void tell_line(struct teller *teller, const struct cpuset *cpus, uint32_t line,
                      uint32_t entry, bool claimed)
{
    struct words words = {0};
    struct text expected, seen;

    text_init(&expected, words.expected, sizeof words.expected);
    text_init(&seen, words.seen, sizeof words.seen);
    text_format(&expected, "LINT%u %s, as the MADT says", line,
                claimed ? "NMI or masked" : "no NMI");
    text_format(&seen, "LVT LINT%u 0x%x: %s", line, entry, delivery_name(delivery_of(entry)));
    string_copy(words.means, sizeof words.means,
                "firmware and its MADT disagree about the wiring: an operating system goes by the "
                "MADT, so NMIs (button, watchdog, fatal errors) never come, or what comes is none");
    teller->tell(teller, cpus, VERDICT_FAIL, &words);
}

void judge_lint(const struct crowd *crowd, struct teller *teller)
{
    struct words words = {0};
    const uint32_t first = cpuset_next(&crowd->cpus, 0);

    if (first == CPU_NONE)
        return;
    const struct lapic_record *lapic = &crowd_seen(crowd, first)->lapic.record;
    const uint32_t lines = nmi_lines(crowd->handoff);
    if (!lapic->taken || !lines) {
        if (lapic->taken)
            string_copy(words.seen, sizeof words.seen, "the MADT names no NMI line of the BSP");
        else
            untaken(&words);
        teller->tell(teller, &crowd->cpus, VERDICT_SKIP, &words);
        return;
    }
    for (uint32_t line = 0; line < 2; line++) {
        const uint32_t entry = lapic->lvt[LVT_LINT0 + line];
        const bool claimed = lines >> line & 1, nmi = delivery_of(entry) == DELIVER_NMI;
        if (!(entry & LVT_MASKED) && claimed != nmi)
            tell_line(teller, &crowd->cpus, line, entry, claimed);
    }
}
