#include "uart.h"
#include "registers.h"

enum {
    UART_DATA = 0,
    UART_INTERRUPTS = 1,
    UART_FIFO = 2,
    UART_LINE = 3,
    UART_MODEM = 4,
    UART_STATUS = 5,
    UART_SCRATCH = 7,
    LINE_8N1 = 0x03,
    LINE_DIVISOR = 0x80,
    STATUS_RECEIVED = 0x01,
    STATUS_DAMAGED = 0x1e, /* overrun, parity or framing error, break */
    STATUS_EMPTY = 0x20,
    CLOCK_BAUD = 115200,
    STATUS_DRAINED = 0x40,
    /* Nobody answers, or no longer: a BMC that starts anew takes its UART with it. */
    STATUS_GONE = 0xff,
    /* Reads of the status register before a UART is given up: seconds, at about a microsecond each.
     * A receiver that holds the line, or a busy host under an emulator, may take that long. */
    STATUS_READS = 10000000,
};

static uint8_t register_read(const struct uart *uart, uint32_t n)
{
    uint64_t address = uart->at.address + n * uart->at.stride;

    if (uart->at.kind == SERIAL_PORT)
        return port_read8((uint16_t)address);
    if (uart->at.access == 4)
        return (uint8_t) * (volatile uint32_t *)(uintptr_t)address;
    return *(volatile uint8_t *)(uintptr_t)address;
}

static void register_write(const struct uart *uart, uint32_t n, uint8_t value)
{
    uint64_t address = uart->at.address + n * uart->at.stride;

    if (uart->at.kind == SERIAL_PORT)
        port_write8((uint16_t)address, value);
    else if (uart->at.access == 4)
        *(volatile uint32_t *)(uintptr_t)address = value;
    else
        *(volatile uint8_t *)(uintptr_t)address = value;
}

static bool uart_answers(const struct uart *uart)
{
    if (register_read(uart, UART_STATUS) == STATUS_GONE)
        return false;
    register_write(uart, UART_SCRATCH, 0x5a);
    if (register_read(uart, UART_SCRATCH) != 0x5a)
        return false;
    register_write(uart, UART_SCRATCH, 0xa5);
    return register_read(uart, UART_SCRATCH) == 0xa5;
}

static void uart_set_baud(const struct uart *uart, uint32_t baud)
{
    uint32_t divisor = CLOCK_BAUD / baud;

    register_write(uart, UART_LINE, LINE_DIVISOR | LINE_8N1);
    register_write(uart, UART_DATA, (uint8_t)(divisor ? divisor : 1));
    register_write(uart, UART_INTERRUPTS, (uint8_t)(divisor >> 8));
    register_write(uart, UART_LINE, LINE_8N1);
}

void uart_open(struct uart *ret, const struct serial_claim *claim)
{
    *ret = (struct uart){.at = *claim};
    if (claim->kind != SERIAL_PORT && claim->kind != SERIAL_MMIO)
        return;
    if (!ret->at.stride)
        ret->at.stride = 1;
    ret->answers = uart_answers(ret);
    if (!ret->answers)
        return;
    register_write(ret, UART_INTERRUPTS, 0);
    register_write(ret, UART_FIFO, 0x07);
    register_write(ret, UART_MODEM, 0x03);
    if (claim->baud)
        uart_set_baud(ret, claim->baud);
}

static void uart_put(struct uart *uart, uint8_t byte)
{
    for (uint32_t reads = 0; uart->answers; reads++) {
        if (register_read(uart, UART_STATUS) & STATUS_EMPTY) {
            register_write(uart, UART_DATA, byte);
            return;
        }
        /* A UART that stops taking characters must not stop the run. */
        if (reads == STATUS_READS)
            uart->answers = false;
    }
}

void uart_drain(const struct uart *uart)
{
    for (uint32_t reads = 0; uart->answers && reads < STATUS_READS; reads++) {
        if (register_read(uart, UART_STATUS) & STATUS_DRAINED)
            return;
    }
}

void uart_write(struct uart *uart, const char *text)
{
    for (; *text; text++) {
        if (*text == '\n')
            uart_put(uart, '\r');
        uart_put(uart, (uint8_t)*text);
    }
}

int uart_read(struct uart *uart)
{
    uint8_t status = uart->answers ? register_read(uart, UART_STATUS) : 0;

    if (status == STATUS_GONE || !(status & STATUS_RECEIVED))
        return -1;
    /* Damaged or not, a byte is taken from the receiver. */
    uint8_t byte = register_read(uart, UART_DATA);
    return status & STATUS_DAMAGED ? -1 : byte;
}
