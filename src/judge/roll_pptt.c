/* roll.pptt. Nodes name their parents by offset; children are not told. */
#include <muster/judge_places.h>
#include <muster/text.h>

#include "id_list.h"
#include "roll_words.h"

enum { DEPTH_MAX = 64, LEAF_REVISION = 2 };

/* Bit n: node n is a parent. */
struct parents {
    uint64_t bits[PPTT_NODE_MAX / 64];
};

/* The lists of what is wrong; each is of offsets, or of UIDs. */
struct defects {
    struct id_list orphan, endless, package, leaf, uid_invalid, missing, phantom, twice;
};

static bool is_parent(const struct parents *parents, uint32_t node)
{
    return parents->bits[node / 64] >> (node % 64) & 1;
}

static void find_parents(const struct pptt_claims *pptt, struct parents *ret,
                         struct defects *defects)
{
    *ret = (struct parents){{0}};
    for (uint32_t n = 0; n < pptt->count; n++) {
        const uint32_t parent = pptt->nodes[n].parent;
        const struct pptt_node *node = parent != 0 ? pptt_find(pptt, parent) : NULL;
        if (node != NULL) {
            const uint32_t at = (uint32_t)(node - pptt->nodes);
            ret->bits[at / 64] |= UINT64_C(1) << (at % 64);
        } else if (parent != 0) {
            id_list_add(&defects->orphan, pptt->nodes[n].offset);
        }
    }
}

/* 5.2.30.1: "Each valid processor must belong to exactly one package." */
static void climb(const struct pptt_claims *pptt, const struct pptt_node *leaf,
                  struct defects *defects)
{
    uint32_t packages = 0, depth = 0;
    for (const struct pptt_node *node = leaf; node != NULL && depth <= DEPTH_MAX; depth++) {
        packages += (node->flags & PPTT_PACKAGE) != 0;
        node = node->parent != 0 ? pptt_find(pptt, node->parent) : NULL;
    }
    if (depth > DEPTH_MAX) {
        id_list_add(&defects->endless, leaf->offset);
    } else if (packages != 1) {
        id_list_add(&defects->package, leaf->offset);
    }
}

static bool is_leaf(const struct pptt_claims *pptt, const struct parents *parents, uint32_t n)
{
    return pptt->revision >= LEAF_REVISION ? (pptt->nodes[n].flags & PPTT_LEAF) != 0
                                           : !is_parent(parents, n);
}

/* Every node, not leaves alone: a circle may have none. */
static void walk_nodes(const struct pptt_claims *pptt, const struct parents *parents,
                       struct defects *defects)
{
    for (uint32_t n = 0; n < pptt->count; n++) {
        const struct pptt_node *node = &pptt->nodes[n];
        const bool leaf = is_leaf(pptt, parents, n);
        if (leaf == is_parent(parents, n)) {
            id_list_add(&defects->leaf, node->offset);
        }
        if (leaf && !(node->flags & PPTT_UID_VALID)) {
            id_list_add(&defects->uid_invalid, node->offset);
        }
        if (leaf) {
            climb(pptt, node, defects);
        }
    }
}

/* The circles that no leaf leads into. */
static void find_circles(const struct pptt_claims *pptt, struct defects *defects)
{
    for (uint32_t n = 0; n < pptt->count && defects->endless.count == 0; n++) {
        uint32_t depth = 0;
        const struct pptt_node *node = &pptt->nodes[n];
        while (node != NULL && node->parent != 0 && depth <= DEPTH_MAX) {
            node = pptt_find(pptt, node->parent);
            depth++;
        }
        if (depth > DEPTH_MAX) {
            id_list_add(&defects->endless, pptt->nodes[n].offset);
        }
    }
}

/* How many leaves among the first `end` nodes have this UID. */
static uint32_t leaves_of(const struct pptt_claims *pptt, const struct parents *parents,
                          uint32_t end, uint32_t uid)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < end; n++) {
        count += pptt->nodes[n].uid == uid && (pptt->nodes[n].flags & PPTT_UID_VALID) &&
                 is_leaf(pptt, parents, n);
    }
    return count;
}

/* Slots without a CPU are listed, too; where they are too many, any UID may be one's. */
static bool is_listed(const struct madt_claims *madt, uint32_t uid)
{
    for (uint32_t n = 0; n < madt->slot_count; n++) {
        if (n == CPU_MAX || madt->slot_uids[n] == uid) {
            return true;
        }
    }
    for (uint32_t n = 0; n < madt->count; n++) {
        if (madt->cpus[n].uid == uid) {
            return true;
        }
    }
    return false;
}

static void compare_uids(const struct claims *claims, const struct parents *parents,
                         struct defects *defects)
{
    const struct pptt_claims *pptt = &claims->pptt;
    for (uint32_t n = 0; n < claims->madt.count; n++) {
        const struct madt_claim *cpu = &claims->madt.cpus[n];
        const uint32_t leaves = cpu->enabled ? leaves_of(pptt, parents, pptt->count, cpu->uid) : 1;
        if (leaves != 1) {
            id_list_add(leaves == 0 ? &defects->missing : &defects->twice, cpu->uid);
        }
    }
    for (uint32_t n = 0; n < pptt->count; n++) {
        const struct pptt_node *node = &pptt->nodes[n];
        if (is_leaf(pptt, parents, n) && node->flags & PPTT_UID_VALID &&
            !is_listed(&claims->madt, node->uid)) {
            id_list_add(&defects->phantom, node->uid);
        }
    }
}

static const char *tell(const struct defects *defects, struct text *seen)
{
    static const char tree[] =
        "an operating system that climbs from a CPU to its package reads elsewhere, does not end, "
        "or drops the table: caches and packages are shown wrongly, and scheduling follows them";
    static const char cpus[] =
        "an operating system finds no place for these CPUs, or two (Linux: \"PPTT table found, but "
        "unable to locate core\"), and drops the whole topology";
    const struct {
        const struct id_list *list;
        const char *before, *means;
    } kinds[] = {
        {&defects->orphan, "the parent is no processor node, for the node at offset ", tree},
        {&defects->endless, "parents that lead in a circle, from the node at offset ", tree},
        {&defects->package, "not exactly one physical package above the leaf at offset ", tree},
        {&defects->leaf, "leaf flag against children, at offset ", tree},
        {&defects->uid_invalid, "a leaf without a valid processor ID, at offset ", cpus},
        {&defects->missing, "no leaf for the enabled processor UID ", cpus},
        {&defects->twice, "more than one leaf for processor UID ", cpus},
        {&defects->phantom, "a leaf for a UID that the MADT does not list: ", cpus},
    };
    const char *means = NULL;
    for (uint32_t n = 0; n < sizeof(kinds) / sizeof(kinds[0]); n++) {
        if (kinds[n].list->count > 0) {
            clause_begin(seen);
            text_add(seen, kinds[n].before);
            id_list_print(seen, kinds[n].list);
            means = means != NULL ? means : kinds[n].means;
        }
    }
    return means;
}

enum verdict judge_roll_pptt(const struct claims *claims, struct words *ret)
{
    const struct pptt_claims *pptt = &claims->pptt;
    struct parents parents;
    struct defects defects = {0};
    struct text seen;
    *ret = (struct words){0};
    if (roll_quote(&claims->notes, "roll.pptt", ret)) {
        return roll_fail(ret, "a table that can be read to its end as ACPI 6.5, 5.2.30 lays it out",
                         "an operating system reads past a node's end, or gives the table up: it "
                         "knows nothing of packages and caches then");
    }
    if (!pptt->present) {
        return roll_skip(ret, "no PPTT among the ACPI tables");
    }
    text_init(&seen, ret->seen, sizeof(ret->seen));
    if (pptt->beyond > 0 || claims->madt.beyond > 0) {
        text_format(&seen, "more than the %u nodes that muster holds", PPTT_NODE_MAX);
        return VERDICT_ERROR;
    }
    find_parents(pptt, &parents, &defects);
    walk_nodes(pptt, &parents, &defects);
    find_circles(pptt, &defects);
    if (claims->madt.present) {
        compare_uids(claims, &parents, &defects);
    }
    const char *means = tell(&defects, &seen);
    return means == NULL
               ? VERDICT_PASS
               : roll_fail(ret,
                           "trees of processor nodes, each leaf one CPU of the MADT in one package",
                           means);
}
