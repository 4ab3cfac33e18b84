/* gdt.loaded, idt.loaded, tss.loaded, tss.ist */
#include <muster/judge.h>
#include <muster/text.h>

enum verdict judge_gdt(const struct observation *observation, struct words *ret)
{
    const struct obs_gdt *gdt = &observation->gdt;
    char name[24];
    struct text slot;

    text_init(&slot, name, sizeof name);
    text_format(&slot, "GDT slot %u", gdt->slot);
    if (words_differ(ret, "GDTR base", gdt->base,
                     "this CPU runs on a GDT that is not its own: LTR or a segment load on one CPU "
                     "changes another") ||
        words_differ(ret, "GDTR limit", gdt->limit,
                     "the GDT ends elsewhere: loading a selector beyond it faults") ||
        words_differ(ret, "CS", gdt->cs, "code runs with another selector than was loaded") ||
        words_differ(ret, "SS", gdt->ss, "the stack segment is not the one that was loaded") ||
        words_differ(ret, name, gdt->slot_value,
                     "a descriptor was changed in memory: the next load of its selector takes it"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}

enum verdict judge_idt(const struct observation *observation, struct words *ret)
{
    const struct obs_idt *idt = &observation->idt;
    char name[32];
    struct text gate;

    if (words_differ(ret, "IDTR base", idt->base,
                     "this CPU delivers exceptions through an IDT that is not its own") ||
        words_differ(ret, "IDTR limit", idt->limit,
                     "vectors beyond the limit raise #GP instead of reaching their handler"))
        return VERDICT_FAIL;
    const struct {
        const char *name;
        struct pair pair;
    } parts[] = {{"handler", idt->handler},
                 {"IST", idt->ist},
                 {"type", idt->type},
                 {"selector", idt->selector}};
    for (unsigned n = 0; n < sizeof parts / sizeof parts[0]; n++) {
        text_init(&gate, name, sizeof name);
        text_format(&gate, "gate %u (%s) %s", idt->gate, vector_name(idt->gate), parts[n].name);
        if (words_differ(ret, name, parts[n].pair,
                         "a gate is not what muster wrote: that vector goes to the wrong handler, "
                         "stack or privilege"))
            return VERDICT_FAIL;
    }
    const struct pair all_alike = {.want = IDT_GATES, .seen = idt->gate};
    if (words_differ(ret, "first gate that differs", all_alike,
                     "reserved bits of a gate were written in memory: something else wrote there"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}

static enum verdict judge_io_map(const struct obs_tss *tss, struct words *ret)
{
    struct pair last = {.want = 0xff, .seen = tss->io_map_last};

    if (words_differ(
            ret, "I/O map base", tss->io_map_base,
            "the CPU looks for the I/O permission bitmap elsewhere: port access from ring 3 "
            "is allowed or refused by chance") ||
        words_differ(ret, "last byte of the I/O map", last,
                     "the bitmap lacks its trailing 0xFF: access at its end reads past the TSS"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}

enum verdict judge_tss(const struct observation *observation, struct words *ret)
{
    const struct obs_tss *tss = &observation->tss;
    struct pair present = {.want = 1, .seen = tss->present};
    struct pair crosses = {.want = 0, .seen = tss->crosses_page};

    if (words_differ(
            ret, "TR", tss->selector,
            "the task register names another descriptor: RSP0 and the IST come from there") ||
        words_differ(ret, "TSS descriptor present", present,
                     "the descriptor that TR was loaded from is gone") ||
        words_differ(
            ret, "TSS descriptor base", tss->base,
            "the TSS descriptor points elsewhere: a reload of TR takes stacks from there") ||
        words_differ(
            ret, "TSS descriptor limit", tss->limit,
            "the TSS is described too short or too long: IST or I/O bitmap may be out of reach") ||
        words_differ(ret, "TSS descriptor type", tss->type,
                     "LTR marks its TSS busy (0xB): this CPU's TR was not loaded from it") ||
        words_differ(
            ret, "TSS crosses a page boundary", crosses,
            "a TSS across pages may be read with the wrong second page (SDM vol. 3A, 8.2.1)"))
        return VERDICT_FAIL;
    return judge_io_map(tss, ret);
}

enum verdict judge_ist(const struct observation *observation, struct words *ret)
{
    static const char *const names[5] = {"IST1 (#DF)", "IST2 (NMI)", "IST3 (#MC)", "IST4 (#DB)",
                                         "IST5 (probe)"};
    const struct obs_ist *ist = &observation->ist;

    for (unsigned n = 0; n < 5; n++) {
        if (words_differ(
                ret, names[n], ist->ist[n],
                "TSS.IST does not point at this CPU's own stack: two CPUs, or two exceptions, "
                "would share one, and destroy each other's frames"))
            return VERDICT_FAIL;
    }
    if (words_differ(ret, "RSP0", ist->rsp0,
                     "entries from ring 3 would arrive on a stack that is not this CPU's"))
        return VERDICT_FAIL;
    return VERDICT_PASS;
}
