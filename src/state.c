#include <muster/state.h>

#define ROW(constant, text, values, first, when, whose)                                            \
    {.name = (text),                                                                               \
     .slot = STATE_##constant,                                                                     \
     .count = (values),                                                                            \
     .msr = (first),                                                                               \
     .offer = (when),                                                                              \
     .maker = (whose)},

static const struct state_row rows[] = {STATE_ROWS(ROW)};

#undef ROW

enum { ROWS = sizeof rows / sizeof rows[0] };

uint32_t state_row_count(void)
{
    return ROWS;
}

const struct state_row *state_row(uint32_t n)
{
    return &rows[n];
}

const struct state_row *state_row_of(uint32_t slot)
{
    uint32_t n = 0;

    while (n + 1 < ROWS && rows[n + 1].slot <= slot)
        n++;
    return &rows[n];
}
