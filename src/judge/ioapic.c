/* state.ioapic */
#include <muster/judge_apic.h>

#include <muster/ioapic.h>
#include <muster/text.h>

static void tell(struct teller *teller, const char *expected, const struct text *seen,
                 const char *means)
{
    static const struct cpuset machine = {{0}};
    struct words words = {0};

    string_copy(words.expected, sizeof words.expected, expected);
    string_copy(words.seen, sizeof words.seen, seen->at);
    string_copy(words.means, sizeof words.means, means);
    teller->tell(teller, &machine, VERDICT_FAIL, &words);
}

static void print_entry(struct text *out, const struct ioapic_live *live)
{
    const uint32_t low = (uint32_t)live->entry;

    text_format(out, "; GSI %u 0x%lx: vector 0x%x, %s, %s%s", live->gsi, (unsigned long)live->entry,
                low & 0xff, delivery_name(delivery_of(low)), low & 1 << 15 ? "level" : "edge",
                low & LVT_REMOTE_IRR ? " in service" : "");
}

static void tell_live(struct teller *teller, const struct ioapic_claim *claim,
                      const struct ioapic_record *record)
{
    char buffer[WORDS_SEEN_MAX];
    struct text seen;

    text_init(&seen, buffer, sizeof buffer);
    text_format(&seen, "I/O APIC %u: %u unmasked", claim->id, record->live);
    for (uint32_t n = 0; n < record->live && n < IOAPIC_LIVE_KEPT; n++)
        print_entry(&seen, &record->kept[n]);
    tell(teller, "every pin of the I/O APICs masked", &seen,
         "a device interrupts before its driver is there: at a vector that means something else, "
         "and a level-triggered line again and again, until an operating system masks it");
}

static void judge_one(const struct handoff *handoff, uint32_t n, const struct ioapic_record *record,
                      struct teller *teller)
{
    const struct ioapic_claim *claim = &handoff->claims.madt.ioapics[n];
    char buffer[WORDS_SEEN_MAX];
    struct text seen;

    text_init(&seen, buffer, sizeof buffer);
    text_format(&seen, "I/O APIC %u at 0x%lx: ", claim->id, (unsigned long)claim->address);
    if (!record->asked) {
        text_format(&seen, "the address is %s", ioapic_refusal(claim, &handoff->memory));
        tell(teller, "the address of a device", &seen,
             "an operating system that goes by the MADT writes to what lies there");
    } else if (!record->answers) {
        text_format(&seen, "its version reads 0x%x", record->version);
        tell(teller, "an I/O APIC that answers", &seen,
             "the MADT names an I/O APIC that is not there, or is switched off: interrupts of its "
             "pins never come");
    } else if (record->live) {
        tell_live(teller, claim, record);
    }
}

void judge_ioapic(const struct crowd *crowd, struct teller *teller)
{
    const uint32_t count = crowd->handoff->claims.madt.ioapic_count;
    const uint32_t first = cpuset_next(&crowd->cpus, 0);
    struct words words = {.seen = "the MADT names no I/O APIC"};

    if (first == CPU_NONE)
        return;
    if (!count) {
        teller->tell(teller, &crowd->cpus, VERDICT_SKIP, &words);
        return;
    }
    const struct ioapic_record *records = crowd_seen(crowd, first)->ioapic.records;
    for (uint32_t n = 0; n < count; n++)
        judge_one(crowd->handoff, n, &records[n], teller);
}
