#include "unit.h"

#include <muster/acpi.h>
#include <muster/bytes.h>

/* A small physical memory: only [BASE, BASE + SIZE) can be read. */
enum { BASE = 0x7000000, SIZE = 0x4000, RSDP = BASE, RSDT = BASE + 0x100, XSDT = BASE + 0x200 };

static uint8_t *memory;
static struct acpi_tables tables;
static struct notes notes;

static uint64_t readable(void *context, uint64_t address, uint64_t size, const uint8_t **ret)
{
    (void)context;
    if (address < BASE || address >= BASE + SIZE) {
        return 0;
    }
    *ret = memory + (address - BASE);
    const uint64_t there = BASE + SIZE - address;
    return size < there ? size : there;
}

static const struct acpi_memory window = {.readable = readable};

static uint8_t *at(uint64_t address)
{
    return memory + (address - BASE);
}

static void put(uint64_t address, uint64_t value, unsigned bytes)
{
    memcpy(at(address), &value, bytes);
}

static void seal(uint64_t address, uint32_t size, unsigned checksum_offset)
{
    at(address)[checksum_offset] = 0;
    at(address)[checksum_offset] = (uint8_t)-bytes_sum(at(address), size);
}

static void make_table(uint64_t address, const char *signature, uint32_t length)
{
    memcpy(at(address), signature, 4);
    put(address + 4, length, 4);
    seal(address, length, 9);
}

static void make_root(uint64_t address, const char *signature, const uint64_t *entries,
                      unsigned count, unsigned entry_size)
{
    memset(at(address), 0, 36);
    for (unsigned i = 0; i < count; i++) {
        put(address + 36 + i * entry_size, entries[i], entry_size);
    }
    make_table(address, signature, 36 + count * entry_size);
}

static void make_rsdp(uint8_t revision, uint64_t rsdt, uint64_t xsdt)
{
    memcpy(at(RSDP), "RSD PTR ", 8);
    at(RSDP)[15] = revision;
    put(RSDP + 16, rsdt, 4);
    put(RSDP + 20, 36, 4);
    put(RSDP + 24, xsdt, 8);
    seal(RSDP, 20, 8);
    seal(RSDP, 36, 32);
}

static const uint64_t usual[] = {BASE + 0x400, BASE + 0x500, BASE + 0x600, BASE + 0x700};

static int set_up(void **state)
{
    (void)state;
    memory = calloc(1, SIZE);
    memset(&notes, 0, sizeof(notes));
    make_table(BASE + 0x400, "FACP", 244);
    make_table(BASE + 0x500, "APIC", 100);
    make_table(BASE + 0x600, "SPCR", 80);
    make_table(BASE + 0x700, "HPET", 56);
    make_root(XSDT, "XSDT", usual, 4, 8);
    make_root(RSDT, "RSDT", usual, 4, 4);
    make_rsdp(2, RSDT, XSDT);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

static void find(void)
{
    acpi_find(&window, RSDP, &tables, &notes);
}

static void expect_usual(void)
{
    assert_int_equal(tables.fadt.address, BASE + 0x400);
    assert_int_equal(tables.fadt.size, 244);
    assert_int_equal(tables.madt.address, BASE + 0x500);
    assert_int_equal(tables.madt.size, 100);
    assert_int_equal(tables.spcr.address, BASE + 0x600);
    assert_int_equal(tables.hpet.address, BASE + 0x700);
}

static void expect_note(const char *check, const char *part)
{
    assert_true(notes.count > 0);
    assert_string_equal(notes.list[notes.count - 1].check, check);
    if (strstr(notes.list[notes.count - 1].text, part) == NULL) {
        fail_msg("no \"%s\" in \"%s\"", part, notes.list[notes.count - 1].text);
    }
}

static void finds_tables_through_the_xsdt(void **state)
{
    (void)state;
    memset(at(RSDT), 0, 0x100); /* not looked at */
    find();
    expect_usual();
    assert_int_equal(tables.revision, 2);
    assert_int_equal(notes.count, 0);
}

static void acpi_1_has_only_the_rsdt(void **state)
{
    (void)state;
    make_rsdp(0, RSDT, UINT64_MAX);
    find();
    expect_usual();
    assert_int_equal(notes.count, 0);
}

static void without_a_sound_xsdt_the_rsdt_serves(void **state)
{
    (void)state;
    make_rsdp(2, RSDT, UINT64_C(0xffffffff00000000));
    find();
    expect_usual();
    expect_note("roll.madt", "no XSDT can be read");
    make_rsdp(2, RSDT, 0);
    notes.count = 0;
    find();
    expect_usual();
    assert_int_equal(notes.count, 0);
}

static void no_rsdp_is_told(void **state)
{
    (void)state;
    at(RSDP)[0] = 'X';
    find();
    assert_null(tables.madt.at);
    expect_note("roll.madt", "no RSDP");
    acpi_find(&window, 0x1000, &tables, &notes);
    assert_null(tables.madt.at);
    acpi_find(&window, BASE + SIZE - 19, &tables, &notes);
    assert_null(tables.madt.at);
    assert_int_equal(notes.count, 3);
}

static void bad_checksums_on_the_way_are_told_and_the_way_is_gone(void **state)
{
    (void)state;
    at(RSDP)[9] ^= 1;
    find();
    expect_usual();
    assert_int_equal(notes.count, 2); /* both sums cover that byte */
    make_rsdp(2, RSDT, XSDT);
    at(XSDT)[10] ^= 1;
    notes.count = 0;
    find();
    expect_usual();
    expect_note("roll.madt", "XSDT");
}

static void a_pointer_to_nowhere_is_told_and_null_is_passed_over(void **state)
{
    (void)state;
    const uint64_t entries[] = {0, 0x1000, BASE + 0x500, BASE + SIZE - 20};
    make_root(XSDT, "XSDT", entries, 4, 8);
    find();
    assert_int_equal(tables.madt.address, BASE + 0x500);
    assert_int_equal(notes.count, 2);
    expect_note("roll.madt", "no ACPI table can be read");
}

static void a_table_shorter_than_its_header_is_not_opened(void **state)
{
    (void)state;
    put(BASE + 0x504, 35, 4);
    find();
    assert_null(tables.madt.at);
    expect_note("roll.madt", "0x7000500");
}

static void a_madt_that_runs_out_of_memory_is_handed_over_cut(void **state)
{
    (void)state;
    const uint64_t entries[] = {BASE + SIZE - 50};
    memcpy(at(BASE + SIZE - 50), "APIC", 4);
    put(BASE + SIZE - 46, 100, 4);
    make_root(XSDT, "XSDT", entries, 1, 8);
    find();
    assert_int_equal(tables.madt.size, 50);
}

static void an_unsound_fadt_or_spcr_is_left_out(void **state)
{
    (void)state;
    at(BASE + 0x480)[0] ^= 1;
    at(BASE + 0x640)[0] ^= 1;
    find();
    assert_null(tables.fadt.at);
    assert_null(tables.spcr.at);
    assert_int_equal(notes.count, 2);
    assert_string_equal(notes.list[0].check, "");
    assert_non_null(strstr(notes.list[0].text, "FACP at 0x7000400"));
}

static void a_second_madt_is_told(void **state)
{
    (void)state;
    const uint64_t entries[] = {BASE + 0x500, BASE + 0x500, BASE + 0x800};
    make_table(BASE + 0x800, "APIC", 44);
    make_root(XSDT, "XSDT", entries, 3, 8);
    find();
    assert_int_equal(tables.madt.address, BASE + 0x500);
    assert_int_equal(notes.count, 1);
    expect_note("roll.madt", "another MADT at 0x7000800");
}

static void a_root_longer_than_memory_or_sense_ends_where_it_can(void **state)
{
    (void)state;
    put(XSDT + 4, UINT32_MAX, 4);
    find();
    expect_usual();
    assert_true(notes.count >= 2); /* its length, its many entries or what they point at */
    put(XSDT + 4, 36 + 12, 4);
    seal(XSDT, 48, 9);
    notes.count = 0;
    find();
    assert_int_equal(tables.fadt.address, BASE + 0x400);
    assert_null(tables.madt.at);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(finds_tables_through_the_xsdt),
        TEST(acpi_1_has_only_the_rsdt),
        TEST(without_a_sound_xsdt_the_rsdt_serves),
        TEST(no_rsdp_is_told),
        TEST(bad_checksums_on_the_way_are_told_and_the_way_is_gone),
        TEST(a_pointer_to_nowhere_is_told_and_null_is_passed_over),
        TEST(a_table_shorter_than_its_header_is_not_opened),
        TEST(a_madt_that_runs_out_of_memory_is_handed_over_cut),
        TEST(an_unsound_fadt_or_spcr_is_left_out),
        TEST(a_second_madt_is_told),
        TEST(a_root_longer_than_memory_or_sense_ends_where_it_can),
    };
    return RUN(tests);
}
