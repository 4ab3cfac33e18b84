/* What the CPUs offer, by their own word: CPUID, but for what tells who a CPU is. */
#include "baseline_sections.h"

enum { BRAND_FIRST = (int)0x80000002, BRAND_LAST = (int)0x80000004, BRAND_BYTES = 48 };

struct question {
    uint32_t leaf, subleaf;
    enum cpuid_register which;
};

static bool word_of(const struct baseline *baseline, uint32_t cpu, const void *what, uint64_t *ret)
{
    const struct question *question = what;
    const struct cpuid_record *record = &baseline->report->cpuids[cpu];
    const struct cpuid_row row = cpuid_record_find(record, question->leaf, question->subleaf);

    *ret = row.value[question->which] &
           cpuid_compared_bits(question->leaf, question->subleaf, question->which, false);
    return record->count > 0;
}

static bool has_row(const struct cpuid_record *record, const struct cpuid_row *wanted)
{
    const struct cpuid_row row = cpuid_record_find(record, wanted->leaf, wanted->subleaf);

    return row.value[0] | row.value[1] | row.value[2] | row.value[3];
}

/* What is zero on all CPUs is not told. */
static void tell_word(struct baseline *baseline, const struct cpuset *cpus,
                      const struct question *question)
{
    static const char *const registers[CPUID_REGISTERS] = {"eax", "ebx", "ecx", "edx"};
    char name[40];
    struct text text;
    uint64_t value, any = 0;

    cpuset_for_each(cpu, cpus)
    {
        any |= word_of(baseline, cpu, question, &value) ? value : 0;
    }
    if (any == 0) {
        return;
    }
    text_init(&text, name, sizeof(name));
    text_format(&text, "cpuid.%x.%x.%s", question->leaf, question->subleaf,
                registers[question->which]);
    baseline_grouped(baseline, name, cpus, word_of, question);
}

/* Each row where the first CPU that has it stands; the brand is told as text. */
static void tell_rows_of(struct baseline *baseline, const struct cpuset *cpus, uint32_t cpu)
{
    const struct cpuid_record *records = baseline->report->cpuids;

    for (uint32_t n = 0; n < records[cpu].count; n++) {
        const struct cpuid_row *row = &records[cpu].rows[n];
        uint32_t before = 0;
        while (before < cpu && !has_row(&records[before], row)) {
            before++;
        }
        if (before < cpu ||
            (row->leaf >= (uint32_t)BRAND_FIRST && row->leaf <= (uint32_t)BRAND_LAST)) {
            continue;
        }
        struct question question = {row->leaf, row->subleaf, CPUID_EAX};
        for (; question.which < CPUID_REGISTERS; question.which++) {
            tell_word(baseline, cpus, &question);
        }
    }
}

/* SDM vol. 2A, CPUID: 48 bytes in three leaves; some makers pad with blanks. */
static void tell_brand(struct baseline *baseline, const struct cpuid_record *record)
{
    char brand[BRAND_BYTES + 1];
    struct text text;

    text_init(&text, brand, sizeof(brand));
    for (uint32_t n = 0; n < BRAND_BYTES; n++) {
        const struct cpuid_row row = cpuid_record_find(record, (uint32_t)BRAND_FIRST + n / 16, 0);
        const char c = (char)(row.value[n / 4 % 4] >> n % 4 * 8);
        if (c == '\0') {
            break;
        }
        if (c != ' ' || text.length > 0) {
            text_char(&text, c);
        }
    }
    baseline_fact(baseline, "brand", NULL);
    json_string(baseline->json, "value", brand);
    baseline_fact_end(baseline);
}

void baseline_cpuid(struct baseline *baseline)
{
    struct cpuset all;

    if (!baseline->report->cpuids) {
        return;
    }
    tell_brand(baseline, &baseline->report->cpuids[0]);
    cpuset_fill(&all, baseline->report->cpus_claimed);
    cpuset_for_each(cpu, &all)
    {
        tell_rows_of(baseline, &all, cpu);
    }
}
