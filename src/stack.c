#include <muster/cpuset.h>
#include <muster/stack.h>

uint64_t stack_size(enum stack_id id)
{
    return (uint64_t)(id == STACK_MAIN ? STACK_MAIN_PAGES : STACK_IST_PAGES) * STACK_PAGE;
}

uint64_t stack_base(uint32_t cpu, enum stack_id id)
{
    uint64_t page = 1;

    for (enum stack_id before = STACK_MAIN; before < id; before++)
        page += stack_size(before) / STACK_PAGE + 1;
    return STACK_WINDOWS + (uint64_t)cpu * STACK_WINDOW_BYTES + page * STACK_PAGE;
}

uint64_t stack_top(uint32_t cpu, enum stack_id id)
{
    return stack_base(cpu, id) + stack_size(id);
}

const char *stack_name(enum stack_id id)
{
    static const char names[STACK_ID_COUNT][6] = {"main", "IST1", "IST2", "IST3",
                                                  "IST4", "IST5", "RSP0"};

    return id < STACK_ID_COUNT ? names[id] : "?";
}

bool stack_locate(uint64_t address, uint32_t *ret_cpu, enum stack_id *ret_id)
{
    if (address < STACK_WINDOWS)
        return false;
    uint64_t cpu = (address - STACK_WINDOWS) / STACK_WINDOW_BYTES;
    if (cpu >= CPU_MAX)
        return false;
    for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++) {
        if (address < stack_base((uint32_t)cpu, id) || address > stack_top((uint32_t)cpu, id))
            continue;
        *ret_cpu = (uint32_t)cpu;
        *ret_id = id;
        return true;
    }
    return false;
}
