#include <muster/judge_roll.h>

#include <muster/claim_state.h>
#include <muster/text.h>

#include "id_list.h"

/* Ways to disagree about one CPU, the gravest first. */
enum dispute { MADT_ONLY, MPS_DISABLES, MPS_ONLY, MADT_DISABLES, DISPUTES };

static const struct {
    const char *before, *after; /* around the APIC IDs */
    const char *means;
} sentences[DISPUTES] = {
    [MADT_ONLY] = {"the MADT enables APIC ID ", ", which MP Services does not list",
                   "an operating system calls CPUs that firmware does not know of, and waits in "
                   "vain for those that do not exist"},
    [MPS_DISABLES] = {"the MADT enables APIC ID ", ", which MP Services disables",
                      "an operating system starts CPUs that firmware has put out of use, perhaps "
                      "as defective"},
    [MPS_ONLY] = {"MP Services enables APIC ID ", ", which the MADT does not list",
                  "an operating system reads the MADT alone: it never uses these CPUs"},
    [MADT_DISABLES] = {"MP Services enables APIC ID ", ", which the MADT disables",
                       "an operating system reads the MADT alone: it never uses these CPUs"},
};

struct disputes {
    struct id_list lists[DISPUTES];
};

static void compare_madt(const struct claims *claims, struct disputes *ret)
{
    for (uint32_t i = 0; i < claims->madt.count; i++) {
        const struct madt_claim *claim = &claims->madt.cpus[i];
        const enum claim_state other = mps_state(&claims->mps, claim->apic_id);
        if (claim->enabled && other != CLAIM_ENABLED) {
            id_list_add(&ret->lists[other == CLAIM_ABSENT ? MADT_ONLY : MPS_DISABLES],
                        claim->apic_id);
        }
    }
}

static void compare_mps(const struct claims *claims, struct disputes *ret)
{
    for (uint32_t i = 0; i < claims->mps.count; i++) {
        const struct mps_claim *claim = &claims->mps.cpus[i];
        const enum claim_state other = madt_state(&claims->madt, claim->apic_id);
        if (claim->enabled && other != CLAIM_ENABLED) {
            id_list_add(&ret->lists[other == CLAIM_ABSENT ? MPS_ONLY : MADT_DISABLES],
                        claim->apic_id);
        }
    }
}

/* Tells each dispute in `seen`; returns what the gravest means, or NULL when there is none. */
static const char *tell_disputes(const struct claims *claims, struct text *seen)
{
    struct disputes disputes = {0};
    const char *means = NULL;
    compare_madt(claims, &disputes);
    compare_mps(claims, &disputes);
    for (int i = 0; i < DISPUTES; i++) {
        if (disputes.lists[i].count == 0) {
            continue;
        }
        clause_begin(seen);
        text_add(seen, sentences[i].before);
        id_list_print(seen, &disputes.lists[i]);
        text_add(seen, sentences[i].after);
        means = means ? means : sentences[i].means;
    }
    return means;
}

/* GetNumberOfProcessors against GetProcessorInfo (PI 1.8 vol. 2, 13.4). */
static const char *tell_counts(const struct mps_claims *mps, struct text *seen)
{
    uint64_t enabled = 0;
    for (uint32_t i = 0; i < mps->count; i++) {
        enabled += mps->cpus[i].enabled;
    }
    if (mps->total == mps->count && mps->enabled == enabled) {
        return NULL;
    }
    clause_begin(seen);
    text_format(seen, "MP Services counts %lu CPUs, %lu enabled, and lists %u, %lu enabled",
                (unsigned long)mps->total, (unsigned long)mps->enabled, mps->count,
                (unsigned long)enabled);
    return "firmware drivers that size their work by these counts miss CPUs, or wait for too many";
}

enum verdict judge_roll_agree(const struct claims *claims, struct words *ret)
{
    struct text seen;
    *ret = (struct words){0};
    text_init(&seen, ret->seen, sizeof(ret->seen));
    if (!claims->mps.present || !claims->madt.present) {
        text_format(&seen, "no %s to compare with",
                    claims->mps.present    ? "MADT"
                    : claims->madt.present ? "MP Services"
                                           : "MP Services and no MADT");
        return VERDICT_SKIP;
    }
    if (claims->mps.beyond > 0 || claims->madt.beyond > 0) {
        text_format(&seen, "more than the %u CPUs that muster holds", CPU_MAX);
        return VERDICT_ERROR;
    }
    const char *disputes = tell_disputes(claims, &seen);
    const char *counts = tell_counts(&claims->mps, &seen);
    if (!disputes && !counts) {
        return VERDICT_PASS;
    }
    string_copy(ret->expected, sizeof(ret->expected),
                "the same CPUs enabled by MP Services and by the MADT");
    string_copy(ret->means, sizeof(ret->means), disputes ? disputes : counts);
    return VERDICT_FAIL;
}
