/* roll.srat */
#include <muster/claim_state.h>
#include <muster/judge_places.h>
#include <muster/text.h>

#include "id_list.h"
#include "roll_words.h"

/* IDs that are nobody's: firmware fills unused entries with them. */
static bool is_nobody(const struct srat_claim *claim)
{
    return claim->apic_id == (claim->type == 0 ? 0xff : CPU_NONE);
}

/* How many enabled entries the first `end` ones hold for this APIC ID. */
static uint32_t entries_of(const struct srat_claims *srat, uint32_t end, uint32_t apic_id)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < end; n++) {
        count += srat->cpus[n].enabled && srat->cpus[n].apic_id == apic_id;
    }
    return count;
}

static void tell(struct text *seen, const char *before, const struct id_list *list)
{
    if (list->count > 0) {
        clause_begin(seen);
        text_add(seen, before);
        id_list_print(seen, list);
    }
}

/* What each difference means, the gravest first. */
static const char *compare(const struct claims *claims, struct text *seen)
{
    const struct srat_claims *srat = &claims->srat;
    struct id_list missing = {0}, phantom = {0}, twice = {0};
    for (uint32_t n = 0; n < claims->madt.count; n++) {
        const struct madt_claim *cpu = &claims->madt.cpus[n];
        if (cpu->enabled && entries_of(srat, srat->count, cpu->apic_id) == 0) {
            id_list_add(&missing, cpu->apic_id);
        }
    }
    for (uint32_t n = 0; n < srat->count; n++) {
        const struct srat_claim *claim = &srat->cpus[n];
        if (!claim->enabled || is_nobody(claim)) {
            continue;
        }
        if (entries_of(srat, n, claim->apic_id) == 1) {
            id_list_add(&twice, claim->apic_id);
        }
        if (madt_state(&claims->madt, claim->apic_id) == CLAIM_ABSENT) {
            id_list_add(&phantom, claim->apic_id);
        }
    }
    tell(seen, "no affinity entry for APIC ID ", &missing);
    tell(seen, "an affinity entry for an ID that the MADT does not list: ", &phantom);
    tell(seen, "more than one affinity entry for APIC ID ", &twice);
    return missing.count > 0
               ? "an operating system puts these CPUs into some domain by chance (Linux: round "
                 "robin "
                 "or node 0): memory that is far is taken for near, and schedulers balance wrongly"
           : phantom.count > 0
               ? "an operating system makes room for CPUs that do not exist, and may make a domain "
                 "without CPUs of it"
               : "which domain these CPUs are put into depends on which entry is read last";
}

enum verdict judge_roll_srat(const struct claims *claims, struct words *ret)
{
    struct text seen;
    *ret = (struct words){0};
    if (roll_quote(&claims->notes, "roll.srat", ret)) {
        return roll_fail(
            ret, "a table that can be read to its end as ACPI 6.5, 5.2.16 lays it out",
            "an operating system drops the whole table (Linux: \"SRAT not used\"), and "
            "takes the machine for one domain");
    }
    if (!claims->srat.present) {
        return roll_skip(ret, "no SRAT among the ACPI tables: one domain");
    }
    if (!claims->madt.present) {
        return roll_skip(ret, "no MADT to compare the SRAT with");
    }
    if (claims->srat.count == 0) {
        return roll_skip(ret, "the SRAT holds no CPU");
    }
    text_init(&seen, ret->seen, sizeof(ret->seen));
    if (claims->srat.beyond > 0 || claims->madt.beyond > 0) {
        text_format(&seen, "more than the %u CPUs that muster holds", CPU_MAX);
        return VERDICT_ERROR;
    }
    const char *means = compare(claims, &seen);
    return seen.length == 0
               ? VERDICT_PASS
               : roll_fail(
                     ret,
                     "one enabled affinity entry for each enabled CPU of the MADT, and no other",
                     means);
}
