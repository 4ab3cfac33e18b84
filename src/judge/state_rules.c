/* state.*: values that a specification fixes, CPU by CPU. */
#include <muster/judge_state.h>

#include <muster/text.h>

enum { SELECTOR_LOCAL = 4, SELECTOR_LAST_BYTE = 7, TSS_LAST_BYTE = 15 };

static const char *coming_name(enum state_coming coming)
{
    switch (coming) {
    case CAME_AS_BSP:
        return "on the BSP";
    case CAME_BY_INIT:
        return "after INIT";
    default:
        return "out of the mailbox";
    }
}

static void tell(const struct obs_state *state, const struct state_rule *rule, uint64_t value,
                 struct words *ret)
{
    struct text expected, seen;

    *ret = (struct words){0};
    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_add(&expected, state_row_of(rule->slot)->name);
    if (rule->set)
        text_format(&expected, " with bits 0x%lx set", (unsigned long)rule->set);
    if (rule->clear)
        text_format(&expected, "%s bits 0x%lx clear", rule->set ? " and" : " with",
                    (unsigned long)rule->clear);
    text_format(&expected, " %s", coming_name(obs_state_coming(state)));
    text_format(&seen, "%s 0x%lx", state_row_of(rule->slot)->name, (unsigned long)value);
    uint64_t missing = rule->set & ~value, extra = rule->clear & value;
    if (missing)
        text_format(&seen, "; bits 0x%lx are clear", (unsigned long)missing);
    if (extra)
        text_format(&seen, "; bits 0x%lx are set", (unsigned long)extra);
    string_copy(ret->means, sizeof ret->means, rule->means);
}

static bool broken(const struct state_rule *rule, uint64_t value)
{
    return (value & rule->set) != rule->set || value & rule->clear;
}

enum verdict judge_state_rules(const struct observation *observation, struct words *ret)
{
    const struct obs_state *state = &observation->state;
    const struct state_question *question = state->question;
    bool asked = false;

    for (const struct state_rule *rule = question->rules; rule->whom; rule++) {
        if (!(rule->whom & obs_state_coming(state)) || !obs_state_has(state, rule->slot))
            continue;
        asked = true;
        uint64_t value = obs_state_value(state, rule->slot);
        if (!broken(rule, value))
            continue;
        tell(state, rule, value, ret);
        return VERDICT_FAIL;
    }
    if (asked || !question->none)
        return VERDICT_PASS;
    *ret = (struct words){0};
    string_copy(ret->seen, sizeof ret->seen, question->none);
    return VERDICT_SKIP;
}

/* The first selector whose descriptor lies beyond the GDT's limit, or STATE_SLOTS. */
static enum state_slot beyond_gdt(const struct obs_state *state)
{
    static const uint8_t slots[] = {STATE_CS, STATE_SS, STATE_DS, STATE_ES,
                                    STATE_FS, STATE_GS, STATE_TR};
    uint64_t limit = obs_state_value(state, STATE_GDT_LIMIT);

    for (uint32_t n = 0; n < sizeof slots; n++) {
        uint64_t selector = obs_state_value(state, slots[n]);
        uint64_t last = slots[n] == STATE_TR ? TSS_LAST_BYTE : SELECTOR_LAST_BYTE;
        if (obs_state_has(state, slots[n]) && selector > 3 && !(selector & SELECTOR_LOCAL) &&
            (selector & ~UINT64_C(7)) + last > limit)
            return slots[n];
    }
    return STATE_SLOTS;
}

enum verdict judge_state_segments(const struct observation *observation, struct words *ret)
{
    const struct obs_state *state = &observation->state;

    if (!obs_state_has(state, STATE_GDT_LIMIT))
        return judge_state_rules(observation, ret);
    enum state_slot slot = beyond_gdt(state);
    if (slot == STATE_SLOTS)
        return judge_state_rules(observation, ret);
    struct text expected, seen;
    *ret = (struct words){0};
    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&expected, "selectors within the GDT's limit 0x%lx %s",
                (unsigned long)obs_state_value(state, STATE_GDT_LIMIT),
                coming_name(obs_state_coming(state)));
    text_format(&seen, "%s 0x%lx", state_row_of(slot)->name,
                (unsigned long)obs_state_value(state, slot));
    string_copy(ret->means, sizeof ret->means,
                "loading this selector again, as IRET and any save and restore does, raises #GP; "
                "firmware lost or shortened its GDT");
    return VERDICT_FAIL;
}
