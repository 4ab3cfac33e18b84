/* roll.topology: what ACPI tables say of places, against CPUID. Sections are those of ACPI 6.5. */
#include "roll_places.h"

#include <muster/text.h>

enum { DEPTH_MAX = 64, LEAF_REVISION = 2 };

void roll_tell_one(struct teller *teller, uint32_t index, const struct words *words)
{
    struct cpuset one = {{0}};
    cpuset_add(&one, index);
    teller->tell(teller, &one, VERDICT_FAIL, words);
}

void roll_tell_place(struct teller *teller, const struct place_dispute *dispute)
{
    const char *name = topology_level_name(dispute->level);
    const bool same = dispute->same;
    struct words words = {0};
    struct text expected, seen;
    text_init(&expected, words.expected, sizeof(words.expected));
    text_init(&seen, words.seen, sizeof(words.seen));
    text_format(&expected, "%s %s %s CPU %u, as CPUID says", same ? "in the same" : "in another",
                name, same ? "as" : "than", dispute->other);
    text_format(&seen, "%s %s, as %s", same ? "in another" : "in the same", name, dispute->says);
    string_copy(words.means, sizeof(words.means), dispute->means);
    roll_tell_one(teller, dispute->index, &words);
}

static const struct topology_row *row_of(const struct crowd *crowd, uint32_t index)
{
    return &crowd_seen(crowd, index)->place.row;
}

/* The legacy leaves tell places by inference alone. */
static bool all_are_known(const struct crowd *crowd, const struct cpuset *sound)
{
    cpuset_for_each(index, sound)
    {
        if (row_of(crowd, index)->source < TOPOLOGY_BY_LEAF_B) {
            return false;
        }
    }
    return true;
}

/* --- the PPTT --- */

/* The leaf with the UID that the MADT gives to this APIC ID, or NULL. */
static const struct pptt_node *leaf_of(const struct claims *claims, uint32_t apic_id)
{
    const struct pptt_claims *pptt = &claims->pptt;
    uint32_t cpu = 0, n = 0;
    while (cpu < claims->madt.count && claims->madt.cpus[cpu].apic_id != apic_id) {
        cpu++;
    }
    if (cpu == claims->madt.count || pptt->revision < LEAF_REVISION) {
        return NULL;
    }
    while (n < pptt->count && (~pptt->nodes[n].flags & (PPTT_UID_VALID | PPTT_LEAF) ||
                               pptt->nodes[n].uid != claims->madt.cpus[cpu].uid)) {
        n++;
    }
    return n < pptt->count ? &pptt->nodes[n] : NULL;
}

/* The one physical package above a CPU's leaf, by its offset; 0 where it is not told, or not
 * soundly: that is roll.pptt's. */
static uint32_t package_of(const struct crowd *crowd, uint32_t index)
{
    const struct handoff *handoff = crowd->handoff;
    const struct pptt_node *node =
        leaf_of(&handoff->claims, handoff->inventory.rows[index].apic_id);
    uint32_t package = 0;
    for (uint32_t depth = 0; node != NULL; depth++) {
        const bool is_package = (node->flags & PPTT_PACKAGE) != 0;
        if (depth > DEPTH_MAX || (is_package && package != 0)) {
            return 0;
        }
        package = is_package ? node->offset : package;
        node = node->parent != 0 ? pptt_find(&handoff->claims.pptt, node->parent) : NULL;
    }
    return package;
}

static bool packages_are_told(const struct crowd *crowd, const struct cpuset *sound)
{
    cpuset_for_each(index, sound)
    {
        if (package_of(crowd, index) == 0) {
            return false;
        }
    }
    return true;
}

/* 5.2.30.1: the physical-package flag. Those that are left are compared with the first of them; its
 * own package is done with then. */
static void compare_packages(const struct crowd *crowd, const struct cpuset *sound,
                             struct teller *teller)
{
    struct cpuset rest = *sound, told = {{0}};
    while (!cpuset_empty(&rest)) {
        const uint32_t first = cpuset_next(&rest, 0), package = package_of(crowd, first);
        cpuset_for_each(index, &rest)
        {
            const bool same =
                topology_same(row_of(crowd, first), row_of(crowd, index), TOPOLOGY_PACKAGE);
            if (same) {
                cpuset_remove(&rest, index);
            }
            if (same == (package_of(crowd, index) == package) || cpuset_has(&told, index)) {
                continue;
            }
            cpuset_add(&told, index);
            roll_tell_place(teller,
                            &(struct place_dispute){
                                index, first, TOPOLOGY_PACKAGE, same, "the PPTT says",
                                "software that reads the PPTT counts other packages, and takes far "
                                "CPUs for near ones: licences and scheduling follow it"});
        }
    }
}

/* --- the SRAT --- */

static uint32_t domain_of(const struct crowd *crowd, uint32_t index)
{
    const struct srat_claims *srat = &crowd->handoff->claims.srat;
    const uint32_t apic_id = crowd->handoff->inventory.rows[index].apic_id;
    for (uint32_t n = 0; n < srat->count; n++) {
        if (srat->cpus[n].enabled && srat->cpus[n].apic_id == apic_id) {
            return srat->cpus[n].domain;
        }
    }
    return CPU_NONE;
}

static void compare_domains(struct teller *teller, uint32_t before, uint32_t was, uint32_t index,
                            uint32_t is)
{
    struct words words = {0};
    struct text expected, seen;
    if (was == is || was == CPU_NONE || is == CPU_NONE) {
        return;
    }
    text_init(&expected, words.expected, sizeof(words.expected));
    text_init(&seen, words.seen, sizeof(words.seen));
    text_format(&expected, "proximity domain %u, as CPU %u, a thread of the same core", was,
                before);
    text_format(&seen, "proximity domain %u, as the SRAT says", is);
    string_copy(words.means, sizeof(words.means),
                "memory that is near one thread cannot be far from another of its core; Linux "
                "(\"smt-sibling ... is not on the same node!\") takes them for two cores");
    roll_tell_one(teller, index, &words);
}

/* 5.2.16: several domains may share a package, but not a core. */
static void compare_threads(const struct crowd *crowd, const struct cpuset *sound,
                            struct teller *teller)
{
    cpuset_for_each(index, sound)
    {
        const struct topology_row *row = row_of(crowd, index);
        uint32_t before = cpuset_next(sound, 0);
        while (before < index && !topology_same(row_of(crowd, before), row, TOPOLOGY_CORE)) {
            before = cpuset_next(sound, before + 1);
        }
        if (before < index) {
            compare_domains(teller, before, domain_of(crowd, before), index,
                            domain_of(crowd, index));
        }
    }
}

void roll_compare_tables(const struct crowd *crowd, const struct cpuset *sound,
                         struct teller *teller)
{
    const struct claims *claims = &crowd->handoff->claims;
    if (!all_are_known(crowd, sound)) {
        return;
    }
    if (claims->pptt.present && claims->pptt.beyond == 0 && packages_are_told(crowd, sound)) {
        compare_packages(crowd, sound, teller);
    }
    if (claims->srat.present) {
        compare_threads(crowd, sound, teller);
    }
}
