/* A probe whose fault came as it was wanted, for a test to spoil. */
#ifndef SOUND_PROBE_H
#define SOUND_PROBE_H

#include <muster/observation.h>

enum { FRAME = 6 * 8 };

/* CPU 2 pushed onto its guard page, and the double fault came as the manual says. */
static inline struct observation sound_probe(void)
{
    const struct fault fault = {
        .vector = VECTOR_DF,
        .rip = 0x7f001234,
        .cs = SELECTOR_KERNEL_CODE,
        .rflags = 0x2,
        .rsp = stack_base(2, STACK_MAIN),
        .ss = SELECTOR_KERNEL_DATA,
        .cr2 = stack_base(2, STACK_MAIN) - 8,
        .frame = stack_top(2, STACK_DF) - FRAME,
        .cpu = 2,
    };
    return (struct observation){
        .made = true,
        .probe = {.came = 1,
                  .wanted = 1,
                  .fields = FAULT_ALL,
                  .want = fault,
                  .seen = fault,
                  .dirty = 1u << STACK_DF,
                  .dirty_wanted = 1u << STACK_DF,
                  .dirty_depth = 700},
    };
}

#endif
