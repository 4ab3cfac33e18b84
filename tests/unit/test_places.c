/* The readers of SRAT, PPTT and SMBIOS, on sound and on damaged bytes. */
#include "unit.h"

#include "places.h"

static struct madt_table table;
static struct claims claims;

static int fresh(void **state)
{
    (void)state;
    memset(&claims, 0, sizeof(claims));
    return 0;
}

typedef void reader(const void *bytes, uint32_t size);

static void read_srat(const void *bytes, uint32_t size)
{
    srat_read(bytes, size, &claims.srat, &claims.notes);
}

static void read_pptt(const void *bytes, uint32_t size)
{
    pptt_read(bytes, size, &claims.pptt, &claims.notes);
}

static void read_smbios(const void *bytes, uint32_t size)
{
    const struct smbios_entry entry = {.major = 3, .size = size};
    smbios_read(&entry, bytes, size, &claims.smbios, &claims.notes);
}

/* From a block of just that size, so that ASan sees one byte too many. */
static void read_copy(reader *read, uint32_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    memcpy(copy, table.bytes, size);
    read(copy, size);
    free(copy);
}

static void assert_noted(const char *check, const char *part)
{
    assert_true(claims.notes.count > 0);
    assert_string_equal(claims.notes.list[0].check, check);
    if (!strstr(claims.notes.list[0].text, part)) {
        fail_msg("\"%s\" is not in \"%s\"", part, claims.notes.list[0].text);
    }
}

/* Every cut is noted or harmless, and every changed byte is survived. */
static void damage(reader *read, const char *check, uint32_t least)
{
    for (uint32_t size = 0; size < table.size; size++) {
        fresh(NULL);
        read_copy(read, size);
        if (size >= least) {
            assert_noted(check, "");
        }
    }
    for (uint32_t at = 0; at < table.size; at++) {
        const uint8_t was = table.bytes[at];
        for (uint32_t value = 0; value < 256; value += 5) {
            fresh(NULL);
            table.bytes[at] = (uint8_t)value;
            read_copy(read, table.size);
        }
        table.bytes[at] = was;
    }
    read(NULL, table.size);
}

static void make_srat(void)
{
    places_begin(&table, "SRAT", 3, 48);
    srat_apic(&table, 0x01020304, 5, 1);
    table_entry(&table, 1, 40); /* memory: not about CPUs */
    srat_x2apic(&table, 7, 0x123, 0);
    table_seal(&table);
}

static void srat_tells_domains(void **state)
{
    (void)state;
    make_srat();
    read_copy(read_srat, table.size);
    assert_true(claims.srat.present);
    assert_int_equal(claims.srat.count, 2);
    assert_int_equal(claims.notes.count, 0);
    assert_int_equal(claims.srat.cpus[0].apic_id, 5);
    assert_int_equal(claims.srat.cpus[0].domain, 0x01020304);
    assert_true(claims.srat.cpus[0].enabled);
    assert_int_equal(claims.srat.cpus[1].apic_id, 0x123);
    assert_int_equal(claims.srat.cpus[1].domain, 7);
    assert_int_equal(claims.srat.cpus[1].type, 2);
    assert_false(claims.srat.cpus[1].enabled);
}

static void srat_in_pieces(void **state)
{
    (void)state;
    make_srat();
    damage(read_srat, "roll.srat", 0);
}

static void srat_of_too_many(void **state)
{
    (void)state;
    places_begin(&table, "SRAT", 3, 48);
    for (uint32_t n = 0; n < CPU_MAX + 3; n++) {
        srat_x2apic(&table, 0, n, 1);
    }
    table_seal(&table);
    read_copy(read_srat, table.size);
    assert_int_equal(claims.srat.count, CPU_MAX);
    assert_int_equal(claims.srat.beyond, 3);
}

static void a_short_entry_is_noted(void **state)
{
    (void)state;
    places_begin(&table, "SRAT", 3, 48);
    table_entry(&table, 2, 16);
    srat_apic(&table, 0, 1, 1);
    table_seal(&table);
    read_copy(read_srat, table.size);
    assert_noted("roll.srat", "(type 0x2) of 16 bytes; it has 24");
    assert_int_equal(claims.srat.count, 1);
}

static void make_pptt(void)
{
    places_begin(&table, "PPTT", 2, 36);
    const uint32_t package = pptt_node(&table, PPTT_PACKAGE, 0, 0);
    table_entry(&table, 1, 24); /* a cache */
    const uint32_t leaf = pptt_node(&table, PPTT_LEAF | PPTT_UID_VALID, package, 7);
    table.bytes[leaf + 1] += 4; /* with one private resource */
    table_put(&table, leaf + 16, 1, 4);
    table_put(&table, leaf + 20, package + 20, 4);
    table.size += 4;
    table_seal(&table);
}

static void pptt_tells_nodes(void **state)
{
    (void)state;
    make_pptt();
    read_copy(read_pptt, table.size);
    assert_int_equal(claims.notes.count, 0);
    assert_int_equal(claims.pptt.count, 2);
    assert_int_equal(claims.pptt.revision, 2);
    assert_int_equal(claims.pptt.nodes[1].parent, 36);
    assert_int_equal(claims.pptt.nodes[1].uid, 7);
    assert_ptr_equal(pptt_find(&claims.pptt, 36), &claims.pptt.nodes[0]);
    assert_ptr_equal(pptt_find(&claims.pptt, 80), &claims.pptt.nodes[1]);
    assert_null(pptt_find(&claims.pptt, 56)); /* the cache */
    assert_null(pptt_find(&claims.pptt, 0xffffffff));
}

static void pptt_in_pieces(void **state)
{
    (void)state;
    make_pptt();
    damage(read_pptt, "roll.pptt", 0);
}

static void resources_beyond_the_node_are_noted(void **state)
{
    (void)state;
    places_begin(&table, "PPTT", 2, 36);
    table_put(&table, pptt_node(&table, PPTT_PACKAGE, 0, 0) + 16, 0xffffffff, 4);
    table_seal(&table);
    read_copy(read_pptt, table.size);
    assert_noted("roll.pptt", "4294967295 private resources, but room for 0");
}

static void make_smbios(void)
{
    memset(&table, 0, sizeof(table));
    smbios_add(&table, 1, 8, 0x100, "string");
    smbios_cpu(&table, 0x400, 300, 600);
    const uint32_t extra = smbios_add(&table, 44, 10, 0x440, "");
    table_put(&table, extra + 4, 0x400, 2);
    smbios_add(&table, 127, 4, 0x7f00, "");
}

static void smbios_tells_sockets(void **state)
{
    (void)state;
    make_smbios();
    read_copy(read_smbios, table.size);
    assert_int_equal(claims.notes.count, 0);
    assert_true(claims.smbios.present && claims.smbios.by_qemu);
    assert_int_equal(claims.smbios.structures, 4);
    assert_int_equal(claims.smbios.socket_count, 1);
    assert_int_equal(claims.smbios.sockets[0].handle, 0x400);
    assert_int_equal(claims.smbios.sockets[0].cores, 300);
    assert_int_equal(claims.smbios.sockets[0].enabled, 300);
    assert_int_equal(claims.smbios.sockets[0].threads, 600);
    assert_int_equal(claims.smbios.extra_count, 1);
    assert_int_equal(claims.smbios.extras[0].refers_to, 0x400);
}

/* 2.3 ends before the counts, and 2.5 before the fields of two bytes. */
static void older_smbios_tells_less(void **state)
{
    (void)state;
    memset(&table, 0, sizeof(table));
    smbios_add(&table, 4, 0x23, 1, "Intel");
    const uint32_t at = smbios_add(&table, 4, 0x28, 2, "Intel");
    table_put(&table, at + 0x23, 4, 1);
    smbios_add(&table, 127, 4, 3, "");
    read_copy(read_smbios, table.size);
    assert_int_equal(claims.smbios.socket_count, 2);
    assert_false(claims.smbios.by_qemu);
    assert_int_equal(claims.smbios.sockets[0].cores, 0);
    assert_int_equal(claims.smbios.sockets[1].cores, 4);
    assert_false(claims.smbios.sockets[1].has_long);
}

static void smbios_in_pieces(void **state)
{
    (void)state;
    make_smbios();
    damage(read_smbios, "roll.smbios", UINT32_MAX);
}

static void smbios_without_its_end_is_noted(void **state)
{
    (void)state;
    make_smbios();
    read_copy(read_smbios, 20);
    assert_noted("roll.smbios", "its strings end nowhere");
}

static void make_entry_3(void)
{
    memset(&table, 0, sizeof(table));
    memcpy(table.bytes, "_SM3_\0\x18\x03\x02", 9);
    table_put(&table, 12, 0x1000, 4);
    table_put(&table, 16, UINT64_C(0x123456789), 8);
    table.size = 24;
    for (uint32_t n = 0; n < 24; n++) {
        table.bytes[5] = (uint8_t)(table.bytes[5] - (n == 5 ? 0 : table.bytes[n]));
    }
}

static bool read_entry(uint32_t size, struct smbios_entry *ret)
{
    uint8_t *copy = malloc(size ? size : 1);
    memcpy(copy, table.bytes, size);
    const bool read = smbios_read_entry(copy, size, ret, &claims.notes);
    free(copy);
    return read;
}

static void entry_points_of_both_kinds(void **state)
{
    (void)state;
    struct smbios_entry entry;
    make_entry_3();
    assert_true(read_entry(24, &entry));
    assert_int_equal(claims.notes.count, 0);
    assert_int_equal(entry.size, 0x1000);
    assert_true(entry.address == UINT64_C(0x123456789));
    assert_int_equal(entry.major, 3);
    table.bytes[5]++;
    assert_true(read_entry(24, &entry));
    assert_noted("roll.smbios", "checksum: its 24 bytes sum to 0x01");
}

static void entry_point_of_version_2(void **state)
{
    (void)state;
    struct smbios_entry entry;
    memset(&table, 0, sizeof(table));
    memcpy(table.bytes, "_SM_\0\x1f\x02\x08", 8);
    memcpy(table.bytes + 16, "_DMI_", 5);
    table_put(&table, 22, 0x222, 2);
    table_put(&table, 24, 0xf0000, 4);
    table_put(&table, 28, 9, 2);
    assert_true(read_entry(31, &entry));
    assert_int_equal(claims.notes.count, 2); /* both checksums */
    assert_int_equal(entry.size, 0x222);
    assert_int_equal(entry.address, 0xf0000);
    assert_int_equal(entry.count, 9);
    for (uint32_t size = 0; size < 31; size++) {
        assert_false(read_entry(size, &entry));
    }
    table.bytes[16] = 'X';
    assert_false(read_entry(31, &entry));
}

static void entry_points_in_pieces(void **state)
{
    (void)state;
    struct smbios_entry entry;
    make_entry_3();
    for (uint32_t size = 0; size < 24; size++) {
        fresh(NULL);
        assert_false(read_entry(size, &entry));
        assert_noted("roll.smbios", "SMBIOS entry point");
    }
    assert_false(smbios_read_entry(NULL, 24, &entry, &claims.notes));
    table.bytes[6] = 200;
    assert_false(read_entry(24, &entry));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(srat_tells_domains, fresh),
        cmocka_unit_test_setup(srat_in_pieces, fresh),
        cmocka_unit_test_setup(srat_of_too_many, fresh),
        cmocka_unit_test_setup(a_short_entry_is_noted, fresh),
        cmocka_unit_test_setup(pptt_tells_nodes, fresh),
        cmocka_unit_test_setup(pptt_in_pieces, fresh),
        cmocka_unit_test_setup(resources_beyond_the_node_are_noted, fresh),
        cmocka_unit_test_setup(smbios_tells_sockets, fresh),
        cmocka_unit_test_setup(older_smbios_tells_less, fresh),
        cmocka_unit_test_setup(smbios_in_pieces, fresh),
        cmocka_unit_test_setup(smbios_without_its_end_is_noted, fresh),
        cmocka_unit_test_setup(entry_points_of_both_kinds, fresh),
        cmocka_unit_test_setup(entry_point_of_version_2, fresh),
        cmocka_unit_test_setup(entry_points_in_pieces, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
