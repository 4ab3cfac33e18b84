#include "judged.h"

static struct observation sound_gdt(void)
{
    return (struct observation){
        .made = true,
        .gdt = {.base = {0x7fe02000, 0x7fe02000},
                .limit = {71, 71},
                .cs = {0x08, 0x08},
                .ss = {0x10, 0x10},
                .slot = GDT_SLOTS},
    };
}

static struct observation sound_idt(void)
{
    return (struct observation){
        .made = true,
        .idt = {.base = {0x7fe03000, 0x7fe03000}, .limit = {4095, 4095}, .gate = IDT_GATES},
    };
}

static struct observation sound_tss(void)
{
    return (struct observation){
        .made = true,
        .tss = {.selector = {0x38, 0x38},
                .base = {0x7fe04000, 0x7fe04000},
                .limit = {232, 232},
                .type = {TSS_BUSY, TSS_BUSY},
                .io_map_base = {104, 104},
                .present = true,
                .io_map_last = 0xff},
    };
}

static struct observation sound_ist(void)
{
    struct observation sound = {.made = true, .ist.rsp0 = {0xffffa00000019000, 0xffffa00000019000}};
    for (unsigned n = 0; n < 5; n++) {
        const uint64_t top = UINT64_C(0xffffa0000000c000) + n * 0x3000;
        sound.ist.ist[n] = (struct pair){top, top};
    }
    return sound;
}

static void what_was_installed_passes(void **state)
{
    (void)state;
    const struct observation gdt = sound_gdt(), idt = sound_idt(), tss = sound_tss(),
                             ist = sound_ist();
    assert_passes(judge_gdt, &gdt);
    assert_passes(judge_idt, &idt);
    assert_passes(judge_tss, &tss);
    assert_passes(judge_ist, &ist);
}

static void each_part_of_the_gdt_is_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_gdt();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, gdt.base), "GDTR base", "a GDT that is not its own"},
        {offsetof(struct observation, gdt.limit), "GDTR limit", "the GDT ends elsewhere"},
        {offsetof(struct observation, gdt.cs), "CS", "another selector than was loaded"},
        {offsetof(struct observation, gdt.ss), "SS", "the stack segment"},
    };
    assert_each_pair_fails(judge_gdt, &sound, pairs, sizeof(pairs) / sizeof(pairs[0]));
}

static void the_changed_slot_is_named(void **state)
{
    (void)state;
    for (uint32_t slot = 0; slot < GDT_SLOTS; slot++) {
        struct observation seen = sound_gdt();
        char expected[64], told[64];
        seen.gdt.slot = slot;
        seen.gdt.slot_value = (struct pair){0xaf9b000000ffff, 0xaf9a000000ffff};
        snprintf(expected, sizeof(expected), "GDT slot %u 0xaf9b000000ffff", slot);
        snprintf(told, sizeof(told), "GDT slot %u 0xaf9a000000ffff", slot);
        assert_fails(judge_gdt, &seen, expected, told, "a descriptor was changed in memory");
    }
}

static void idtr_is_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_idt();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, idt.base), "IDTR base", "an IDT that is not its own"},
        {offsetof(struct observation, idt.limit), "IDTR limit", "raise #GP"},
    };
    assert_each_pair_fails(judge_idt, &sound, pairs, sizeof(pairs) / sizeof(pairs[0]));
}

static void each_part_of_a_gate_is_judged(void **state)
{
    (void)state;
    struct observation sound = sound_idt();
    sound.idt.gate = VECTOR_DF;
    sound.idt.handler = (struct pair){0x7f001080, 0x7f001080};
    sound.idt.ist = (struct pair){IST_DF, IST_DF};
    sound.idt.type = (struct pair){GATE_INTERRUPT, GATE_INTERRUPT};
    sound.idt.selector = (struct pair){SELECTOR_KERNEL_CODE, SELECTOR_KERNEL_CODE};
    const char *const means = "a gate is not what muster wrote";
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, idt.handler), "gate 8 (#DF) handler", means},
        {offsetof(struct observation, idt.ist), "gate 8 (#DF) IST", means},
        {offsetof(struct observation, idt.type), "gate 8 (#DF) type", means},
        {offsetof(struct observation, idt.selector), "gate 8 (#DF) selector", means},
    };
    assert_each_pair_fails(judge_idt, &sound, pairs, sizeof(pairs) / sizeof(pairs[0]));
    sound.idt.gate = 255;
    sound.idt.ist.seen = 0;
    assert_fails(judge_idt, &sound, "gate 255 (interrupt) IST 0x1", "gate 255 (interrupt) IST 0x0",
                 means);
}

/* Only what no field holds was changed: still not the gate that was written. */
static void a_gate_that_differs_nowhere_else_fails(void **state)
{
    (void)state;
    struct observation seen = sound_idt();
    seen.idt.gate = 0;
    assert_fails(judge_idt, &seen, "first gate that differs 0x100", "first gate that differs 0x0",
                 "reserved bits of a gate");
}

static void each_part_of_the_tss_is_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_tss();
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, tss.selector), "TR", "names another descriptor"},
        {offsetof(struct observation, tss.base), "TSS descriptor base", "points elsewhere"},
        {offsetof(struct observation, tss.limit), "TSS descriptor limit", "too short or too long"},
        {offsetof(struct observation, tss.type), "TSS descriptor type", "busy (0xB)"},
        {offsetof(struct observation, tss.io_map_base), "I/O map base",
         "looks for the I/O permission bitmap elsewhere"},
    };
    assert_each_pair_fails(judge_tss, &sound, pairs, sizeof(pairs) / sizeof(pairs[0]));
}

static void the_facts_about_the_tss_are_judged(void **state)
{
    (void)state;
    struct observation seen = sound_tss();
    seen.tss.present = false;
    assert_fails(judge_tss, &seen, "TSS descriptor present 0x1", "TSS descriptor present 0x0",
                 "is gone");
    seen = sound_tss();
    seen.tss.crosses_page = true;
    assert_fails(judge_tss, &seen, "TSS crosses a page boundary 0x0",
                 "TSS crosses a page boundary 0x1", "wrong second page");
    seen = sound_tss();
    seen.tss.io_map_last = 0xfe;
    assert_fails(judge_tss, &seen, "last byte of the I/O map 0xff", "last byte of the I/O map 0xfe",
                 "lacks its trailing 0xFF");
}

static void each_stack_of_the_tss_is_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_ist();
    const char *const means = "TSS.IST does not point at this CPU's own stack";
    const struct judged_pair pairs[] = {
        {offsetof(struct observation, ist.ist[0]), "IST1 (#DF)", means},
        {offsetof(struct observation, ist.ist[1]), "IST2 (NMI)", means},
        {offsetof(struct observation, ist.ist[2]), "IST3 (#MC)", means},
        {offsetof(struct observation, ist.ist[3]), "IST4 (#DB)", means},
        {offsetof(struct observation, ist.ist[4]), "IST5 (probe)", means},
        {offsetof(struct observation, ist.rsp0), "RSP0", "entries from ring 3"},
    };
    assert_each_pair_fails(judge_ist, &sound, pairs, sizeof(pairs) / sizeof(pairs[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_installed_passes),
        cmocka_unit_test(each_part_of_the_gdt_is_judged),
        cmocka_unit_test(the_changed_slot_is_named),
        cmocka_unit_test(idtr_is_judged),
        cmocka_unit_test(each_part_of_a_gate_is_judged),
        cmocka_unit_test(a_gate_that_differs_nowhere_else_fails),
        cmocka_unit_test(each_part_of_the_tss_is_judged),
        cmocka_unit_test(the_facts_about_the_tss_are_judged),
        cmocka_unit_test(each_stack_of_the_tss_is_judged),
    };
    return RUN(tests);
}
