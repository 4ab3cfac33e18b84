/* state.smrr, state.top-of-memory */
#include <muster/judge_msr.h>
#include <muster/state_lines.h>
#include <muster/text.h>

static bool akin(const struct observation *a, const struct observation *b)
{
    return a->msr_set.kind == b->msr_set.kind;
}

static bool same(const struct observation *a, const struct observation *b)
{
    if (a->msr_set.present != b->msr_set.present)
        return false;
    for (uint32_t n = 0; n < a->msr_set.set->count; n++) {
        if (a->msr_set.value[n] != b->msr_set.value[n])
            return false;
    }
    return true;
}

static void print(struct text *out, const struct obs_msr_set *seen)
{
    for (uint32_t n = 0; n < seen->set->count; n++) {
        text_add(out, n ? ", " : "");
        state_name_print(out, seen->set->rows[n].slot);
        if (seen->present >> n & 1)
            text_format(out, " 0x%lx", (unsigned long)seen->value[n]);
        else
            text_add(out, " not there");
    }
}

static void tell(const struct observation *usual, const struct observation *odd, uint32_t like,
                 uint32_t of, struct words *ret)
{
    struct text expected, seen;

    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    print(&expected, &usual->msr_set);
    text_format(&expected, ", as on %u of %u CPUs", like, of);
    print(&seen, &odd->msr_set);
    string_copy(ret->means, sizeof ret->means, odd->msr_set.set->means);
}

static bool nobody_has(const struct crowd *crowd)
{
    cpuset_for_each(index, &crowd->cpus)
    {
        if (crowd_seen(crowd, index)->msr_set.present)
            return false;
    }
    return true;
}

void judge_msr_same(const struct crowd *crowd, struct teller *teller)
{
    static const struct comparison comparison = {akin, same, tell};
    uint32_t first = cpuset_next(&crowd->cpus, 0);
    struct words words = {0};

    if (first == CPU_NONE)
        return;
    if (!nobody_has(crowd)) {
        crowd_compare(crowd, &comparison, teller);
        return;
    }
    string_copy(words.seen, sizeof words.seen, crowd_seen(crowd, first)->msr_set.set->none);
    teller->tell(teller, &crowd->cpus, VERDICT_SKIP, &words);
}
