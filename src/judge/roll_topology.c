/* roll.topology */
#include <muster/judge_roll_cpu.h>
#include <muster/text.h>

#include "roll_places.h"

/* --- one CPU by itself --- */

static bool is_falling(const struct topology_leaf *leaf)
{
    for (uint32_t n = 1; n < leaf->count; n++) {
        if (leaf->shift[n] < leaf->shift[n - 1] || leaf->type[n] <= leaf->type[n - 1]) {
            return true;
        }
    }
    return false;
}

static void add_levels(struct text *out, const char *name, const struct topology_leaf *leaf)
{
    text_format(out, "%s:", name);
    for (uint32_t n = 0; n < leaf->count; n++) {
        text_format(out, " type %u shift %u", leaf->type[n], leaf->shift[n]);
    }
}

static bool leaf_is_wrong(const struct topology_leaf *leaf, const char *name, struct words *ret)
{
    struct text seen;
    if (!leaf->offered || (leaf->type[0] == 1 && !is_falling(leaf))) {
        return false;
    }
    text_init(&seen, ret->seen, sizeof(ret->seen));
    add_levels(&seen, name, leaf);
    string_copy(ret->expected, sizeof(ret->expected),
                "levels from threads (type 1) upwards, each at least as wide as the one before");
    string_copy(
        ret->means, sizeof(ret->means),
        "the APIC ID cannot be taken apart: an operating system sees packages and cores that "
        "do not exist (Linux: \"Topology domain N shift\"), and schedules by them");
    return true;
}

/* Leaf 0xB tells threads and cores as 0x1F does, with all that lies between counted to the cores.
 */
static bool leaves_disagree(const struct topology_words *words, struct words *ret)
{
    const struct topology_leaf *b = &words->leaf_b, *v2 = &words->leaf_1f;
    struct text seen;
    if (!b->offered || !v2->offered ||
        (topology_shift(b, TOPOLOGY_CORE) == topology_shift(v2, TOPOLOGY_CORE) &&
         topology_shift(b, TOPOLOGY_PACKAGE) == topology_shift(v2, TOPOLOGY_PACKAGE))) {
        return false;
    }
    text_init(&seen, ret->seen, sizeof(ret->seen));
    add_levels(&seen, "leaf 0xb", b);
    add_levels(&seen, "; leaf 0x1f", v2);
    string_copy(ret->expected, sizeof(ret->expected),
                "the same width of core and package in leaves 0xb and 0x1f");
    string_copy(
        ret->means, sizeof(ret->means),
        "an operating system that reads leaf 0xb counts other cores and packages than one that "
        "reads leaf 0x1f");
    return true;
}

static uint32_t bits_for(uint32_t count)
{
    uint32_t bits = 0;
    while (bits < 31 && (UINT32_C(1) << bits) < count) {
        bits++;
    }
    return bits;
}

/* APM vol. 3, E.4.17. */
static bool amd_disagrees(const struct topology_words *words, struct words *ret)
{
    const uint32_t shift = topology_shift(&words->leaf_b, TOPOLOGY_CORE);
    if (!words->leaf_b.offered || !words->has_1e || bits_for(words->amd_threads) == shift) {
        return false;
    }
    struct text seen;
    text_init(&seen, ret->seen, sizeof(ret->seen));
    text_format(&seen, "leaf 0x8000001e: %u threads in a core; leaf 0xb: %u bits of the APIC ID",
                words->amd_threads, shift);
    string_copy(ret->expected, sizeof(ret->expected),
                "as many threads in a core by leaf 0x8000001e as leaf 0xb has room for");
    string_copy(
        ret->means, sizeof(ret->means),
        "an operating system takes siblings for cores, or cores for siblings, by which leaf it "
        "reads");
    return true;
}

static bool is_wrong(const struct topology_words *words, struct words *ret)
{
    return leaf_is_wrong(&words->leaf_b, "leaf 0xb", ret) ||
           leaf_is_wrong(&words->leaf_1f, "leaf 0x1f", ret) || leaves_disagree(words, ret) ||
           amd_disagrees(words, ret);
}

/* --- one against the other --- */

static const struct obs_place *place_of(const struct crowd *crowd, uint32_t index)
{
    return &crowd_seen(crowd, index)->place;
}

/* How the APIC ID is taken apart, in one number: what must be the same on all. */
static uint32_t widths_of(const struct topology_words *words)
{
    const struct topology_leaf *leaf = words->leaf_1f.offered ? &words->leaf_1f : &words->leaf_b;
    return leaf->offered ? 0x10000u | topology_shift(leaf, TOPOLOGY_CORE) << 8 |
                               topology_shift(leaf, TOPOLOGY_PACKAGE)
                         : 0;
}

/* What most CPUs show (Boyer and Moore's vote; where there is no majority, one of them). */
static uint32_t vote(const struct crowd *crowd, const struct cpuset *voters)
{
    uint32_t leading = 0, lead = 0;
    cpuset_for_each(index, voters)
    {
        const uint32_t widths = widths_of(&place_of(crowd, index)->words);
        if (lead == 0) {
            leading = widths;
        }
        lead = widths == leading ? lead + 1 : lead - 1;
    }
    return leading;
}

static void add_widths(struct text *out, uint32_t widths)
{
    if (widths == 0) {
        text_add(out, "no leaf 0xb");
    } else {
        text_format(out, "%u bits for the thread, %u up to the package", widths >> 8 & 0xff,
                    widths & 0xff);
    }
}

static void compare_widths(const struct crowd *crowd, const struct cpuset *sound,
                           struct teller *teller)
{
    const uint32_t most = vote(crowd, sound);
    cpuset_for_each(index, sound)
    {
        const uint32_t widths = widths_of(&place_of(crowd, index)->words);
        struct words words = {0};
        struct text expected, seen;
        if (widths == most) {
            continue;
        }
        text_init(&expected, words.expected, sizeof(words.expected));
        text_init(&seen, words.seen, sizeof(words.seen));
        add_widths(&expected, most);
        text_add(&expected, ", as on most CPUs");
        add_widths(&seen, widths);
        string_copy(
            words.means, sizeof(words.means),
            "one APIC ID stands for different places on different CPUs: an operating system "
            "(Linux: \"Topology domain N shift\") takes the boot CPU's widths for all");
        roll_tell_one(teller, index, &words);
    }
}

/* --- MP Services' places --- */

static bool claims_same(const struct inventory_row *a, const struct inventory_row *b,
                        enum topology_level level)
{
    return a->package == b->package && (level > TOPOLOGY_CORE || a->core == b->core) &&
           (level > TOPOLOGY_THREAD || a->thread == b->thread);
}

/* PI 1.8 vol. 2, 13.4.3 has no way to say "unknown": edk2 puts every CPU that does not offer HTT
 * into thread 0 of core 0 of package 0. */
static bool tells_place(const struct crowd *crowd, uint32_t index)
{
    const struct inventory_row *claim = &crowd->handoff->inventory.rows[index];
    return claim->package != CPU_NONE && (place_of(crowd, index)->words.leaf1_cpus > 1 ||
                                          claim->package || claim->core || claim->thread);
}

static void tell_place(struct teller *teller, uint32_t index, uint32_t other,
                       enum topology_level level, bool same)
{
    roll_tell_place(teller,
                    &(struct place_dispute){
                        index, other, level, same, "MP Services say",
                        "firmware that works package by package or core by core (microcode, MTRRs, "
                        "power) leaves this CPU out, or does it twice"});
}

/* Compares with each CPU before it until one is found that differs. The legacy leaves tell cores
 * from threads by inference alone, and firmware may infer otherwise: then only packages count. */
static void compare_place(const struct crowd *crowd, uint32_t index, struct teller *teller)
{
    static const enum topology_level levels[] = {TOPOLOGY_PACKAGE, TOPOLOGY_CORE, TOPOLOGY_THREAD};
    const struct inventory_row *claims = crowd->handoff->inventory.rows;
    for (uint32_t other = cpuset_next(&crowd->cpus, 0); other < index;
         other = cpuset_next(&crowd->cpus, other + 1)) {
        const struct topology_row *row = &place_of(crowd, other)->row;
        const uint32_t told = row->source < TOPOLOGY_BY_LEAF_B ? 1 : 3;
        for (uint32_t n = 0; tells_place(crowd, other) && n < told; n++) {
            const bool same = topology_same(row, &place_of(crowd, index)->row, levels[n]);
            if (same != claims_same(&claims[other], &claims[index], levels[n])) {
                tell_place(teller, index, other, levels[n], same);
                return;
            }
        }
    }
}

static const struct mps_claim *claim_of(const struct crowd *crowd, uint32_t index)
{
    const struct mps_claims *mps = &crowd->handoff->claims.mps;
    for (uint32_t n = 0; n < mps->count; n++) {
        if (mps->cpus[n].apic_id == crowd->handoff->inventory.rows[index].apic_id) {
            return &mps->cpus[n];
        }
    }
    return NULL;
}

/* PI 1.8 vol. 2, 13.4.3, CPU_V2_EXTENDED_TOPOLOGY: where leaf 0x1F tells dies or modules, two CPUs
 * that are neighbours by their index are in the same one by both, or by neither. What firmware
 * takes AMD's complexes for is its own choice. */
static void compare_dies(const struct crowd *crowd, uint32_t before, uint32_t index,
                         struct teller *teller)
{
    static const enum topology_level levels[] = {TOPOLOGY_DIE, TOPOLOGY_MODULE};
    const struct topology_row *a = &place_of(crowd, before)->row;
    const struct topology_row *b = &place_of(crowd, index)->row;
    const struct mps_claim *left = claim_of(crowd, before), *right = claim_of(crowd, index);
    if (a->source != TOPOLOGY_BY_LEAF_1F || b->source != TOPOLOGY_BY_LEAF_1F) {
        return;
    }
    if (left == NULL || right == NULL || !left->has_location2 || !right->has_location2) {
        return;
    }
    for (uint32_t n = 0; n < 2; n++) {
        const bool same = topology_same(a, b, levels[n]);
        const bool claimed = left->package == right->package && left->die == right->die &&
                             (levels[n] == TOPOLOGY_DIE ||
                              (left->tile == right->tile && left->module == right->module));
        if (a->levels & b->levels & 1 << levels[n] && same != claimed) {
            tell_place(teller, index, before, levels[n], same);
            return;
        }
    }
}

void judge_roll_topology(const struct crowd *crowd, struct teller *teller)
{
    struct cpuset sound = crowd->cpus;
    cpuset_for_each(index, &crowd->cpus)
    {
        struct words words = {0};
        if (is_wrong(&place_of(crowd, index)->words, &words)) {
            roll_tell_one(teller, index, &words);
            cpuset_remove(&sound, index);
        }
    }
    compare_widths(crowd, &sound, teller);
    roll_compare_tables(crowd, &sound, teller);
    uint32_t before = CPU_NONE;
    cpuset_for_each(index, &sound)
    {
        if (!tells_place(crowd, index)) {
            continue;
        }
        compare_place(crowd, index, teller);
        if (before != CPU_NONE) {
            compare_dies(crowd, before, index, teller);
        }
        before = index;
    }
}
