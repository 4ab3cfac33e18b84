/* state.cpuid: the same answers on all CPUs of a kind. */
#include <muster/judge_state.h>

#include <muster/text.h>

enum { LEAF_EXTENDED_FEATURES = 7, EDX_HYBRID = 1 << 15, PLANTED_LEAF = 1 };

static bool is_hybrid(const struct obs_state *state)
{
    return cpuid_record_find(state->cpuid, LEAF_EXTENDED_FEATURES, 0).value[CPUID_EDX] & EDX_HYBRID;
}

/* The planted defect is a feature of leaf 1 ECX that this CPU lacks. */
static uint32_t value_of(const struct obs_state *state, const struct cpuid_row *row,
                         enum cpuid_register which)
{
    uint32_t value = row->value[which];

    return row->leaf == PLANTED_LEAF && which == CPUID_ECX ? value ^ (uint32_t)state->flip : value;
}

/* Both records in step: the next row of either, zeros where the other has none. */
struct walk {
    const struct obs_state *a, *b;
    uint32_t at_a, at_b;
    struct cpuid_row row_a, row_b;
};

static int order(const struct cpuid_row *a, const struct cpuid_row *b)
{
    if (a->leaf != b->leaf)
        return a->leaf < b->leaf ? -1 : 1;
    return a->subleaf < b->subleaf ? -1 : a->subleaf > b->subleaf;
}

static bool walk_next(struct walk *walk)
{
    const struct cpuid_record *a = walk->a->cpuid, *b = walk->b->cpuid;
    bool more_a = walk->at_a < a->count, more_b = walk->at_b < b->count;

    if (!more_a && !more_b)
        return false;
    int which = !more_a ? 1 : !more_b ? -1 : order(&a->rows[walk->at_a], &b->rows[walk->at_b]);
    const struct cpuid_row *row = which <= 0 ? &a->rows[walk->at_a] : &b->rows[walk->at_b];
    struct cpuid_row none = {row->leaf, row->subleaf, {0}};
    walk->row_a = which <= 0 ? a->rows[walk->at_a++] : none;
    walk->row_b = which >= 0 ? b->rows[walk->at_b++] : none;
    return true;
}

static uint32_t difference(const struct walk *walk, enum cpuid_register which, bool hybrid)
{
    return (value_of(walk->a, &walk->row_a, which) ^ value_of(walk->b, &walk->row_b, which)) &
           cpuid_compared_bits(walk->row_a.leaf, walk->row_a.subleaf, which, hybrid);
}

static bool same(const struct observation *a, const struct observation *b)
{
    struct walk walk = {.a = &a->state, .b = &b->state};
    bool hybrid = is_hybrid(&a->state);

    while (walk_next(&walk)) {
        for (enum cpuid_register r = CPUID_EAX; r < CPUID_REGISTERS; r++) {
            if (difference(&walk, r, hybrid))
                return false;
        }
    }
    return true;
}

enum { DIFFERENCES_TOLD = 4 };

/* "leaf 0xd.1 EAX lacks 0x4" for the first few registers, and how many more there are. */
static void differences_print(struct text *out, struct walk *walk, bool hybrid)
{
    uint32_t count = 0;

    while (walk_next(walk)) {
        for (enum cpuid_register r = CPUID_EAX; r < CPUID_REGISTERS; r++) {
            uint32_t bits = difference(walk, r, hybrid);
            if (!bits || count++ >= DIFFERENCES_TOLD)
                continue;
            uint32_t value = value_of(walk->b, &walk->row_b, r);
            text_format(out, "%sleaf 0x%x", count > 1 ? "; " : "", walk->row_b.leaf);
            if (walk->row_b.subleaf)
                text_format(out, ".%u", walk->row_b.subleaf);
            text_format(out, " %s", cpuid_register_name(r));
            if (bits & ~value)
                text_format(out, " lacks 0x%x", bits & ~value);
            if (bits & value)
                text_format(out, "%s has 0x%x more", bits & ~value ? "," : "", bits & value);
        }
    }
    if (count > DIFFERENCES_TOLD)
        text_format(out, "; +%u more", count - DIFFERENCES_TOLD);
}

static void tell(const struct observation *usual, const struct observation *odd, uint32_t like,
                 uint32_t of, struct words *ret)
{
    struct walk walk = {.a = &usual->state, .b = &odd->state};
    struct text expected, seen;

    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&expected, "CPUID as on %u of %u CPUs", like, of);
    if (obs_state_value(&odd->state, STATE_CORE_TYPE))
        text_format(&expected, " of core type 0x%lx",
                    (unsigned long)obs_state_value(&odd->state, STATE_CORE_TYPE));
    differences_print(&seen, &walk, is_hybrid(&odd->state));
    string_copy(ret->means, sizeof ret->means,
                "an operating system takes the boot CPU's features for everybody's: a thread that "
                "moves here dies of #UD or #GP, or a mitigation is off; fuses, microcode or set-up "
                "differ");
}

void judge_state_cpuid(const struct crowd *crowd, struct teller *teller)
{
    static const struct comparison comparison = {state_akin, same, tell};

    crowd_compare(crowd, &comparison, teller);
}
