#include "ist_guard.h"

static void entry_move(struct cpu *cpu, enum stack_id id, uint64_t from, uint64_t to)
{
    uint64_t top = stack_top(cpu->index, id);
    uint64_t entry = cpu->tss->tss.ist[id - 1];

    /* A check that has put something else there knows why. */
    if (entry == top - from)
        cpu->tss->tss.ist[id - 1] = top - to;
}

uint32_t ist_enter(struct cpu *cpu, uint64_t frame)
{
    enum stack_id id;
    uint32_t owner;

    if (!stack_locate(frame, &owner, &id) || owner != cpu->index || id < STACK_DF ||
        id > STACK_PROBE)
        return 0;
    if (cpu->stacks_in_use >> id & 1) {
        cpu->stacks_reentered |= 1u << id;
        return 0;
    }
    cpu->stacks_in_use |= 1u << id;
    entry_move(cpu, id, 0, IST_GUARD_STEP);
    return 1u << id;
}

void ist_leave(struct cpu *cpu, uint32_t stacks)
{
    cpu->stacks_in_use &= ~stacks;
    for (enum stack_id id = STACK_DF; id <= STACK_PROBE && stacks; id++) {
        if (stacks >> id & 1)
            entry_move(cpu, id, IST_GUARD_STEP, 0);
    }
}
