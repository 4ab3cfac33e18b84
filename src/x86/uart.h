/* A 16550 by port or by memory; a character is waited for a bounded time, then the UART is given
 * up. */
#ifndef X86_UART_H
#define X86_UART_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/handoff.h>

struct uart {
    struct serial_claim at;
    bool answers;
};

/* Tries the scratch and line-status registers; an absent UART reads 0xFF. Sets 8N1 and the baud
 * rate where one was asked for. BSP. */
void uart_open(struct uart *ret, const struct serial_claim *claim);
void uart_write(struct uart *uart, const char *text);
/* Waits, for a bounded time, until the last character has left: before the machine is reset. */
void uart_drain(const struct uart *uart);
/* A received character, or -1: none has come, or the UART is gone. */
int uart_read(struct uart *uart);

#endif
