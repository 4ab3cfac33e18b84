#include "unit.h"

#include <muster/hpet.h>

enum { SIZE = 56 };

static uint8_t table[SIZE];

static uint64_t read_bytes(uint32_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);
    memcpy(exact, table, size);
    const uint64_t base = hpet_read(exact, size);
    free(exact);
    return base;
}

static void put_base(uint64_t base)
{
    memset(table, 0, sizeof(table));
    memcpy(table + 44, &base, sizeof(base));
}

static void the_address_of_a_sound_table(void **state)
{
    (void)state;
    put_base(0xfed00000);
    assert_int_equal(read_bytes(SIZE), 0xfed00000);
    put_base(0xfffffc00);
    assert_int_equal(read_bytes(SIZE), 0xfffffc00);
}

static void an_address_that_is_no_chipsets(void **state)
{
    (void)state;
    static const uint64_t wrong[] = {
        0, 0x400, 0xffc00, 0xfed00001, 0xfed00200, 0x100000000, 0xfed0000000000000, UINT64_MAX,
    };
    for (size_t n = 0; n < sizeof(wrong) / sizeof(wrong[0]); n++) {
        put_base(wrong[n]);
        assert_int_equal(read_bytes(SIZE), 0);
    }
    put_base(0xfed00000);
    table[40] = 1; /* I/O space */
    assert_int_equal(read_bytes(SIZE), 0);
}

static void any_length_can_be_read(void **state)
{
    (void)state;
    put_base(0xfed00000);
    for (uint32_t size = 0; size < SIZE; size++) {
        assert_int_equal(read_bytes(size), 0);
    }
}

static void the_period_tells_the_rate(void **state)
{
    (void)state;
    assert_int_equal(hpet_hz(UINT64_C(0x0098968080868201)), 100000000); /* 10 ns */
    assert_int_equal(hpet_hz(UINT64_C(0x0429b17f80868701)), 14318179);
    assert_int_equal(hpet_hz(UINT64_C(0x05f5e10000000001)), 10000000); /* the longest period */
}

static void what_is_no_hpet_has_no_rate(void **state)
{
    (void)state;
    assert_int_equal(hpet_hz(0), 0);
    assert_int_equal(hpet_hz(UINT64_MAX), 0);
    assert_int_equal(hpet_hz(UINT64_C(0x0098968080868200)), 0);
    assert_int_equal(hpet_hz(UINT64_C(0x05f5e10100000001)), 0);
    assert_int_equal(hpet_hz(0x80868201), 0);
    assert_int_equal(hpet_hz(UINT64_C(0x000f424000000001)), 1000000000); /* the shortest period */
    assert_int_equal(hpet_hz(UINT64_C(0x000f423f00000001)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_address_of_a_sound_table),
        cmocka_unit_test(an_address_that_is_no_chipsets),
        cmocka_unit_test(any_length_can_be_read),
        cmocka_unit_test(the_period_tells_the_rate),
        cmocka_unit_test(what_is_no_hpet_has_no_rate),
    };
    return RUN(tests);
}
