#include "unit.h"

#include "descriptors.h"

#include <muster/runtime_regions.h>

#define RUNTIME MEMORY_ATTRIBUTE_RUNTIME
#define XP      MEMORY_ATTRIBUTE_XP
#define RO      MEMORY_ATTRIBUTE_RO

enum { STRIDE = 48, TABLE_SIZE = 16 + 2 * STRIDE };

static struct memory_map map;
static struct runtime_claim claim;

static void put32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, 4);
}

/* A machine with one runtime image at 0x200000, runtime data, flash, and other memory. */
static int reset(void **state)
{
    (void)state;
    memset(&map, 0, sizeof(map));
    memset(&claim, 0, sizeof(claim));
    map_add(&map, 7, 0x100000, 0x100000, 0xf);
    map_add(&map, MEMORY_RUNTIME_CODE, 0x200000, 0x2000, RUNTIME | 0xf);
    map_add(&map, MEMORY_RUNTIME_DATA, 0x300000, 0x1000, RUNTIME | 0xf);
    map_add(&map, MEMORY_MAPPED_IO, 0xffc00000, 0x400000, RUNTIME | MEMORY_ATTRIBUTE_UC);
    return 0;
}

/* The image's code and data split; runtime data not mentioned. */
static uint8_t *make_table(void)
{
    uint8_t *table = calloc(1, TABLE_SIZE);
    put32(table, 1);
    put32(table + 4, 2);
    put32(table + 8, STRIDE);
    put_descriptor(table + 16, MEMORY_RUNTIME_CODE, 0x200000, 1, RUNTIME | RO);
    put_descriptor(table + 16 + STRIDE, MEMORY_RUNTIME_CODE, 0x201000, 1, RUNTIME | XP);
    return table;
}

static void expect_map_alone(void)
{
    assert_false(claim.attributes_known);
    assert_int_equal(claim.regions.count, 3);
    assert_int_equal(claim.regions.regions[0].base, 0x200000);
    assert_int_equal(claim.regions.regions[0].size, 0x2000);
    assert_int_equal(claim.regions.regions[2].base, 0xffc00000);
}

static void without_a_table_the_map_is_all(void **state)
{
    (void)state;
    runtime_regions_read(NULL, 0, &map, &claim);
    expect_map_alone();
}

static void the_table_splits_and_the_map_completes(void **state)
{
    (void)state;
    uint8_t *table = make_table();
    runtime_regions_read(table, TABLE_SIZE, &map, &claim);
    free(table);
    assert_true(claim.attributes_known);
    assert_int_equal(claim.regions.count, 4);
    assert_int_equal(claim.regions.regions[0].attribute, RUNTIME | RO | 0xf);
    assert_int_equal(claim.regions.regions[1].attribute, RUNTIME | XP | 0xf);
    assert_int_equal(claim.regions.regions[2].base, 0x300000);
    assert_int_equal(claim.regions.regions[3].base, 0xffc00000);
    assert_int_equal(claim.regions.regions[3].attribute, RUNTIME | MEMORY_ATTRIBUTE_UC);
}

static void an_unsound_table_is_not_believed(void **state)
{
    (void)state;
    static const struct {
        uint32_t version, entries, stride, size;
    } bad[] = {
        {0, 2, STRIDE, TABLE_SIZE},     {3, 2, STRIDE, TABLE_SIZE},
        {1, 0, STRIDE, TABLE_SIZE},     {1, 3, STRIDE, TABLE_SIZE},
        {1, 2, 39, TABLE_SIZE},         {1, 2, 0, TABLE_SIZE},
        {1, 2, UINT32_MAX, TABLE_SIZE}, {1, UINT32_MAX, STRIDE, TABLE_SIZE},
        {1, 2, STRIDE, TABLE_SIZE - 1}, {1, 2, STRIDE, 15},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        uint8_t *whole = make_table();
        put32(whole, bad[i].version);
        put32(whole + 4, bad[i].entries);
        put32(whole + 8, bad[i].stride);
        uint8_t *table = realloc(whole, bad[i].size);
        runtime_regions_read(table, bad[i].size, &map, &claim);
        free(table);
        expect_map_alone();
    }
}

static void what_does_not_fit_is_counted(void **state)
{
    (void)state;
    map.regions[0] = map.regions[1]; /* where the table's entries are */
    map.count = 1;
    for (uint64_t i = 0; i + 1 < MEMORY_REGION_MAX; i++) {
        map_add(&map, MEMORY_RUNTIME_DATA, 0x10000000 + i * 0x2000, 0x1000, RUNTIME);
    }
    uint8_t *table = make_table();
    runtime_regions_read(table, TABLE_SIZE, &map, &claim);
    free(table);
    assert_int_equal(claim.regions.count, MEMORY_REGION_MAX);
    assert_int_equal(claim.regions.beyond, 1);
}

/* Free memory, memory that is not there, and what runs on behind a runtime range. */
static void entries_outside_runtime_memory_are_left_out(void **state)
{
    (void)state;
    static const struct {
        uint64_t base, pages;
    } strays[] = {{0x100000, 1}, {0x10000000, 1}, {0x201000, 2}, {0x1ff000, 3}};
    for (size_t i = 0; i < sizeof(strays) / sizeof(strays[0]); i++) {
        uint8_t *table = make_table();
        put_descriptor(table + 16, MEMORY_RUNTIME_CODE, strays[i].base, strays[i].pages,
                       RUNTIME | RO);
        runtime_regions_read(table, TABLE_SIZE, &map, &claim);
        free(table);
        assert_true(claim.attributes_known);
        assert_int_equal(claim.regions.count, 3);
        assert_int_equal(claim.regions.regions[0].base, 0x201000);
        assert_int_equal(claim.regions.regions[1].base, 0x300000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(without_a_table_the_map_is_all, reset),
        cmocka_unit_test_setup(the_table_splits_and_the_map_completes, reset),
        cmocka_unit_test_setup(an_unsound_table_is_not_believed, reset),
        cmocka_unit_test_setup(what_does_not_fit_is_counted, reset),
        cmocka_unit_test_setup(entries_outside_runtime_memory_are_left_out, reset),
    };
    return RUN(tests);
}
