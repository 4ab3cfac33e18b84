/* A UART by memory, which answers no longer: its registers are all ones. */
#include "../../src/x86/uart.c"
#include "unit.h"

static uint8_t registers[8];

static struct uart uart_here(uint8_t status)
{
    memset(registers, 0xff, sizeof registers);
    registers[UART_STATUS] = status;
    registers[UART_DATA] = 'x';
    return (struct uart){
        .at = {.kind = SERIAL_MMIO, .address = (uintptr_t)registers, .stride = 1, .access = 1},
        .answers = true,
    };
}

static void reads_what_came(void **state)
{
    struct uart uart = uart_here(STATUS_EMPTY | STATUS_DRAINED | STATUS_RECEIVED);

    (void)state;
    assert_int_equal(uart_read(&uart), 'x');
}

static void reads_nothing_where_nothing_came(void **state)
{
    struct uart uart = uart_here(STATUS_EMPTY | STATUS_DRAINED);

    (void)state;
    assert_int_equal(uart_read(&uart), -1);
}

static void reads_nothing_from_one_that_is_gone(void **state)
{
    struct uart uart = uart_here(STATUS_GONE);

    (void)state;
    assert_int_equal(uart_read(&uart), -1);
}

static void writes_to_one_that_is_gone(void **state)
{
    struct uart uart = uart_here(STATUS_GONE);

    (void)state;
    uart_write(&uart, "a");
    uart_drain(&uart);
    assert_int_equal(registers[UART_DATA], 'a');
}

static void gives_up_one_that_takes_nothing(void **state)
{
    struct uart uart = uart_here(0);

    (void)state;
    uart_write(&uart, "a");
    assert_false(uart.answers);
    assert_int_equal(registers[UART_DATA], 'x');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_came),
        cmocka_unit_test(reads_nothing_where_nothing_came),
        cmocka_unit_test(reads_nothing_from_one_that_is_gone),
        cmocka_unit_test(writes_to_one_that_is_gone),
        cmocka_unit_test(gives_up_one_that_takes_nothing),
    };
    return RUN(tests);
}
