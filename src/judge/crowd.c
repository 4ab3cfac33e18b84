/* Comparing CPUs with their kin: what most show is the usual, the others are told group by group.
 */
#include <muster/crowd.h>

/* Each works on whole sets of CPUs, 512 bytes apiece: on frames of their own. */
#define OWN_FRAME __attribute__((noinline))

static bool akin(const struct comparison *by, const struct observation *a,
                 const struct observation *b)
{
    return !by->akin || by->akin(a, b);
}

/* Moves those of `from` that are `first`'s kin, or show the same, into `ret`; `first` among them.
 */
static void gather(const struct crowd *crowd, const struct comparison *by, bool kin, uint32_t first,
                   struct cpuset *from, struct cpuset *ret)
{
    const struct observation *pattern = crowd_seen(crowd, first);

    cpuset_clear(ret);
    cpuset_for_each(index, from)
    {
        const struct observation *seen = crowd_seen(crowd, index);
        if (kin ? akin(by, pattern, seen) : by->same(pattern, seen))
            cpuset_add(ret, index);
    }
    cpuset_subtract(from, ret);
}

/* One CPU of the largest group, and that group's size. */
OWN_FRAME static uint32_t find_usual(const struct crowd *crowd, const struct comparison *by,
                                     const struct cpuset *kin, uint32_t *ret_count)
{
    struct cpuset rest = *kin, group;
    uint32_t usual = CPU_NONE;

    *ret_count = 0;
    while (cpuset_count(&rest) > *ret_count) {
        uint32_t first = cpuset_next(&rest, 0);
        gather(crowd, by, false, first, &rest, &group);
        if (cpuset_count(&group) <= *ret_count)
            continue;
        *ret_count = cpuset_count(&group);
        usual = first;
    }
    return usual;
}

OWN_FRAME static void tell_odd(const struct crowd *crowd, const struct comparison *by,
                               const struct cpuset *kin, uint32_t usual, uint32_t like,
                               struct teller *teller)
{
    struct cpuset rest = *kin, group;

    gather(crowd, by, false, usual, &rest, &group);
    while (!cpuset_empty(&rest)) {
        struct words words = {0};
        uint32_t first = cpuset_next(&rest, 0);
        gather(crowd, by, false, first, &rest, &group);
        by->tell(crowd_seen(crowd, usual), crowd_seen(crowd, first), like, cpuset_count(kin),
                 &words);
        teller->tell(teller, &group, VERDICT_FAIL, &words);
    }
}

void crowd_compare(const struct crowd *crowd, const struct comparison *by, struct teller *teller)
{
    struct cpuset rest = crowd->cpus, kin;

    while (!cpuset_empty(&rest)) {
        uint32_t like;
        gather(crowd, by, true, cpuset_next(&rest, 0), &rest, &kin);
        uint32_t usual = find_usual(crowd, by, &kin, &like);
        tell_odd(crowd, by, &kin, usual, like, teller);
    }
}
