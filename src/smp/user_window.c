/* The user window: the only pages that ring 3 may touch (ring3.h draws it). */
#include "ring3.h"

enum {
    PAGE = 4096,
    CODE_PAGE = 1,
    FIRST_CPU_PAGE = 3, /* behind guard, code, guard */
    CPU_STACK = 0,
    CPU_GROUND = 2,
    CPU_MAPPED_PAGES = 2,
};

#define ROOM_FROM UINT64_C(0x40000000)
#define ROOM_END  UINT64_C(0x100000000) /* as far as 32-bit code reaches */
#define ROOM_STEP UINT64_C(0x200000)

uint64_t user_window_size(uint32_t cpus)
{
    return (uint64_t)cpus * CPU_MAPPED_PAGES * PAGE;
}

static uint64_t cpu_page(const struct fleet *fleet, uint32_t index, uint32_t page)
{
    return fleet->user_window +
           (FIRST_CPU_PAGE + (uint64_t)index * USER_PAGES_EACH_CPU + page) * PAGE;
}

/* The lowest stretch of `size` bytes in which nothing is mapped, or 0. */
static uint64_t find_room(const struct paging *paging, uint64_t size)
{
    uint64_t first = ROOM_FROM;

    for (uint64_t at = first; at < first + size;) {
        if (first + size > ROOM_END)
            return 0;
        if (paging_find(paging, at, NULL)) {
            first = (at / ROOM_STEP + 1) * ROOM_STEP;
            at = first;
        } else {
            at += PAGE;
        }
    }
    return first;
}

static bool map_page(struct fleet *fleet, uint64_t virtual)
{
    void *memory = arena_take(&fleet->handoff->arena, PAGE, PAGE);

    return memory && paging_map(&fleet->paging, virtual, (uintptr_t)memory, PAGE,
                                PAGE_USER | PAGE_WRITE | PAGE_NX);
}

bool user_window_map(struct fleet *fleet)
{
    uint64_t pages = FIRST_CPU_PAGE + (uint64_t)fleet->count * USER_PAGES_EACH_CPU;

    fleet->user_window = find_room(&fleet->paging, pages * PAGE);
    if (!fleet->user_window)
        return false;
    if (!paging_map(&fleet->paging, fleet->user_window + CODE_PAGE * PAGE, (uintptr_t)user_code,
                    PAGE, PAGE_USER))
        return false;
    for (uint32_t index = 0; index < fleet->count; index++) {
        if (!map_page(fleet, cpu_page(fleet, index, CPU_STACK)) ||
            !map_page(fleet, cpu_page(fleet, index, CPU_GROUND)))
            return false;
    }
    return true;
}

uint64_t user_address(const struct cpu *cpu, const char *label)
{
    return cpu->fleet->user_window + CODE_PAGE * PAGE + (uint64_t)(label - user_code);
}

uint64_t user_stack_base(const struct cpu *cpu)
{
    return cpu_page(cpu->fleet, cpu->index, CPU_STACK);
}

uint64_t user_stack_top(const struct cpu *cpu)
{
    return user_stack_base(cpu) + PAGE;
}

uint64_t user_ground(const struct cpu *cpu)
{
    return cpu_page(cpu->fleet, cpu->index, CPU_GROUND);
}

uint64_t *user_ground_entry(const struct cpu *cpu)
{
    return paging_find(&cpu->fleet->paging, user_ground(cpu), NULL);
}
