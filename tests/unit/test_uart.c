/* What the receiver hands out, by registers that are memory. */
#include "unit.h"

#include "../../src/x86/uart.c"

static uint8_t registers[8];

static int read_with(uint8_t status, uint8_t byte)
{
    struct uart uart = {.at = {.kind = SERIAL_MMIO, .address = (uintptr_t)registers, .stride = 1},
                        .answers = true};
    registers[UART_DATA] = byte;
    registers[UART_STATUS] = status;
    return uart_read(&uart);
}

static void a_character_is_read(void **state)
{
    (void)state;
    assert_int_equal(read_with(0x61, 's'), 's');
    assert_int_equal(read_with(0x60, 's'), -1);
}

static void a_damaged_one_is_dropped(void **state)
{
    (void)state;
    for (uint8_t error = 0x02; error <= 0x10; error <<= 1) {
        assert_int_equal(read_with(0x61 | error, 's'), -1);
    }
    assert_int_equal(read_with(0xff, 0xff), -1); /* nothing is there */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_character_is_read),
        cmocka_unit_test(a_damaged_one_is_dropped),
    };
    return RUN(tests);
}
