#include <muster/state_lines.h>

#include <muster/cpu_words.h>
#include <muster/state_groups.h>

enum { GROUPS_TOLD = 4, LIST_MOST = 60 };

void state_name_print(struct text *out, uint32_t slot)
{
    const struct state_row *row = state_row_of(slot);

    text_add(out, row->name);
    if (row->count > 1)
        text_format(out, "%u", slot - row->slot);
}

uint32_t state_holders(const struct state_record *records, const struct cpuset *cpus, uint32_t slot)
{
    uint32_t count = 0;

    cpuset_for_each(index, cpus) count += state_has(&records[index], slot);
    return count;
}

bool state_common(const struct state_record *records, const struct cpuset *cpus, uint32_t slot)
{
    uint32_t first = cpuset_next(cpus, 0);

    cpuset_for_each(index, cpus)
    {
        if (!state_has(&records[index], slot) ||
            records[index].value[slot] != records[first].value[slot])
            return false;
    }
    return true;
}

static uint32_t anyone(const struct state_record *records, const struct cpuset *cpus, uint32_t slot)
{
    cpuset_for_each(index, cpus)
    {
        if (state_has(&records[index], slot))
            return index;
    }
    return CPU_NONE;
}

bool state_group_take(const struct state_record *records, uint32_t slot, struct cpuset *rest,
                      struct state_group *ret)
{
    uint32_t first = anyone(records, rest, slot);

    if (first == CPU_NONE)
        return false;
    ret->slot = slot;
    ret->value = records[first].value[slot];
    cpuset_clear(&ret->cpus);
    cpuset_for_each(index, rest)
    {
        if (state_has(&records[index], slot) && records[index].value[slot] == ret->value)
            cpuset_add(&ret->cpus, index);
    }
    cpuset_subtract(rest, &ret->cpus);
    return true;
}

void state_groups_print(struct text *out, const struct state_record *records,
                        const struct cpuset *cpus, uint32_t slot)
{
    struct cpuset rest = *cpus;
    struct state_group group;

    state_name_print(out, slot);
    for (uint32_t n = 0; n < GROUPS_TOLD; n++) {
        if (!state_group_take(records, slot, &rest, &group))
            return;
        text_format(out, "%s 0x%lx on ", n ? ";" : "", (unsigned long)group.value);
        cpu_words_name(out, &group.cpus, LIST_MOST);
    }
    uint32_t others = state_holders(records, &rest, slot);
    if (others) {
        text_add(out, "; other values on ");
        cpu_words_count(out, others);
    }
}

/* What a loader or an operating system may not expect to find on. */
static const struct state_switch {
    uint8_t slot, bit;
    const char *name;
} switches[] = {
    {STATE_CR0, 2, "CR0.EM"},        {STATE_CR0, 3, "CR0.TS"},     {STATE_CR0, 16, "CR0.WP"},
    {STATE_CR0, 18, "CR0.AM"},       {STATE_CR0, 29, "CR0.NW"},    {STATE_CR0, 30, "CR0.CD"},
    {STATE_CR4, 2, "CR4.TSD"},       {STATE_CR4, 3, "CR4.DE"},     {STATE_CR4, 7, "CR4.PGE"},
    {STATE_CR4, 11, "CR4.UMIP"},     {STATE_CR4, 12, "CR4.LA57"},  {STATE_CR4, 13, "CR4.VMXE"},
    {STATE_CR4, 14, "CR4.SMXE"},     {STATE_CR4, 17, "CR4.PCIDE"}, {STATE_CR4, 18, "CR4.OSXSAVE"},
    {STATE_CR4, 16, "CR4.FSGSBASE"}, {STATE_CR4, 20, "CR4.SMEP"},  {STATE_CR4, 21, "CR4.SMAP"},
    {STATE_CR4, 22, "CR4.PKE"},      {STATE_CR4, 23, "CR4.CET"},   {STATE_CR4, 24, "CR4.PKS"},
    {STATE_CR4, 32, "CR4.FRED"},     {STATE_EFER, 0, "EFER.SCE"},  {STATE_EFER, 11, "EFER.NXE"},
    {STATE_EFER, 12, "EFER.SVME"},
};

void state_switches_print(struct text *out, const struct state_record *record)
{
    size_t begun = out->length;

    for (uint32_t n = 0; n < sizeof switches / sizeof switches[0]; n++) {
        const struct state_switch *s = &switches[n];
        if (!state_has(record, s->slot) || !(record->value[s->slot] >> s->bit & 1))
            continue;
        text_format(out, "%s%s", out->length > begun ? " " : "", s->name);
    }
    if (out->length == begun)
        text_add(out, "nothing");
}
