/* roll.types and roll.online-capable: what the MADT's processor entries say beside the APIC ID. */
#include <muster/judge_places.h>
#include <muster/text.h>

#include "id_list.h"
#include "roll_words.h"

enum { X2APIC_FIRST = 255, ENABLED = 1, ONLINE_CAPABLE = 2, ONLINE_REVISION = 5 };

enum verdict judge_roll_types(const struct claims *claims, struct words *ret)
{
    const struct madt_claims *madt = &claims->madt;
    struct id_list low = {0};
    struct text seen;
    uint32_t plain = 0;
    *ret = (struct words){0};
    if (!madt->present) {
        return roll_skip(ret, "no MADT among the ACPI tables");
    }
    for (uint32_t n = 0; n < madt->count; n++) {
        const struct madt_claim *cpu = &madt->cpus[n];
        if (!madt_usable(madt, cpu)) {
            continue;
        }
        plain += cpu->type == 0;
        if (cpu->type == 9 && cpu->apic_id < X2APIC_FIRST) {
            id_list_add(&low, cpu->apic_id);
        }
    }
    if (plain == 0 || low.count == 0) {
        return VERDICT_PASS;
    }
    text_init(&seen, ret->seen, sizeof(ret->seen));
    text_format(&seen, "%u CPU%s in type 0 entries, and in type 9 entries APIC ID ", plain,
                plain == 1 ? "" : "s");
    id_list_print(&seen, &low);
    return roll_fail(
        ret,
        "beside type 0 entries, type 9 (x2APIC) entries only for APIC IDs of 255 and "
        "more",
        "Linux ignores a type 9 entry below 255 where type 0 entries are usable: these "
        "CPUs are never started; older systems may know only those of type 0");
}

/* --- roll.online-capable --- */

/* Entries whose flags are one kind of wrong. */
static void tell_flags(const struct madt_claims *madt, uint32_t mask, uint32_t wrong,
                       const char *after, struct text *seen)
{
    struct id_list list = {0};
    for (uint32_t n = 0; n < madt->count; n++) {
        if ((madt->cpus[n].flags & mask) == wrong) {
            id_list_add(&list, madt->cpus[n].apic_id);
        }
    }
    if (list.count > 0) {
        clause_begin(seen);
        text_add(seen, "APIC ID ");
        id_list_print(seen, &list);
        text_add(seen, after);
    }
}

static void tell_reserved(const struct madt_claims *madt, struct text *seen)
{
    struct id_list list = {0};
    for (uint32_t n = 0; n < madt->count; n++) {
        if (madt->cpus[n].flags & ~(uint32_t)(ENABLED | ONLINE_CAPABLE)) {
            id_list_add(&list, madt->cpus[n].apic_id);
        }
    }
    if (list.count > 0) {
        clause_begin(seen);
        text_add(seen, "reserved flags set for APIC ID ");
        id_list_print(seen, &list);
    }
}

/* A CPU that can come later, with the UID of one that is or can be there. */
static void tell_uids(const struct madt_claims *madt, struct text *seen)
{
    struct id_list list = {0};
    for (uint32_t n = 0; n < madt->count; n++) {
        for (uint32_t i = 0; madt->cpus[n].online_capable && i < madt->count; i++) {
            const struct madt_claim *other = &madt->cpus[i];
            if (i != n && other->uid == madt->cpus[n].uid && madt_usable(madt, other) &&
                (other->enabled || i < n)) {
                id_list_add(&list, other->uid);
                break;
            }
        }
    }
    if (list.count > 0) {
        clause_begin(seen);
        text_add(seen, "online capable with the UID of another CPU: ");
        id_list_print(seen, &list);
    }
}

enum verdict judge_roll_online_capable(const struct claims *claims, struct words *ret)
{
    const struct madt_claims *madt = &claims->madt;
    struct text seen;
    *ret = (struct words){0};
    if (!madt->present) {
        return roll_skip(ret, "no MADT among the ACPI tables");
    }
    text_init(&seen, ret->seen, sizeof(ret->seen));
    if (madt->revision >= ONLINE_REVISION) {
        tell_flags(madt, ENABLED | ONLINE_CAPABLE, ENABLED | ONLINE_CAPABLE,
                   " enabled and online capable at once", &seen);
        tell_uids(madt, &seen);
    } else {
        tell_flags(madt, ONLINE_CAPABLE, ONLINE_CAPABLE,
                   " online capable, in a MADT whose revision has no such flag", &seen);
    }
    tell_reserved(madt, &seen);
    if (seen.length == 0) {
        return VERDICT_PASS;
    }
    return roll_fail(ret,
                     "Online Capable (bit 1, MADT revision 5 on) where Enabled (bit 0) is clear, "
                     "no other flag, UIDs that differ",
                     "an operating system counts this CPU among those that may be added later, or "
                     "not, by chance: memory is set aside for CPUs that never come, or a CPU that "
                     "is added is refused");
}
