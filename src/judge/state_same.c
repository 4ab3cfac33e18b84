/* state.*: a value that all CPUs of a kind are to hold alike. */
#include <muster/judge_state.h>

#include <muster/text.h>

static uint64_t counted(const struct observation *seen)
{
    const struct obs_state *state = &seen->state;

    return obs_state_value(state, state->question->slot) & ~state->question->apart;
}

static bool has(const struct observation *seen)
{
    return obs_state_has(&seen->state, seen->state.question->slot);
}

bool state_akin(const struct observation *a, const struct observation *b)
{
    return obs_state_value(&a->state, STATE_CORE_TYPE) ==
           obs_state_value(&b->state, STATE_CORE_TYPE);
}

/* As above, with the BSP by itself where the question lets it differ. */
static bool comparable(const struct observation *a, const struct observation *b)
{
    return state_akin(a, b) && (!a->state.question->bsp_apart || a->state.bsp == b->state.bsp);
}

static bool same(const struct observation *a, const struct observation *b)
{
    return has(a) == has(b) && (!has(a) || counted(a) == counted(b));
}

static void value_print(struct text *out, const struct observation *seen)
{
    enum state_slot slot = seen->state.question->slot;

    text_add(out, state_row_of(slot)->name);
    if (has(seen))
        text_format(out, " 0x%lx", (unsigned long)obs_state_value(&seen->state, slot));
    else
        text_add(out, " not implemented");
}

static void tell(const struct observation *usual, const struct observation *odd, uint32_t like,
                 uint32_t of, struct words *ret)
{
    struct text expected, seen;

    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    value_print(&expected, usual);
    text_format(&expected, ", as on %u of %u CPUs", like, of);
    if (obs_state_value(&odd->state, STATE_CORE_TYPE))
        text_format(&expected, " of core type 0x%lx",
                    (unsigned long)obs_state_value(&odd->state, STATE_CORE_TYPE));
    value_print(&seen, odd);
    if (has(usual) && has(odd))
        text_format(&seen, "; bits 0x%lx differ", (unsigned long)(counted(usual) ^ counted(odd)));
    string_copy(ret->means, sizeof ret->means, odd->state.question->means);
}

static bool nobody_has(const struct crowd *crowd)
{
    cpuset_for_each(index, &crowd->cpus)
    {
        if (has(crowd_seen(crowd, index)))
            return false;
    }
    return true;
}

void judge_state_same(const struct crowd *crowd, struct teller *teller)
{
    static const struct comparison comparison = {comparable, same, tell};

    if (!nobody_has(crowd)) {
        crowd_compare(crowd, &comparison, teller);
        return;
    }
    struct words words = {0};
    uint32_t first = cpuset_next(&crowd->cpus, 0);
    if (first != CPU_NONE)
        string_copy(words.seen, sizeof words.seen, crowd_seen(crowd, first)->state.question->none);
    teller->tell(teller, &crowd->cpus, VERDICT_SKIP, &words);
}
