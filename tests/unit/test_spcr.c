#include "unit.h"

#include <muster/spcr.h>

enum { SIZE = 80, MEMORY = 0, IO = 1 };

static uint8_t *table;
static struct serial_claim claim;

static int set_up(void **state)
{
    (void)state;
    table = calloc(1, SIZE);
    memset(&claim, 0, sizeof(claim));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(table);
    return 0;
}

static bool read_uart(uint8_t interface, uint8_t space, uint8_t bits, uint8_t access,
                      uint64_t address)
{
    table[36] = interface;
    table[40] = space;
    table[41] = bits;
    table[43] = access;
    memcpy(table + 44, &address, 8);
    return spcr_read(table, SIZE, &claim);
}

static void expect(enum serial_kind kind, uint64_t address, uint32_t stride, uint32_t access)
{
    assert_int_equal(claim.kind, kind);
    assert_int_equal(claim.address, address);
    assert_int_equal(claim.stride, stride);
    assert_int_equal(claim.access, access);
    assert_int_equal(claim.baud, 0);
    assert_string_equal(claim.decided_by, "SPCR");
}

static void a_port_is_taken(void **state)
{
    (void)state;
    assert_true(read_uart(0, IO, 8, 0, 0x2f8));
    expect(SERIAL_PORT, 0x2f8, 1, 1);
    assert_true(read_uart(1, IO, 8, 1, 0xfff8));
    expect(SERIAL_PORT, 0xfff8, 1, 1);
}

static void memory_is_taken_with_its_stride_and_access(void **state)
{
    (void)state;
    assert_true(read_uart(0, MEMORY, 8, 1, 0xfe032000));
    expect(SERIAL_MMIO, 0xfe032000, 1, 1);
    assert_true(read_uart(0x12, MEMORY, 32, 3, 0xfe032000));
    expect(SERIAL_MMIO, 0xfe032000, 4, 4);
    assert_true(read_uart(0, MEMORY, 32, 1, 0xfe032000));
    expect(SERIAL_MMIO, 0xfe032000, 4, 1);
    assert_true(read_uart(0, MEMORY, 32, 0, UINT64_C(0x4000000000)));
    expect(SERIAL_MMIO, UINT64_C(0x4000000000), 4, 4);
    assert_true(read_uart(0, MEMORY, 8, 3, 0xfe032000));
    expect(SERIAL_MMIO, 0xfe032000, 4, 4);
}

static void what_is_no_16550_is_not_taken(void **state)
{
    (void)state;
    assert_false(read_uart(3, MEMORY, 32, 3, 0x9000000)); /* PL011 */
    assert_false(read_uart(0, 2, 8, 1, 0x3f8));           /* PCI configuration space */
    assert_false(read_uart(0, IO, 8, 1, 0));              /* redirection turned off */
    assert_false(read_uart(0, IO, 8, 1, 0xfff9));         /* beyond the last port */
    assert_false(read_uart(0, IO, 8, 1, UINT64_C(0x1000003f8)));
    assert_int_equal(claim.address, 0);
}

static void a_short_table_is_not_read(void **state)
{
    (void)state;
    assert_true(read_uart(0, IO, 8, 0, 0x2f8));
    for (uint32_t size = 0; size < 52; size++) {
        uint8_t *cut = malloc(size + 1);
        memcpy(cut, table, size);
        uint8_t *exact = realloc(cut, size > 0 ? size : 1);
        assert_false(spcr_read(exact, size, &claim));
        free(exact);
    }
    assert_true(spcr_read(table, 52, &claim));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_port_is_taken),
        TEST(memory_is_taken_with_its_stride_and_access),
        TEST(what_is_no_16550_is_not_taken),
        TEST(a_short_table_is_not_read),
    };
    return RUN(tests);
}
