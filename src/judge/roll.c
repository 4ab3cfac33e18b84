/* roll.madt and roll.bsp-first. */
#include <muster/judge_roll.h>

#include <muster/text.h>

#include "id_list.h"
#include "roll_words.h"

enum verdict judge_roll_madt(const struct claims *claims, struct words *ret)
{
    struct text seen;
    *ret = (struct words){0};
    text_init(&seen, ret->seen, sizeof(ret->seen));
    if (roll_quote(&claims->notes, "roll.madt", ret)) {
        return roll_fail(
            ret, "a table that can be read to its end as ACPI 6.5, 5.2.12 lays it out",
            "an operating system may refuse the table, or never learn of the CPUs listed "
            "behind the bad place");
    }
    if (!claims->madt.present) {
        return roll_skip(ret, "no MADT among the ACPI tables");
    }
    if (claims->madt.beyond > 0) {
        text_format(&seen, "%u processors, of which muster holds %u",
                    claims->madt.count + claims->madt.beyond, claims->madt.count);
        return VERDICT_ERROR;
    }
    return VERDICT_PASS;
}

/* 5.2.12.1: "platform firmware should list the boot processor as the first processor entry in the
 * MADT". */
static const char *find_order(const struct claims *claims, struct text *seen)
{
    const struct madt_claims *madt = &claims->madt;
    uint32_t first = 0;
    while (first < madt->count && !madt->cpus[first].enabled) {
        first++;
    }
    if (!madt->present ||
        (first < madt->count && madt->cpus[first].apic_id == claims->bsp_apic_id)) {
        return NULL;
    }
    clause_begin(seen);
    if (first == madt->count) {
        text_add(seen, "no processor entry of the MADT is enabled");
    } else {
        text_format(seen, "the first enabled MADT entry has APIC ID 0x%x, the boot CPU has 0x%x",
                    madt->cpus[first].apic_id, claims->bsp_apic_id);
    }
    return "Linux takes the first entry for the boot CPU (\"APIC enumeration order not "
           "specification compliant\"); an OS limited to fewer CPUs may leave out the one it runs "
           "on";
}

static const char *find_bsp_flags(const struct claims *claims, struct text *seen)
{
    struct id_list flagged = {0};
    const struct mps_claims *mps = &claims->mps;
    for (uint32_t i = 0; i < mps->count; i++) {
        if (mps->cpus[i].bsp) {
            id_list_add(&flagged, mps->cpus[i].apic_id);
        }
    }
    if (!mps->present || (flagged.count == 1 && flagged.ids[0] == claims->bsp_apic_id) ||
        (flagged.count == 0 && mps->beyond > 0)) {
        return NULL;
    }
    clause_begin(seen);
    if (flagged.count == 0) {
        text_add(seen, "MP Services calls no CPU the BSP");
    } else {
        text_add(seen, "MP Services calls APIC ID ");
        id_list_print(seen, &flagged);
        text_format(seen, " the BSP; this ran on 0x%x", claims->bsp_apic_id);
    }
    return "firmware drivers that look for the BSP among the processors find a wrong one, or none";
}

static const char *find_who_am_i(const struct claims *claims, struct text *seen)
{
    const struct mps_claims *mps = &claims->mps;
    const uint32_t number = mps->who_am_i;
    if (!mps->present || (number >= mps->count && mps->beyond > 0) ||
        (number < mps->count && mps->cpus[number].apic_id == claims->bsp_apic_id)) {
        return NULL;
    }
    clause_begin(seen);
    text_format(seen, "WhoAmI says %u on the boot CPU, ", number);
    if (number >= mps->count) {
        text_format(seen, "of %u processors", mps->count);
    } else {
        text_format(seen, "which is APIC ID 0x%x, not 0x%x", mps->cpus[number].apic_id,
                    claims->bsp_apic_id);
    }
    return "firmware drivers that ask which CPU they run on take the boot CPU for another one";
}

enum verdict judge_roll_bsp_first(const struct claims *claims, struct words *ret)
{
    struct text seen;
    *ret = (struct words){0};
    if (!claims->madt.present && !claims->mps.present) {
        return roll_skip(ret, "neither MP Services nor a MADT says which CPU is the boot CPU");
    }
    text_init(&seen, ret->seen, sizeof(ret->seen));
    const char *const means[] = {
        find_order(claims, &seen),
        find_bsp_flags(claims, &seen),
        find_who_am_i(claims, &seen),
    };
    for (size_t i = 0; i < sizeof(means) / sizeof(means[0]); i++) {
        if (means[i]) {
            return roll_fail(ret, "the boot CPU first in the MADT, and the one BSP of MP Services",
                             means[i]);
        }
    }
    return VERDICT_PASS;
}
