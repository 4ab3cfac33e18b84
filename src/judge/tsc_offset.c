/*
 * tsc.warp, tsc.offset: who keeps another time than the others.
 *
 * Pairs whose TSCs may be the same make groups. The largest group is right, the one with the lowest
 * CPU where several are as large; each other group is told once, with one of its pairs. Where a
 * wide pair has joined two CPUs that another shows to be apart, the one with more such pairs is
 * told.
 */
#include <muster/judge_time.h>
#include <muster/text.h>
#include <muster/tsc_bonds.h>
#include <muster/tsc_time.h>

struct view {
    const struct crowd *crowd;
    struct tsc_bonds bonds;
};

static const struct obs_offset *seen_of(const struct view *view, uint32_t index)
{
    return &crowd_seen(view->crowd, index)->offset;
}

static void group_of(const struct view *view, uint32_t root, struct cpuset *ret)
{
    cpuset_clear(ret);
    cpuset_for_each(index, &view->crowd->cpus)
    {
        if (tsc_bond_root(&view->bonds, index) == root)
            cpuset_add(ret, index);
    }
}

static uint32_t main_root(const struct view *view)
{
    uint32_t best = CPU_NONE, most = 0;

    cpuset_for_each(index, &view->crowd->cpus)
    {
        struct cpuset group;
        if (seen_of(view, index)->group != index)
            continue;
        group_of(view, index, &group);
        if (cpuset_count(&group) > most) {
            best = index;
            most = cpuset_count(&group);
        }
    }
    return best;
}

static void add_bound(struct text *text, const char *word, uint64_t ticks, uint64_t tsc_hz)
{
    text_format(text, "%s %lu ticks (%lu ns)", word, (unsigned long)ticks,
                (unsigned long)tsc_nanoseconds(ticks, tsc_hz));
}

/* "at least 100 ticks (40 ns) ahead of CPU 0's, at most 300 ticks (120 ns)" */
static void tell_offset(const struct obs_offset *seen, struct text *text)
{
    bool ahead = seen->apart_low > 0;
    uint64_t least = ahead ? (uint64_t)seen->apart_low : -(uint64_t)seen->apart_high;
    int64_t most = ahead ? seen->apart_high : seen->apart_low;

    add_bound(text, "at least", least, seen->tsc_hz);
    text_format(text, " %s CPU %u's", ahead ? "ahead of" : "behind", seen->apart_from);
    if (most != INT64_MAX && most != INT64_MIN)
        add_bound(text, ", at most", ahead ? (uint64_t)most : -(uint64_t)most, seen->tsc_hz);
}

static void tell_apart(const struct view *view, struct teller *teller, const struct cpuset *cpus,
                       uint32_t index, const char *expected)
{
    const struct obs_offset *seen = seen_of(view, index);
    struct words words = {0};
    struct text text;

    string_copy(words.expected, sizeof words.expected, expected);
    text_init(&text, words.seen, sizeof words.seen);
    if (cpuset_count(cpus) > 1)
        text_format(&text, "CPU %u's TSC ", index);
    tell_offset(seen, &text);
    string_copy(words.means, sizeof words.means,
                "its TSC is not synchronised with the others': a thread that moves between them "
                "sees time jump, and an OS gives the TSC up as its clock");
    teller->tell(teller, cpus, VERDICT_FAIL, &words);
}

/* Whether `a` is rather to blame than `b`, of two that are apart. */
static bool blamed(const struct view *view, uint32_t a, uint32_t b)
{
    uint32_t apart_a = seen_of(view, a)->apart, apart_b = seen_of(view, b)->apart;

    return apart_a != apart_b ? apart_a > apart_b : a > b;
}

static void judge_group(const struct view *view, struct teller *teller, uint32_t root,
                        const char *expected)
{
    struct cpuset group;

    group_of(view, root, &group);
    cpuset_for_each(index, &group)
    {
        if (!seen_of(view, index)->apart)
            continue;
        tell_apart(view, teller, &group, index, expected);
        return;
    }
}

static void judge_inside(const struct view *view, struct teller *teller, uint32_t index,
                         const char *expected)
{
    const struct obs_offset *seen = seen_of(view, index);
    struct cpuset one = {{0}};

    if (!seen->apart || !cpuset_has(&view->crowd->cpus, seen->apart_from) ||
        tsc_bond_root(&view->bonds, seen->apart_from) != tsc_bond_root(&view->bonds, index) ||
        !blamed(view, index, seen->apart_from))
        return;
    cpuset_add(&one, index);
    tell_apart(view, teller, &one, index, expected);
}

static bool any_apart(const struct view *view)
{
    cpuset_for_each(index, &view->crowd->cpus)
    {
        if (seen_of(view, index)->apart)
            return true;
    }
    return false;
}

/* CPUs that could not be asked. */
static void tell_unasked(const struct view *view, struct teller *teller)
{
    struct words words = {0};

    cpuset_for_each(index, &view->crowd->cpus)
    {
        const struct obs_offset *seen = seen_of(view, index);
        struct cpuset one = {{0}};
        cpuset_add(&one, index);
        if (seen->unasked) {
            judge_unasked(seen->unasked, &words);
        } else if (!seen->pairs) {
            string_copy(words.seen, sizeof words.seen,
                        "no other CPU ran at the same time within the time there was");
        } else {
            continue;
        }
        teller->tell(teller, &one, VERDICT_SKIP, &words);
    }
}

static void judge_pairs(const struct crowd *crowd, struct teller *teller, const char *expected)
{
    /* Only read, as the bonds were made by then. */
    const struct view view = {
        .crowd = crowd,
        .bonds = {(void *)&((const struct observation *)crowd->first)->offset, crowd->stride},
    };

    tell_unasked(&view, teller);
    if (!any_apart(&view))
        return;
    uint32_t right = main_root(&view);
    cpuset_for_each(index, &crowd->cpus)
    {
        if (seen_of(&view, index)->group == index && index != right)
            judge_group(&view, teller, index, expected);
        judge_inside(&view, teller, index, expected);
    }
}

void judge_warp(const struct crowd *crowd, struct teller *teller)
{
    judge_pairs(crowd, teller, "a TSC that never lies before one that another CPU read earlier");
}

void judge_offset(const struct crowd *crowd, struct teller *teller)
{
    judge_pairs(crowd, teller, "a TSC that may be the same as every other CPU's");
}
