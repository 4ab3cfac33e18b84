#include <muster/judge_roll.h>

#include <muster/text.h>

#include "id_list.h"

/* One list of numbers that must not repeat. */
struct numbers {
    const char *name;
    uint32_t count;
    /* Number `n`; false when that entry does not count. */
    bool (*get)(const struct claims *claims, uint32_t n, uint32_t *ret);
};

static bool mps_apic_id(const struct claims *claims, uint32_t n, uint32_t *ret)
{
    *ret = claims->mps.cpus[n].apic_id;
    return true;
}

static bool madt_apic_id(const struct claims *claims, uint32_t n, uint32_t *ret)
{
    *ret = claims->madt.cpus[n].apic_id;
    return claims->madt.cpus[n].enabled || claims->madt.cpus[n].online_capable;
}

static bool madt_uid(const struct claims *claims, uint32_t n, uint32_t *ret)
{
    *ret = claims->madt.cpus[n].uid;
    return claims->madt.cpus[n].enabled;
}

/* How many entries before `n` have its number. */
static uint32_t seen_before(const struct claims *claims, const struct numbers *numbers, uint32_t n,
                            uint32_t number)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t other;
        count += numbers->get(claims, i, &other) && other == number;
    }
    return count;
}

static void tell_repeated(const struct claims *claims, const struct numbers *numbers,
                          struct text *seen)
{
    struct id_list repeated = {0};
    for (uint32_t n = 0; n < numbers->count; n++) {
        uint32_t number;
        /* At its second place alone: a number that stands five times is told once. */
        if (numbers->get(claims, n, &number) && seen_before(claims, numbers, n, number) == 1) {
            id_list_add(&repeated, number);
        }
    }
    if (repeated.count == 0) {
        return;
    }
    clause_begin(seen);
    text_format(seen, "%s ", numbers->name);
    id_list_print(seen, &repeated);
}

enum verdict judge_roll_unique(const struct claims *claims, struct words *ret)
{
    const struct numbers lists[] = {
        {"more than once in MP Services: APIC ID", claims->mps.count, mps_apic_id},
        {"more than once in the MADT: APIC ID", claims->madt.count, madt_apic_id},
        {"more than once in the MADT: processor UID", claims->madt.count, madt_uid},
    };
    struct text seen;
    *ret = (struct words){0};
    text_init(&seen, ret->seen, sizeof(ret->seen));
    if (!claims->mps.present && !claims->madt.present) {
        text_add(&seen, "neither MP Services nor a MADT lists CPUs");
        return VERDICT_SKIP;
    }
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        tell_repeated(claims, &lists[i], &seen);
    }
    if (seen.length == 0) {
        return VERDICT_PASS;
    }
    string_copy(ret->expected, sizeof(ret->expected), "each APIC ID and each processor UID once");
    string_copy(ret->means, sizeof(ret->means),
                "an operating system drops one of the two as a duplicate, or starts one CPU twice; "
                "ACPI objects that name a CPU by its UID no longer tell which");
    return VERDICT_FAIL;
}
