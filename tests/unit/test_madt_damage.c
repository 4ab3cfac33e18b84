#include "madt_reading.h"

/* Each type with one byte less than its definition; the CPU behind it is still found. */
static void short_entries_are_noted_and_passed_over(void **state)
{
    static const uint8_t types[][2] = {{0, 8},  {1, 12}, {2, 10}, {3, 8},  {4, 6},    {5, 12},
                                       {6, 16}, {7, 16}, {8, 16}, {9, 16}, {0xa, 12}, {0x10, 16}};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        for (int less = 0; less <= 1; less++) {
            fresh(state);
            table_put(&table, table_entry(&table, types[i][0], types[i][1] - less) + 8, 0x1000, 2);
            table_apic(&table, 1, 1, 1);
            read_table();
            assert_int_equal(claims.cpus[claims.count - 1].apic_id, 1);
            if (less) {
                assert_int_equal(claims.count, 1);
                assert_one_note("offset 0x2c: ");
                assert_noted(0, "it has at least");
            } else {
                assert_int_equal(notes.count, 0);
            }
        }
    }
}

static void longer_entries_are_read(void **state)
{
    (void)state;
    const uint32_t at = table_entry(&table, 0, 12);
    table_put(&table, at + 3, 9, 1);
    table_put(&table, at + 4, 1, 4);
    read_table();
    assert_int_equal(notes.count, 0);
    assert_int_equal(claims.cpus[0].apic_id, 9);
}

static void an_entry_without_length_ends_the_walk(void **state)
{
    for (uint8_t length = 0; length < 2; length++) {
        fresh(state);
        add_four_cpus();
        const uint32_t at = table_apic(&table, 4, 4, 1);
        table.bytes[at + 1] = length;
        read_table();
        assert_one_note("offset 0x4c (type 0x0) has length");
        assert_noted(0, "at least 2 bytes");
        assert_int_equal(claims.count, 4);
    }
}

static void an_entry_beyond_the_end_ends_the_walk(void **state)
{
    (void)state;
    add_four_cpus();
    const uint32_t at = table_apic(&table, 4, 4, 1);
    table.bytes[at + 1] = 9;
    read_table();
    assert_one_note("offset 0x4c (type 0x0) has length 9, beyond the end");
    assert_int_equal(claims.count, 4);
}

static void a_stray_byte_is_noted(void **state)
{
    (void)state;
    add_four_cpus();
    table.size++;
    read_table();
    assert_one_note("stray byte");
    assert_int_equal(claims.count, 4);
}

static void a_wrong_checksum_is_noted(void **state)
{
    (void)state;
    add_four_cpus();
    table_seal(&table);
    table.bytes[9] ^= 0xff;
    read_size(table.size);
    assert_one_note("checksum: its 76 bytes sum to 0x");
    assert_int_equal(claims.count, 4);
}

static void other_tables_are_not_read(void **state)
{
    (void)state;
    add_four_cpus();
    memcpy(table.bytes, "FACP", 4);
    read_table();
    assert_one_note("signature is 0x50434146");
    assert_false(claims.present);
    assert_int_equal(claims.count, 0);
}

static void a_length_below_the_fixed_part_is_noted(void **state)
{
    (void)state;
    add_four_cpus();
    table_put(&table, 4, 43, 4);
    read_size(table.size);
    assert_one_note("length is 43");
    assert_false(claims.present);
}

static void a_bare_table_is_sound(void **state)
{
    (void)state;
    read_table();
    assert_int_equal(notes.count, 0);
    assert_true(claims.present);
    assert_int_equal(claims.count, 0);
}

/* Whatever is cut off is noted; what comes before it is kept; nothing behind it is touched. */
static void every_cut_is_noted(void **state)
{
    fresh(state);
    add_four_cpus();
    table_seal(&table);
    for (uint32_t size = 0; size < table.size; size++) {
        memset(&notes, 0, sizeof(notes));
        read_size(size);
        assert_noted(0, size < MADT_FIXED ? "bytes can be read; its fixed part" : "it is cut off");
        assert_int_equal(claims.present, size >= MADT_FIXED);
        assert_int_equal(claims.count, size < MADT_FIXED ? 0 : (size - MADT_FIXED) / 8);
    }
    madt_read(NULL, 100, &claims, &notes);
    assert_false(claims.present);
}

static void bytes_behind_the_table_are_not_read(void **state)
{
    (void)state;
    add_four_cpus();
    table_seal(&table);
    const uint32_t size = table.size;
    table_apic(&table, 9, 9, 1);
    read_size(table.size);
    assert_int_equal(table.size, size + 8);
    assert_int_equal(notes.count, 0);
    assert_int_equal(claims.count, 4);
}

static void nmis_have_their_limits(void **state)
{
    (void)state;
    for (int i = 0; i < MADT_NMI_MAX + 3; i++) {
        table_put(&table, table_entry(&table, 4, 6) + 2, (uint64_t)i, 1);
    }
    const uint32_t bad = table_entry(&table, 4, 6);
    table_put(&table, bad + 5, 2, 1);
    read_table();
    assert_int_equal(claims.nmi_count, MADT_NMI_MAX);
    assert_int_equal(claims.nmis[MADT_NMI_MAX - 2].uid, (MADT_NMI_MAX - 2) & 0xff);
    assert_noted(0, "NMI on LINT2");
    assert_string_equal(notes.list[1].check, "");
    assert_string_equal(notes.list[1].text,
                        "MADT lists 515 NMI connections; the first 512 are kept");
}

static void ioapics_have_their_limit(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < IOAPIC_MAX + 2; i++) {
        table_put(&table, table_entry(&table, 1, 12) + 8, i, 4);
    }
    read_table();
    assert_int_equal(claims.ioapic_count, IOAPIC_MAX);
    assert_int_equal(claims.ioapics[IOAPIC_MAX - 1].gsi_base, IOAPIC_MAX - 1);
    assert_int_equal(notes.count, 1);
    assert_string_equal(notes.list[0].check, "");
    assert_string_equal(notes.list[0].text, "MADT lists 34 I/O APICs; the first 32 are kept");
}

static void more_cpus_than_fit_are_counted(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < CPU_MAX + 5; i++) {
        table_x2apic(&table, i, i, 1);
    }
    read_table();
    assert_int_equal(claims.count, CPU_MAX);
    assert_int_equal(claims.beyond, 5);
    assert_int_equal(claims.cpus[CPU_MAX - 1].apic_id, CPU_MAX - 1);
    assert_int_equal(notes.count, 1);
    assert_string_equal(notes.list[0].check, "");
    assert_string_equal(notes.list[0].text,
                        "MADT lists 4101 processors; muster has room for the first 4096");
}

static void notes_have_their_limit(void **state)
{
    (void)state;
    for (int i = 0; i < NOTE_MAX + 7; i++) {
        table_apic(&table, 0, 0xff, 1);
    }
    read_table();
    assert_int_equal(notes.count, NOTE_MAX);
    assert_int_equal(notes.dropped, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(short_entries_are_noted_and_passed_over, fresh),
        cmocka_unit_test_setup(longer_entries_are_read, fresh),
        cmocka_unit_test_setup(an_entry_without_length_ends_the_walk, fresh),
        cmocka_unit_test_setup(an_entry_beyond_the_end_ends_the_walk, fresh),
        cmocka_unit_test_setup(a_stray_byte_is_noted, fresh),
        cmocka_unit_test_setup(a_wrong_checksum_is_noted, fresh),
        cmocka_unit_test_setup(other_tables_are_not_read, fresh),
        cmocka_unit_test_setup(a_length_below_the_fixed_part_is_noted, fresh),
        cmocka_unit_test_setup(a_bare_table_is_sound, fresh),
        cmocka_unit_test_setup(every_cut_is_noted, fresh),
        cmocka_unit_test_setup(bytes_behind_the_table_are_not_read, fresh),
        cmocka_unit_test_setup(nmis_have_their_limits, fresh),
        cmocka_unit_test_setup(ioapics_have_their_limit, fresh),
        cmocka_unit_test_setup(more_cpus_than_fit_are_counted, fresh),
        cmocka_unit_test_setup(notes_have_their_limit, fresh),
    };
    return RUN(tests);
}
