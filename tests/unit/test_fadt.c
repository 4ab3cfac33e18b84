#include "unit.h"

#include <muster/fadt.h>

enum { SIZE = 276, TMR_VAL_EXT = 1 << 8, RESET_REG_SUP = 1 << 10, HW_REDUCED = 1 << 20 };

static uint8_t *table;
static struct platform_claim claim;

static void put(uint32_t offset, uint64_t value, unsigned bytes)
{
    memcpy(table + offset, &value, bytes);
}

static int set_up(void **state)
{
    (void)state;
    table = calloc(1, SIZE);
    put(76, 0x408, 4);
    table[91] = 4;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(table);
    return 0;
}

static void read_bytes(uint32_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);
    memcpy(exact, table, size);
    fadt_read(exact, size, &claim);
    free(exact);
}

static void the_timer_port_and_width(void **state)
{
    (void)state;
    read_bytes(SIZE);
    assert_int_equal(claim.pm_timer_port, 0x408);
    assert_false(claim.pm_timer_32bit);
    put(112, TMR_VAL_EXT, 4);
    read_bytes(SIZE);
    assert_true(claim.pm_timer_32bit);
}

static void the_extended_address_wins_where_it_is_a_port(void **state)
{
    (void)state;
    table[208] = 1;
    put(212, 0x608, 8);
    read_bytes(SIZE);
    assert_int_equal(claim.pm_timer_port, 0x608);
    read_bytes(219);
    assert_int_equal(claim.pm_timer_port, 0x408);
    table[208] = 0; /* memory */
    put(212, 0xfed03008, 8);
    read_bytes(SIZE);
    assert_int_equal(claim.pm_timer_port, 0x408);
    table[208] = 1;
    put(212, 0x1000c, 8);
    read_bytes(SIZE);
    assert_int_equal(claim.pm_timer_port, 0x408);
}

static void no_timer_where_none_is_offered(void **state)
{
    (void)state;
    put(112, HW_REDUCED, 4);
    read_bytes(SIZE);
    assert_int_equal(claim.pm_timer_port, 0);
    put(112, 0, 4);
    table[91] = 0;
    read_bytes(SIZE);
    assert_int_equal(claim.pm_timer_port, 0);
    table[91] = 4;
    put(76, 0x10000, 4);
    read_bytes(SIZE);
    assert_int_equal(claim.pm_timer_port, 0);
}

static void the_reset_register_counts_only_with_its_flag(void **state)
{
    (void)state;
    table[116] = 1;
    put(120, 0xcf9, 8);
    table[128] = 0x0f;
    read_bytes(SIZE);
    assert_int_equal(claim.reset_address, 0);
    put(112, RESET_REG_SUP, 4);
    read_bytes(SIZE);
    assert_int_equal(claim.reset_space, 1);
    assert_int_equal(claim.reset_address, 0xcf9);
    assert_int_equal(claim.reset_value, 0x0f);
    read_bytes(128);
    assert_int_equal(claim.reset_address, 0);
}

static void any_length_can_be_read(void **state)
{
    (void)state;
    put(112, UINT32_MAX, 4);
    for (uint32_t size = 0; size <= SIZE; size++) {
        read_bytes(size);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_timer_port_and_width),       TEST(the_extended_address_wins_where_it_is_a_port),
        TEST(no_timer_where_none_is_offered), TEST(the_reset_register_counts_only_with_its_flag),
        TEST(any_length_can_be_read),
    };
    return RUN(tests);
}
