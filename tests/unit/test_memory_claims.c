#include "unit.h"

#include "descriptors.h"

#include <muster/memory_claims.h>

enum { STRIDE = 48, TABLE_SIZE = 16 + 2 * STRIDE };

static void put32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, 4);
}

static uint8_t *make_table(uint32_t entries, uint32_t stride)
{
    uint8_t *table = calloc(1, TABLE_SIZE);
    put32(table, 2);
    put32(table + 4, entries);
    put32(table + 8, stride);
    put_descriptor(table + 16, 5, 0x200000, 1, MEMORY_ATTRIBUTE_RO);
    put_descriptor(table + 16 + STRIDE, 6, 0x201000, 0, MEMORY_ATTRIBUTE_XP);
    return table;
}

static void attributes_are_kept_as_they_stand(void **state)
{
    static struct attributes_claim claim;
    uint8_t *table = make_table(2, STRIDE);
    (void)state;
    attributes_read(table, TABLE_SIZE, &claim);
    free(table);
    assert_true(claim.present);
    assert_int_equal(claim.version, 2);
    assert_int_equal(claim.entries, 2);
    assert_int_equal(claim.list.count, 1);
    assert_int_equal(claim.list.odd_count, 1);
    assert_int_equal(claim.list.odd[0].number, 1);
    assert_int_equal(claim.list.regions[0].attribute, MEMORY_ATTRIBUTE_RO);
}

static void attributes_beyond_memory_are_not_read(void **state)
{
    static struct attributes_claim claim;
    const uint32_t bad[][3] = {{3, STRIDE, TABLE_SIZE},
                               {UINT32_MAX, UINT32_MAX, TABLE_SIZE},
                               {2, STRIDE, TABLE_SIZE - 1},
                               {2, 39, TABLE_SIZE},
                               {2, STRIDE, 15}};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        uint8_t *table = realloc(make_table(bad[i][0], bad[i][1]), bad[i][2]);
        attributes_read(table, bad[i][2], &claim);
        free(table);
        assert_true(claim.present);
        assert_int_equal(claim.readable, bad[i][2]);
        assert_int_equal(claim.entries, bad[i][2] < 16 ? 0 : bad[i][0]);
        assert_int_equal(claim.list.count + claim.list.odd_count, 0);
    }
    attributes_read(NULL, 0, &claim);
    assert_false(claim.present);
}

static void io_apics_are_kept(void **state)
{
    static const uint8_t entries[] = {0, 8, 0, 0, 1, 0, 0, 0, 1, 12, 2, 0, 0, 0, 0xc0, 0xfe,
                                      0, 0, 0, 0, 1, 4, 0, 0, 1, 12, 3, 0, 0, 0, 0xc1, 0xfe};
    struct kept_claim kept = {0};
    uint8_t *madt = calloc(1, 44 + sizeof(entries)); /* the last entry is cut */
    (void)state;
    memcpy(madt + 44, entries, sizeof(entries));
    kept_add_io_apics(&kept, madt, 44 + sizeof(entries));
    kept_add_io_apics(&kept, madt, 45);
    kept_add_io_apics(&kept, madt, 3);
    assert_int_equal(kept.count, 1);
    assert_int_equal(kept.places[0].base, 0xfec00000);
    assert_int_equal(kept.places[0].size, 0x1000);
    madt[44 + 1] = 0; /* ends the walk */
    kept_add_io_apics(&kept, madt, 44 + sizeof(entries));
    assert_int_equal(kept.count, 1);
    free(madt);
}

static void what_has_no_place_is_not_kept(void **state)
{
    static struct kept_claim kept;
    const struct kept_place none = {.what = "nothing", .base = 0, .size = 4096};
    const struct kept_place empty = {.what = "nothing", .base = 4096, .size = 0};
    const struct kept_place page = {.what = "a page", .base = 4096, .size = 4096};
    (void)state;
    kept_add(&kept, &none);
    kept_add(&kept, &empty);
    assert_int_equal(kept.count, 0);
    for (uint32_t i = 0; i < KEPT_MAX + 2; i++) {
        kept_add(&kept, &page);
    }
    assert_int_equal(kept.count, KEPT_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_are_kept_as_they_stand),
        cmocka_unit_test(attributes_beyond_memory_are_not_read),
        cmocka_unit_test(io_apics_are_kept),
        cmocka_unit_test(what_has_no_place_is_not_kept),
    };
    return RUN(tests);
}
