#include "footprint.h"

static uint64_t *base_of(const struct cpu *cpu, enum stack_id id)
{
    return (uint64_t *)(uintptr_t)stack_base(cpu->index, id);
}

/* Bytes from the lowest changed word to the end of the `size` bytes looked at. */
static uint32_t used(const uint64_t *words, uint64_t size)
{
    uint64_t n = 0;

    while (n < size / sizeof *words && words[n] == STACK_PAINT)
        n++;
    return (uint32_t)(size - n * sizeof *words);
}

uint32_t footprint_read(const struct cpu *cpu, uint32_t ret_depth[STACK_ID_COUNT])
{
    uint32_t written = 0;

    for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++) {
        uint64_t size = id == STACK_MAIN ? FOOTPRINT_MAIN_BYTES : stack_size(id);
        ret_depth[id] = used(base_of(cpu, id), size);
        if (ret_depth[id])
            written |= 1u << id;
    }
    return written;
}

void footprint_clear(const struct cpu *cpu, const uint32_t depth[STACK_ID_COUNT])
{
    for (enum stack_id id = STACK_DF; id < STACK_ID_COUNT; id++) {
        uint64_t *top = (uint64_t *)(uintptr_t)stack_top(cpu->index, id);
        for (uint64_t *word = top - depth[id] / sizeof *top; word < top; word++)
            *word = STACK_PAINT;
    }
}

void footprint_keep(struct cpu *cpu, const uint32_t depth[STACK_ID_COUNT])
{
    for (enum stack_id id = STACK_DF; id < STACK_ID_COUNT; id++) {
        if (depth[id] > cpu->high_water[id])
            cpu->high_water[id] = depth[id];
    }
}

uint32_t footprint_main(const struct cpu *cpu)
{
    return used(base_of(cpu, STACK_MAIN), stack_size(STACK_MAIN));
}
