#include "crowds.h"

#include <muster/ioapic.h>
#include <muster/judge_apic.h>

#include "judged.h"

static struct handoff handoff;
static struct observation seen[1];
static struct ioapic_record records[IOAPIC_MAX];

/* As edk2 leaves a BSP: virtual wire mode, a timer that counts but is masked. */
static int fresh(void **state)
{
    (void)state;
    memset(&handoff, 0, sizeof(handoff));
    memset(records, 0, sizeof(records));
    handoff.inventory.rows[0].uid = 4;
    handoff.claims.madt.nmi_count = 1;
    handoff.claims.madt.nmis[0] = (struct madt_nmi){.uid = CPU_NONE, .lint = 1};
    seen[0] = (struct observation){.made = true};
    struct lapic_record *lapic = &seen[0].lapic.record;
    lapic->taken = true;
    lapic->timer_initial = lapic->timer_current = UINT32_MAX;
    for (uint32_t lvt = 0; lvt < LVT_ALL; lvt++) {
        lapic->lvt[lvt] = LVT_MASKED;
    }
    lapic->lvt[LVT_LINT0] = 0x700;
    lapic->lvt[LVT_LINT1] = 0x400;
    return 0;
}

static struct keeper judge_bsp(judge_of_crowd *judge_it)
{
    struct keeper keeper = {.teller = {keeper_tell}};
    struct crowd crowd = {.handoff = &handoff, .first = seen, .stride = sizeof(seen[0])};
    cpuset_fill(&crowd.cpus, 1);
    judge_it(&crowd, &keeper.teller);
    return keeper;
}

#define LVT_EXPECTED "every LVT masked or stopped, but ExtINT and NMI on LINT0 and LINT1, and SMI"

static void virtual_wire_mode_passes(void **state)
{
    (void)state;
    struct lapic_record *lapic = &seen[0].lapic.record;
    assert_passes(judge_lapic_lvt, &seen[0]);
    lapic->lvt[LVT_THERMAL] = 0x200; /* firmware's own */
    lapic->lvt[LVT_CMCI] = 0x200;
    lapic->lvt[LVT_LINT0] = 0x5700;
    assert_passes(judge_lapic_lvt, &seen[0]);
}

static void every_live_source_is_named(void **state)
{
    (void)state;
    static const struct {
        enum lapic_lvt lvt;
        uint32_t entry;
        const char *seen;
    } rows[] = {
        {LVT_TIMER, 0x20020,
         "LVT timer 0x20020, vector 0x20, 4294967295 of 4294967295 counts left"},
        {LVT_THERMAL, 0x31, "LVT thermal 0x31, vector 0x31, fixed"},
        {LVT_PERFORMANCE, 0x400, "LVT performance 0x400, vector 0x0, NMI"},
        {LVT_LINT0, 0x8030, "LVT LINT0 0x8030, vector 0x30, fixed"},
        {LVT_LINT1, 0x500, "LVT LINT1 0x500, vector 0x0, INIT"},
        {LVT_ERROR, 0xfe, "LVT error 0xfe, vector 0xfe, fixed"},
        {LVT_CMCI, 0xf9, "LVT CMCI 0xf9, vector 0xf9, fixed"},
        {LVT_EXTENDED + 2, 0x400, "LVT extended 2 0x400, vector 0x0, NMI"},
    };
    for (size_t n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
        fresh(NULL);
        seen[0].lapic.record.lvt[rows[n].lvt] = rows[n].entry;
        assert_fails(judge_lapic_lvt, &seen[0], LVT_EXPECTED, rows[n].seen, "dies early");
    }
    seen[0].lapic.record.lvt[LVT_ERROR] = 0xfe;
    assert_fails(judge_lapic_lvt, &seen[0], LVT_EXPECTED,
                 "LVT error 0xfe, vector 0xfe, fixed; LVT extended 2 0x400, vector 0x0, NMI",
                 "did not ask for");
}

/* In each of its modes there is something else that makes it go. */
static void only_a_timer_that_runs_is_live(void **state)
{
    (void)state;
    struct lapic_record *lapic = &seen[0].lapic.record;
    lapic->lvt[LVT_TIMER] = 0x20;
    lapic->timer_current = 0; /* one-shot, and over */
    assert_passes(judge_lapic_lvt, &seen[0]);
    lapic->lvt[LVT_TIMER] = 0x20020;
    assert_false(judge_lapic_lvt(&seen[0], &(struct words){0}) == VERDICT_PASS);
    lapic->timer_initial = 0;
    assert_passes(judge_lapic_lvt, &seen[0]);
    lapic->lvt[LVT_TIMER] = 0x40020;
    assert_passes(judge_lapic_lvt, &seen[0]);
    lapic->deadline = 0x1234;
    assert_fails(judge_lapic_lvt, &seen[0], LVT_EXPECTED,
                 "LVT timer 0x40020, vector 0x20, deadline 0x1234", "did not ask for");
}

static void pending_and_in_service_are_told_apart(void **state)
{
    (void)state;
    struct lapic_record *lapic = &seen[0].lapic.record;
    assert_passes(judge_lapic_pending, &seen[0]);
    lapic->requested[1] = 1 << 4;
    lapic->requested[7] = 1u << 31;
    assert_fails(judge_lapic_pending, &seen[0], "IRR and ISR empty",
                 "pending (IRR): vector 0x24, 0xff", "as soon as");
    lapic->in_service[2] = 0xff;
    assert_fails(judge_lapic_pending, &seen[0], "IRR and ISR empty",
                 "in service (ISR): vector 0x40, 0x41, 0x42, 0x43, 0x44, 0x45 and 2 more; pending "
                 "(IRR): vector 0x24, 0xff",
                 "holds back");
    memset(lapic->in_service, 0xff, sizeof(lapic->in_service));
    memset(lapic->requested, 0xff, sizeof(lapic->requested));
    struct words words = {0};
    assert_int_equal(judge_lapic_pending(&seen[0], &words), VERDICT_FAIL);
    assert_holds(words.seen, "and 250 more; pending (IRR): vector 0x0");
}

static void an_apic_that_is_off_is_not_asked(void **state)
{
    (void)state;
    struct words words = {0};
    seen[0].lapic.record.taken = false;
    assert_int_equal(judge_lapic_lvt(&seen[0], &words), VERDICT_SKIP);
    assert_int_equal(judge_lapic_pending(&seen[0], &words), VERDICT_SKIP);
    assert_holds(words.seen, "not looked at");
    struct keeper keeper = judge_bsp(judge_lint);
    assert_told(&keeper.told[0], VERDICT_SKIP, "0");
    assert_holds(keeper.told[0].words.seen, "not looked at");
}

static void lines_as_the_madt_says_pass(void **state)
{
    (void)state;
    assert_int_equal(judge_bsp(judge_lint).count, 0);
    seen[0].lapic.record.lvt[LVT_LINT1] |= LVT_MASKED; /* set up by the operating system */
    assert_int_equal(judge_bsp(judge_lint).count, 0);
    handoff.claims.madt.nmis[0].uid = 4;
    assert_int_equal(judge_bsp(judge_lint).count, 0);
}

static void lines_that_are_something_else_fail(void **state)
{
    (void)state;
    handoff.claims.madt.nmis[0].lint = 0;
    struct keeper keeper = judge_bsp(judge_lint);
    assert_int_equal(keeper.count, 2);
    assert_told(&keeper.told[0], VERDICT_FAIL, "0");
    assert_string_equal(keeper.told[0].words.expected, "LINT0 NMI or masked, as the MADT says");
    assert_string_equal(keeper.told[0].words.seen, "LVT LINT0 0x700: ExtINT");
    assert_string_equal(keeper.told[1].words.expected, "LINT1 no NMI, as the MADT says");
    assert_string_equal(keeper.told[1].words.seen, "LVT LINT1 0x400: NMI");
}

static void without_an_nmi_entry_nothing_is_compared(void **state)
{
    (void)state;
    handoff.claims.madt.nmis[0].uid = 5; /* another CPU's */
    struct keeper keeper = judge_bsp(judge_lint);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_SKIP, "0");
}

static void claim_ioapics(uint32_t count)
{
    handoff.claims.madt.ioapic_count = count;
    for (uint32_t n = 0; n < count; n++) {
        handoff.claims.madt.ioapics[n] = (struct ioapic_claim){
            .address = 0xfec00000 + 0x1000 * n, .gsi_base = 24 * n, .id = (uint8_t)(8 + n)};
        records[n] = (struct ioapic_record){.asked = true, .answers = true, .version = 0x170020};
    }
    seen[0].ioapic.records = records;
}

static void quiet_ioapics_pass(void **state)
{
    (void)state;
    claim_ioapics(3);
    assert_int_equal(judge_bsp(judge_ioapic).count, 0);
    claim_ioapics(0);
    struct keeper keeper = judge_bsp(judge_ioapic);
    assert_told(&keeper.told[0], VERDICT_SKIP, "0");
    assert_string_equal(keeper.told[0].words.seen, "the MADT names no I/O APIC");
}

static void live_pins_are_told(void **state)
{
    (void)state;
    claim_ioapics(2);
    records[1].live = 6;
    records[1].kept[0] = (struct ioapic_live){.gsi = 26, .entry = UINT64_C(0x0300000000000030)};
    records[1].kept[1] = (struct ioapic_live){.gsi = 40, .entry = UINT64_C(0xff0000000000d961)};
    struct keeper keeper = judge_bsp(judge_ioapic);
    assert_int_equal(keeper.count, 1);
    assert_told(&keeper.told[0], VERDICT_FAIL, "");
    assert_string_equal(keeper.told[0].words.seen,
                        "I/O APIC 9: 6 unmasked; GSI 26 0x300000000000030: vector 0x30, fixed, "
                        "edge; GSI 40 0xff0000000000d961: vector 0x61, lowest priority, level in "
                        "service");
}

static void what_is_not_there_is_told(void **state)
{
    (void)state;
    claim_ioapics(2);
    records[0].answers = false;
    records[0].version = UINT32_MAX;
    records[1].asked = false;
    handoff.claims.madt.ioapics[1].address = 0x1000008;
    struct keeper keeper = judge_bsp(judge_ioapic);
    assert_int_equal(keeper.count, 2);
    assert_string_equal(keeper.told[0].words.seen,
                        "I/O APIC 8 at 0xfec00000: its version reads 0xffffffff");
    assert_string_equal(keeper.told[1].words.seen,
                        "I/O APIC 9 at 0x1000008: the address is not aligned");
}

static void only_a_place_for_devices_is_touched(void **state)
{
    (void)state;
    struct memory_map *map = &handoff.memory;
    struct ioapic_claim claim = {.address = 0xfec00000};
    assert_null(ioapic_refusal(&claim, map));
    map->regions[map->count++] =
        (struct memory_region){.type = 0, .base = 0xfec00000, .size = 0x1000};
    map->regions[map->count++] =
        (struct memory_region){.type = MEMORY_MAPPED_IO, .base = 0xfec00000, .size = 0x1000};
    assert_null(ioapic_refusal(&claim, map));
    map->regions[map->count++] =
        (struct memory_region){.type = MEMORY_CONVENTIONAL, .base = 0x100000, .size = 0x100000};
    static const struct {
        uint64_t address;
        const char *refusal;
    } rows[] = {{0, "0"},
                {0xfec00010, "not aligned"},
                {0x100000, "in memory"},
                {0x1fffe0, "in memory"},
                {0x200000, NULL},
                {0xfff00, NULL}};
    for (size_t n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
        claim.address = rows[n].address;
        const char *refusal = ioapic_refusal(&claim, map);
        if (rows[n].refusal) {
            assert_string_equal(refusal, rows[n].refusal);
        } else {
            assert_null(refusal);
        }
    }
}

static void entries_for_firmware_are_not_live(void **state)
{
    (void)state;
    assert_true(ioapic_entry_live(0x30));
    assert_true(ioapic_entry_live(0x430));
    assert_true(ioapic_entry_live(UINT64_C(0xff00000000000130)));
    assert_false(ioapic_entry_live(0x10030));
    assert_false(ioapic_entry_live(0x200));
    assert_false(ioapic_entry_live(0x700));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(virtual_wire_mode_passes, fresh),
        cmocka_unit_test_setup(every_live_source_is_named, fresh),
        cmocka_unit_test_setup(only_a_timer_that_runs_is_live, fresh),
        cmocka_unit_test_setup(pending_and_in_service_are_told_apart, fresh),
        cmocka_unit_test_setup(an_apic_that_is_off_is_not_asked, fresh),
        cmocka_unit_test_setup(lines_as_the_madt_says_pass, fresh),
        cmocka_unit_test_setup(lines_that_are_something_else_fail, fresh),
        cmocka_unit_test_setup(without_an_nmi_entry_nothing_is_compared, fresh),
        cmocka_unit_test_setup(quiet_ioapics_pass, fresh),
        cmocka_unit_test_setup(live_pins_are_told, fresh),
        cmocka_unit_test_setup(what_is_not_there_is_told, fresh),
        cmocka_unit_test_setup(only_a_place_for_devices_is_touched, fresh),
        cmocka_unit_test_setup(entries_for_firmware_are_not_live, fresh),
    };
    return RUN(tests);
}
