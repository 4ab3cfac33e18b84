/* Where each CPU's stacks lie: every one in its own virtual window between unmapped guard pages. */
#ifndef MUSTER_STACK_H
#define MUSTER_STACK_H

#include <stdbool.h>
#include <stdint.h>

/* IST n uses stack n. */
enum stack_id {
    STACK_MAIN,
    STACK_DF,
    STACK_NMI,
    STACK_MC,
    STACK_DB,
    STACK_PROBE,
    STACK_RSP0,
    STACK_ID_COUNT
};

/*
 * One CPU's window, in pages; "-" is a guard page, never mapped:
 *
 *   - main(8) - df(2) - nmi(2) - mc(2) - db(2) - probe(2) - rsp0(2) - …(unmapped up to 32)
 *
 * The windows follow each other from STACK_WINDOWS on, so an address alone tells CPU and stack.
 */
#define STACK_WINDOWS UINT64_C(0xffffa00000000000)
enum {
    STACK_PAGE = 4096,
    STACK_WINDOW_PAGES = 32,
    STACK_WINDOW_BYTES = STACK_WINDOW_PAGES * STACK_PAGE,
    STACK_MAIN_PAGES = 8,
    STACK_IST_PAGES = 2,
    STACK_PAGES_EACH_CPU = STACK_MAIN_PAGES + (STACK_ID_COUNT - 1) * STACK_IST_PAGES,
};

/* What an untouched stack holds. */
#define STACK_PAINT UINT64_C(0x6d75737465722e2e)

uint64_t stack_size(enum stack_id id); /* bytes */
/* Lowest and one-past-highest address; the page below the base and the one at the top are guards.
 */
uint64_t stack_base(uint32_t cpu, enum stack_id id);
uint64_t stack_top(uint32_t cpu, enum stack_id id);
const char *stack_name(enum stack_id id);

/* The stack that holds `address` (an address equal to the top belongs to it, too: an empty stack).
 * False when it lies in none; outputs are written only on success. */
bool stack_locate(uint64_t address, uint32_t *ret_cpu, enum stack_id *ret_id);

#endif
