#include "madt_reading.h"

/* As QEMU's pc machine has it: CPUs, I/O APIC, five overrides, NMI on LINT1 of all. */
static void reads_a_pcs_table(void **state)
{
    (void)state;
    add_four_cpus();
    const uint32_t ioapic = table_entry(&table, 1, 12);
    table_put(&table, ioapic + 2, 8, 1);
    table_put(&table, ioapic + 4, 0xfec00000, 4);
    table_put(&table, ioapic + 8, 24, 4);
    for (int i = 0; i < 5; i++) {
        table_entry(&table, 2, 10);
    }
    const uint32_t nmi = table_entry(&table, 4, 6);
    table_put(&table, nmi + 2, 0xff, 1);
    table_put(&table, nmi + 3, 5, 2);
    table_put(&table, nmi + 5, 1, 1);
    read_table();
    assert_int_equal(notes.count, 0);
    assert_true(claims.present);
    assert_true(claims.pcat_compat);
    assert_int_equal(claims.apic_base, 0xfee00000);
    assert_int_equal(claims.mailbox, 0);
    assert_int_equal(claims.beyond, 0);
    assert_int_equal(claims.count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(claims.cpus[i].apic_id, i);
        assert_int_equal(claims.cpus[i].uid, i);
        assert_int_equal(claims.cpus[i].type, 0);
        assert_true(claims.cpus[i].enabled);
    }
    assert_int_equal(claims.ioapic_count, 1);
    assert_int_equal(claims.ioapics[0].id, 8);
    assert_int_equal(claims.ioapics[0].address, 0xfec00000);
    assert_int_equal(claims.ioapics[0].gsi_base, 24);
    assert_int_equal(claims.nmi_count, 1);
    assert_int_equal(claims.nmis[0].uid, CPU_NONE);
    assert_int_equal(claims.nmis[0].flags, 5);
    assert_int_equal(claims.nmis[0].lint, 1);
}

static void reads_flags(void **state)
{
    (void)state;
    table_apic(&table, 0, 10, 0);
    table_apic(&table, 1, 11, 1);
    table_apic(&table, 2, 12, 2);
    table_apic(&table, 3, 13, 3);
    table_put(&table, 40, 0, 4);
    read_table();
    static const bool enabled[] = {false, true, false, true};
    static const bool capable[] = {false, false, true, false};
    assert_false(claims.pcat_compat);
    assert_int_equal(claims.count, 4);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(claims.cpus[i].enabled, enabled[i]);
        assert_int_equal(claims.cpus[i].online_capable, capable[i]);
    }
}

/* Wide IDs and UIDs, beside narrow ones as some machines list them. */
static void reads_x2apic_entries(void **state)
{
    (void)state;
    table_apic(&table, 7, 0xfe, 1);
    table_x2apic(&table, 0x12345678, 0x89abcdef, 1);
    table_x2apic(&table, 9, 0xff, 1);
    table_x2apic(&table, 10, 3, 2);
    const uint32_t nmi = table_entry(&table, 0x0a, 12);
    table_put(&table, nmi + 2, 0xd, 2);
    table_put(&table, nmi + 4, 0xff, 4);
    read_table();
    assert_int_equal(notes.count, 0);
    assert_int_equal(claims.count, 4);
    assert_int_equal(claims.cpus[0].apic_id, 0xfe);
    assert_int_equal(claims.cpus[1].apic_id, 0x89abcdef);
    assert_int_equal(claims.cpus[1].uid, 0x12345678);
    assert_int_equal(claims.cpus[1].type, 9);
    assert_int_equal(claims.cpus[2].apic_id, 0xff);
    assert_true(claims.cpus[3].online_capable);
    assert_int_equal(claims.nmi_count, 1);
    assert_int_equal(claims.nmis[0].uid, 0xff);
    assert_int_equal(claims.nmis[0].flags, 0xd);
    assert_int_equal(claims.nmis[0].lint, 0);
}

static void unused_slots_are_no_cpus(void **state)
{
    (void)state;
    table_apic(&table, 0, 0, 1);
    table_apic(&table, 1, 0xff, 0);
    table_apic(&table, 2, 0xff, 2);
    table_x2apic(&table, 3, CPU_NONE, 0);
    read_table();
    assert_int_equal(notes.count, 0);
    assert_int_equal(claims.count, 1);
    assert_int_equal(claims.slot_count, 3);
    for (uint32_t n = 0; n < 3; n++) {
        assert_int_equal(claims.slot_uids[n], 1 + n);
    }
}

static void more_slots_than_fit_are_counted(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CPU_MAX + 2; n++) {
        table_x2apic(&table, n, CPU_NONE, 0);
    }
    read_table();
    assert_int_equal(claims.slot_count, CPU_MAX + 2);
    assert_int_equal(claims.slot_uids[CPU_MAX - 1], CPU_MAX - 1);
    assert_int_equal(claims.count, 0);
}

static void the_broadcast_id_is_nobodys(void **state)
{
    (void)state;
    table_apic(&table, 5, 0xff, 1);
    table_x2apic(&table, 6, CPU_NONE, 1);
    read_table();
    assert_int_equal(notes.count, 2);
    assert_noted(0, "offset 0x2c: processor UID 0x5 is enabled with APIC ID 0xff,");
    assert_noted(1, "offset 0x34: processor UID 0x6 is enabled with APIC ID 0xffffffff,");
    assert_int_equal(claims.count, 0);
}

static void the_address_may_be_overridden(void **state)
{
    (void)state;
    const uint32_t first = table_entry(&table, 5, 12);
    table_put(&table, first + 4, 0x123456789000, 8);
    read_table();
    assert_int_equal(notes.count, 0);
    assert_int_equal(claims.apic_base, 0x123456789000);
    const uint32_t second = table_entry(&table, 5, 12);
    table_put(&table, second + 4, 0x1000, 8);
    read_table();
    assert_one_note("offset 0x38: a second Local APIC Address Override");
    assert_int_equal(claims.apic_base, 0x123456789000);
}

static void reads_the_mailbox(void **state)
{
    (void)state;
    table_wakeup(&table, 0, 16, 0x7f000000);
    read_table();
    assert_int_equal(claims.mailbox, 0x7f000000);
    fresh(state);
    table_wakeup(&table, 1, 24, 0x17f000000);
    read_table();
    assert_int_equal(claims.mailbox, 0x17f000000);
    assert_int_equal(notes.count, 0);
}

static void refuses_bad_mailboxes(void **state)
{
    static const struct {
        uint16_t version;
        uint8_t length;
        uint64_t mailbox;
        const char *why;
    } cases[] = {
        {0, 16, 0, "4 KiB"},
        {0, 16, 0x7f000010, "4 KiB"},
        {1, 16, 0x7f000000, "version 1 has 24 bytes"},
        {2, 24, 0x7f000000, "versions 0 and 1"},
        {0, 15, 0x7f000000, "(type 0x10) of 15 bytes; it has at least 16"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fresh(state);
        table_wakeup(&table, cases[i].version, cases[i].length, cases[i].mailbox);
        read_table();
        assert_one_note(cases[i].why);
        assert_int_equal(claims.mailbox, 0);
    }
    fresh(state);
    table_wakeup(&table, 0, 16, 0x1000);
    table_wakeup(&table, 0, 16, 0x2000);
    read_table();
    assert_one_note("mailbox 0x2000 not used: there is one already");
    assert_int_equal(claims.mailbox, 0x1000);
}

static void unknown_types_are_passed_over(void **state)
{
    (void)state;
    table_entry(&table, 0x7f, 2);
    table_entry(&table, 0xff, 255);
    table_entry(&table, 0x0b, 80);
    table_entry(&table, 0x11, 15);
    add_four_cpus();
    read_table();
    assert_int_equal(notes.count, 0);
    assert_int_equal(claims.count, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_a_pcs_table, fresh),
        cmocka_unit_test_setup(reads_flags, fresh),
        cmocka_unit_test_setup(reads_x2apic_entries, fresh),
        cmocka_unit_test_setup(unused_slots_are_no_cpus, fresh),
        cmocka_unit_test_setup(more_slots_than_fit_are_counted, fresh),
        cmocka_unit_test_setup(the_broadcast_id_is_nobodys, fresh),
        cmocka_unit_test_setup(the_address_may_be_overridden, fresh),
        cmocka_unit_test_setup(reads_the_mailbox, fresh),
        cmocka_unit_test_setup(refuses_bad_mailboxes, fresh),
        cmocka_unit_test_setup(unknown_types_are_passed_over, fresh),
    };
    return RUN(tests);
}
