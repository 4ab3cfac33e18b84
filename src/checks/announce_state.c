/* The state lines of the report: what all CPUs have in common, what differs, and what happened to
 * the BSP at the door. Zeros are not told. */
#include "announce.h"
#include <muster/cpu_words.h>
#include <muster/state_lines.h>

enum { LINE_MOST = 120 };

/* A list of values that goes on in a new line when it gets long. */
struct list {
    struct run *run;
    const char *head;
    struct text *out; /* NULL: no line is open */
};

static void list_end(struct list *list)
{
    if (!list->out)
        return;
    text_add(list->out, "\n");
    list->out = NULL;
    sinks_tell(&list->run->sinks);
}

static struct text *list_next(struct list *list)
{
    if (list->out && list->out->length > LINE_MOST)
        list_end(list);
    if (list->out) {
        text_add(list->out, ", ");
    } else {
        list->out = sinks_text(&list->run->sinks);
        text_format(list->out, "# state, %s: ", list->head);
    }
    return list->out;
}

static void value_add(struct list *list, uint32_t slot, uint64_t value)
{
    struct text *out = list_next(list);

    state_name_print(out, slot);
    text_format(out, " 0x%lx", (unsigned long)value);
}

static void tell_common(struct run *run, const struct cpuset *cpus)
{
    const struct state_record *records = run->fleet.states;
    struct list list = {.run = run, .head = "all CPUs alike"};
    uint32_t first = cpuset_next(cpus, 0);

    for (uint32_t slot = 0; slot < STATE_SLOTS; slot++) {
        if (state_common(records, cpus, slot) && records[first].value[slot])
            value_add(&list, slot, records[first].value[slot]);
    }
    list_end(&list);
}

/* What only one CPU could be asked for: the BSP, where APs came through INIT. */
static void tell_single(struct run *run, const struct cpuset *cpus)
{
    const struct state_record *records = run->fleet.states;
    struct list list = {.run = run, .head = "the BSP's own"};

    for (uint32_t slot = 0; slot < STATE_SLOTS; slot++) {
        if (state_holders(records, cpus, slot) == 1 && !state_common(records, cpus, slot) &&
            state_has(&records[0], slot))
            value_add(&list, slot, records[0].value[slot]);
    }
    list_end(&list);
}

static void tell_differing(struct run *run, const struct cpuset *cpus)
{
    const struct state_record *records = run->fleet.states;

    for (uint32_t slot = 0; slot < STATE_SLOTS; slot++) {
        uint32_t holders = state_holders(records, cpus, slot);
        if (!holders || state_common(records, cpus, slot) ||
            (holders == 1 && state_has(&records[0], slot)))
            continue;
        struct text *out = sinks_text(&run->sinks);
        text_add(out, "# state: ");
        state_groups_print(out, records, cpus, slot);
        text_add(out, "\n");
        sinks_tell(&run->sinks);
    }
}

static void tell_switches(struct run *run)
{
    struct text *out = sinks_text(&run->sinks);

    text_add(out, "# state, the BSP has on: ");
    state_switches_print(out, &run->fleet.states[0]);
    text_add(out, "\n");
    sinks_tell(&run->sinks);
}

static void tell_changes(struct run *run, const char *head, enum state_moment from)
{
    const struct state_record *was = &run->handoff->bsp_state[from], *is = was + 1;
    struct list list = {.run = run, .head = head};

    for (uint32_t slot = 0; slot < STATE_SLOTS; slot++) {
        if (!state_has(was, slot) || !state_has(is, slot) || was->value[slot] == is->value[slot])
            continue;
        struct text *out = list_next(&list);
        state_name_print(out, slot);
        text_format(out, " 0x%lx -> 0x%lx", (unsigned long)was->value[slot],
                    (unsigned long)is->value[slot]);
    }
    list_end(&list);
}

static bool asked(const struct run *run)
{
    for (uint32_t n = 0; n < run->report.result_count; n++) {
        if (string_starts(run->report.results[n].id, "state."))
            return true;
    }
    return false;
}

void announce_state(struct run *run)
{
    struct cpuset cpus = run->fleet.online;

    if (!asked(run))
        return;
    tell_common(run, &cpus);
    tell_single(run, &cpus);
    tell_differing(run, &cpus);
    tell_switches(run);
    tell_changes(run, "BSP from entry to the door", MOMENT_ENTRY);
    tell_changes(run, "BSP through ExitBootServices", MOMENT_BEFORE);
}
