#include "crowds.h"

#include <muster/judge_msr.h>

#include "judged.h"

enum { CPUS = 6 };

static struct observation seen[CPUS];
static struct handoff handoff;

/* 2 GiB of memory, the first CPU's view; devices from 2 to 4 GiB. */
static struct observation sound_mtrr(void)
{
    return (struct observation){
        .made = true,
        .mtrr = {.offered = true,
                 .apic_base = 0xfee00000,
                 .mtrr = {.cap = MTRR_CAP_FIXED | 8,
                          .def_type = MTRR_E | MTRR_FE | MEMORY_TYPE_WB,
                          .fixed = {UINT64_C(0x0606060606060606), UINT64_C(0x0606060606060606)},
                          .variable = {{0x80000000, UINT64_C(0xff80000000) | MTRR_VALID}},
                          .address_bits = 40,
                          .variable_read = 8}},
    };
}

static void add_region(uint32_t type, uint64_t base, uint64_t size, uint64_t attribute)
{
    handoff.memory.regions[handoff.memory.count++] =
        (struct memory_region){.type = type, .base = base, .size = size, .attribute = attribute};
}

static int fresh(void **state)
{
    (void)state;
    memset(&handoff, 0, sizeof(handoff));
    for (uint32_t n = 0; n < CPUS; n++) {
        seen[n] = sound_mtrr();
    }
    add_region(4, 0x1000, 0x9e000, 0xf);
    add_region(MEMORY_CONVENTIONAL, 0x100000, 0x7ff00000, 0xf);
    add_region(MEMORY_MAPPED_IO, 0xff000000, 0x1000000, MEMORY_ATTRIBUTE_UC);
    return 0;
}

static struct keeper judge_with_handoff(judge_of_crowd *judge_it, uint32_t count)
{
    struct keeper keeper = {.teller = {keeper_tell}};
    struct crowd crowd = {.handoff = &handoff, .first = seen, .stride = sizeof(seen[0])};
    cpuset_fill(&crowd.cpus, count);
    judge_it(&crowd, &keeper.teller);
    return keeper;
}

static void equal_types_pass_whatever_the_registers(void **state)
{
    (void)state;
    struct mtrr_registers *other = &seen[2].mtrr.mtrr;
    assert_int_equal(keeper_judge(judge_mtrr_same, seen, CPUS).count, 0);
    other->variable[5] = other->variable[0];
    other->variable[0].mask = 0;
    assert_int_equal(keeper_judge(judge_mtrr_same, seen, CPUS).count, 0);
}

static void the_range_and_both_types_are_named(void **state)
{
    (void)state;
    seen[3].mtrr.mtrr.variable[0].mask = UINT64_C(0xffc0000000) | MTRR_VALID;
    seen[5] = seen[3];
    struct keeper keeper = keeper_judge(judge_mtrr_same, seen, CPUS);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "3,5");
    assert_string_equal(keeper.told[0].words.expected,
                        "0xc0000000-0xffffffff UC, as on 4 of 6 CPUs");
    assert_string_equal(keeper.told[0].words.seen, "0xc0000000-0xffffffff WB");
    seen[3].mtrr.mtrr.def_type = 0;
    keeper = keeper_judge(judge_mtrr_same, seen, 5);
    assert_int_equal(keeper.count, 1);
    assert_string_equal(keeper.told[0].words.seen, "0x0-0x9ffff UC; 2 ranges more");
}

static void other_abilities_are_told(void **state)
{
    (void)state;
    seen[1].mtrr.mtrr.cap = MTRR_CAP_FIXED | 10;
    seen[2].mtrr.offered = false;
    seen[4].mtrr.unread = true;
    struct keeper keeper = keeper_judge(judge_mtrr_same, seen, CPUS);
    assert_int_equal(keeper.count, 3);
    assert_string_equal(keeper.told[0].words.seen, "MTRRcap 0x10a");
    assert_string_equal(keeper.told[0].words.expected, "MTRRcap 0x108, as on 3 of 6 CPUs");
    assert_string_equal(keeper.told[1].words.seen, "no MTRRs");
    assert_string_equal(keeper.told[2].words.seen, "MTRRs that raise #GP when read");
}

static void without_mtrrs_nobody_is_asked(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CPUS; n++) {
        seen[n].mtrr.offered = false;
    }
    struct keeper keeper = keeper_judge(judge_mtrr_same, seen, CPUS);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_SKIP, "0-5");
    assert_string_equal(keeper.told[0].words.seen, "the CPUs offer no MTRRs");
}

static void wipe(uint32_t cpu)
{
    struct mtrr_registers *mtrr = &seen[cpu].mtrr.mtrr;
    mtrr->def_type = 0;
    memset(mtrr->fixed, 0, sizeof(mtrr->fixed));
    memset(mtrr->variable, 0, sizeof(mtrr->variable));
    seen[cpu].mtrr.emulated_ap = true;
}

/* Only what QEMU does, exactly, is its deviation; what is left is compared all the same. */
static void what_the_emulator_cleared_is_its_deviation(void **state)
{
    (void)state;
    wipe(1);
    wipe(2);
    wipe(3);
    struct keeper keeper = keeper_judge(judge_mtrr_same, seen, 4);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_DEVIATION, "1-3");
    seen[2].mtrr.mtrr.def_type = MTRR_E | MEMORY_TYPE_WB;
    keeper = keeper_judge(judge_mtrr_same, seen, 4);
    assert_int_equal(keeper.count, 2);
    assert_told(&keeper.told[0], VERDICT_DEVIATION, "1,3");
    assert_told(&keeper.told[1], VERDICT_FAIL, "2");
    wipe(2);
    seen[2].mtrr.emulated_ap = false; /* a real one */
    keeper = keeper_judge(judge_mtrr_same, seen, 4);
    assert_told(&keeper.told[1], VERDICT_FAIL, "2");
    wipe(0); /* firmware sets none: there was nothing to clear */
    wipe(2);
    seen[0].mtrr.emulated_ap = false;
    assert_int_equal(keeper_judge(judge_mtrr_same, seen, 4).count, 0);
}

static void each_flaw_is_told_in_words(void **state)
{
    (void)state;
    struct observation one = sound_mtrr();
    struct mtrr_registers *mtrr = &one.mtrr.mtrr;
    assert_passes(judge_mtrr_sound, &one);
    mtrr->def_type = MTRR_E | 7;
    assert_fails(judge_mtrr_sound, &one, "a memory type that is defined", "MTRRdefType 0x807",
                 "raises #GP on other CPUs");
    one = sound_mtrr();
    mtrr->fixed[2] = 2;
    assert_fails(judge_mtrr_sound, &one, "memory types that are defined", "fixed MTRR 2, 0x2",
                 "undefined");
    one = sound_mtrr();
    mtrr->variable[0].base |= 3;
    assert_fails(judge_mtrr_sound, &one, "a memory type that is defined",
                 "variable MTRR 0, base 0x80000003, mask 0xff80000800, of 40 address bits",
                 "undefined");
    one = sound_mtrr();
    mtrr->variable[0].mask = UINT64_C(0xf780000800);
    assert_fails(judge_mtrr_sound, &one, "a mask without holes",
                 "variable MTRR 0, base 0x80000000, mask 0xf780000800, of 40 address bits",
                 "incorrect mask");
    one = sound_mtrr();
    mtrr->variable[0].base = 0xc0000000;
    assert_fails(judge_mtrr_sound, &one, "a base aligned on the size of its range",
                 "variable MTRR 0, base 0xc0000000, mask 0xff80000800, of 40 address bits",
                 "begins elsewhere");
    one = sound_mtrr();
    mtrr->variable[1].base = MEMORY_TYPE_WC;
    mtrr->variable[1].mask = UINT64_C(0xffe0000000) | MTRR_VALID;
    mtrr->variable[2].base = MEMORY_TYPE_WB;
    mtrr->variable[2].mask = UINT64_C(0xfff0000000) | MTRR_VALID;
    assert_fails(judge_mtrr_sound, &one,
                 "overlapping ranges of one type, or UC among them, or WT and WB",
                 "0x100000-0xfffffff undefined", "may differ between CPUs");
    one = sound_mtrr();
    mtrr->syscfg = SYSCFG_FIX_DRAM_MODIFY;
    assert_fails(judge_mtrr_sound, &one, "MtrrFixDramModEn (SYSCFG bit 19) clear",
                 "MtrrFixDramModEn set, SYSCFG 0x80000", "not cleared by BIOS");
}

static void a_narrow_mask_is_no_fault_of_a_virtual_machine(void **state)
{
    (void)state;
    struct observation one = sound_mtrr();
    struct words words = {0};
    one.mtrr.mtrr.variable[0].mask = UINT64_C(0x0f80000800);
    assert_fails(judge_mtrr_sound, &one, "a mask up to the CPU's highest address bit",
                 "variable MTRR 0, base 0x80000000, mask 0xf80000800, of 40 address bits",
                 "incorrect mask");
    one.mtrr.virtual = true;
    assert_int_equal(judge_mtrr_sound(&one, &words), VERDICT_SKIP);
    assert_holds(words.seen, "mask 0xf80000800 of MTRR 0 is too narrow for 40 address bits");
}

static void what_cannot_be_read_is_told(void **state)
{
    (void)state;
    struct observation one = sound_mtrr();
    struct words words = {0};
    one.mtrr.mtrr.cap = MTRR_CAP_FIXED | 12;
    assert_int_equal(judge_mtrr_sound(&one, &words), VERDICT_ERROR);
    assert_string_equal(words.seen, "12 variable MTRRs, of which muster reads 8");
    one.mtrr.unread = true;
    assert_fails(judge_mtrr_sound, &one, "MTRRs, as CPUID promises them", "#GP when they are read",
                 "faults while it starts");
    one.mtrr.offered = false;
    assert_int_equal(judge_mtrr_sound(&one, &words), VERDICT_SKIP);
}

static void the_map_and_the_types_agree(void **state)
{
    (void)state;
    handoff.framebuffer = (struct framebuffer_claim){
        .order = PIXEL_BGRX, .base = 0x80000000, .width = 1280, .height = 800, .stride = 1280};
    handoff.claims.madt.ioapic_count = 1;
    handoff.claims.madt.ioapics[0].address = 0xfec00000;
    assert_int_equal(judge_with_handoff(judge_mtrr_memory, 1).count, 0);
}

static void memory_that_is_not_cached_fails(void **state)
{
    (void)state;
    seen[0].mtrr.mtrr.variable[1].base = 0x70000000;
    seen[0].mtrr.mtrr.variable[1].mask = UINT64_C(0xfff0000000) | MTRR_VALID;
    seen[0].mtrr.virtual = true; /* some is cached, some is not: not so even there */
    seen[0].mtrr.mtrr.fixed[0] = 0;
    struct keeper keeper = judge_with_handoff(judge_mtrr_memory, 1);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "0");
    assert_string_equal(keeper.told[0].words.seen,
                        "memory at 0x1000-0x7ffff UC; 262652 KiB in all");
}

static void a_device_that_is_cached_fails(void **state)
{
    (void)state;
    handoff.claims.madt.ioapic_count = 1;
    handoff.claims.madt.ioapics[0].address = 0xfec00000;
    seen[0].mtrr.mtrr.variable[0].mask = UINT64_C(0xffe0000000) | MTRR_VALID;
    struct keeper keeper = judge_with_handoff(judge_mtrr_memory, 1);
    assert_int_equal(keeper.count, 1);
    assert_string_equal(keeper.told[0].words.expected, "devices are not cached");
    assert_string_equal(keeper.told[0].words.seen,
                        "the local APIC at 0xfee00000-0xfee00fff WB; 16388 KiB in all");
    handoff.memory.regions[2].attribute |= MEMORY_ATTRIBUTE_WT; /* flash that may be cached */
    keeper = judge_with_handoff(judge_mtrr_memory, 1);
    assert_string_equal(keeper.told[0].words.seen,
                        "the local APIC at 0xfee00000-0xfee00fff WB; 4 KiB in all");
}

/* As many BIOSes leave it: the top of the flash, to run from. */
static void flash_may_be_write_protected(void **state)
{
    (void)state;
    seen[0].mtrr.mtrr.variable[0].mask = UINT64_C(0xff80000000) | MTRR_VALID;
    seen[0].mtrr.mtrr.def_type = MTRR_E | MTRR_FE | MEMORY_TYPE_UC;
    seen[0].mtrr.mtrr.variable[0].base = 0 | MEMORY_TYPE_WB;
    seen[0].mtrr.mtrr.variable[1].base = 0xffc00000 | MEMORY_TYPE_WP;
    seen[0].mtrr.mtrr.variable[1].mask = UINT64_C(0xffffc00000) | MTRR_VALID;
    assert_int_equal(judge_with_handoff(judge_mtrr_memory, 1).count, 0);
    seen[0].mtrr.mtrr.variable[1].base = 0xffc00000 | MEMORY_TYPE_WB;
    assert_int_equal(judge_with_handoff(judge_mtrr_memory, 1).count, 1);
}

static void memory_beyond_the_address_bits_fails(void **state)
{
    (void)state;
    add_region(MEMORY_CONVENTIONAL, UINT64_C(1) << 40, 0x100000, 0xf);
    struct keeper keeper = judge_with_handoff(judge_mtrr_memory, 1);
    assert_int_equal(keeper.count, 1);
    assert_string_equal(
        keeper.told[0].words.seen,
        "memory beyond the CPU's address bits at 0x10000000000-0x100000fffff undefined");
}

/* The word for what firmware leaves out altogether depends on where that matters. */
static void memory_types_that_nobody_set(void **state)
{
    (void)state;
    seen[0].mtrr.mtrr.def_type = 0;
    struct keeper keeper = judge_with_handoff(judge_mtrr_memory, 1);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "0");
    assert_string_equal(keeper.told[0].words.seen, "MTRRs are off");
    seen[0].mtrr.mtrr.def_type = MTRR_E;
    keeper = judge_with_handoff(judge_mtrr_memory, 1);
    assert_string_equal(keeper.told[0].words.seen, "no memory is WB");
    seen[0].mtrr.virtual = true;
    keeper = judge_with_handoff(judge_mtrr_memory, 1);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_SKIP, "0");
    seen[0].mtrr.offered = false;
    keeper = judge_with_handoff(judge_mtrr_memory, 1);
    assert_told(&keeper.told[0], VERDICT_SKIP, "0");
    assert_int_equal(judge_with_handoff(judge_mtrr_memory, 0).count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(equal_types_pass_whatever_the_registers, fresh),
        cmocka_unit_test_setup(the_range_and_both_types_are_named, fresh),
        cmocka_unit_test_setup(other_abilities_are_told, fresh),
        cmocka_unit_test_setup(without_mtrrs_nobody_is_asked, fresh),
        cmocka_unit_test_setup(what_the_emulator_cleared_is_its_deviation, fresh),
        cmocka_unit_test_setup(each_flaw_is_told_in_words, fresh),
        cmocka_unit_test_setup(a_narrow_mask_is_no_fault_of_a_virtual_machine, fresh),
        cmocka_unit_test_setup(what_cannot_be_read_is_told, fresh),
        cmocka_unit_test_setup(the_map_and_the_types_agree, fresh),
        cmocka_unit_test_setup(memory_that_is_not_cached_fails, fresh),
        cmocka_unit_test_setup(a_device_that_is_cached_fails, fresh),
        cmocka_unit_test_setup(flash_may_be_write_protected, fresh),
        cmocka_unit_test_setup(memory_beyond_the_address_bits_fails, fresh),
        cmocka_unit_test_setup(memory_types_that_nobody_set, fresh),
    };
    return RUN(tests);
}
