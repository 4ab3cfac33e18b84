#include "scratch.h"

enum { PAGE = 4096 };

uint64_t scratch_size(void)
{
    return SCRATCH_PAGES * PAGE;
}

/* The lowest tables, and one for each level above, twice where the window crosses one. */
uint64_t scratch_tables(uint32_t cpus)
{
    return cpus / 512 + 1 + 2 * 4;
}

uint64_t scratch_address(uint32_t page)
{
    return SCRATCH_WINDOW + (uint64_t)page * PAGE;
}

uint64_t scratch_word(uint32_t which)
{
    return which == SCRATCH_A ? UINT64_C(0xaaaa5c7a7c4a0001) : UINT64_C(0xbbbb5c7a7c4b0002);
}

static void fill(uint64_t *memory, uint64_t word)
{
    for (uint32_t n = 0; n < PAGE / sizeof *memory; n++)
        memory[n] = word;
}

bool scratch_prepare(struct fleet *fleet)
{
    uint8_t *memory = arena_take(&fleet->handoff->arena, scratch_size(), PAGE);

    if (!memory)
        return false;
    fleet->scratch = (uintptr_t)memory;
    for (uint32_t which = 0; which < SCRATCH_PAGES; which++)
        fill((uint64_t *)(memory + which * PAGE), scratch_word(which));
    for (uint32_t page = 0; page <= fleet->count; page++) {
        if (!paging_map(&fleet->paging, scratch_address(page), fleet->scratch, PAGE, PAGE_NX))
            return false;
    }
    return true;
}

void scratch_point(struct fleet *fleet, uint32_t page, uint32_t which, uint64_t flags)
{
    uint64_t *entry = paging_find(&fleet->paging, scratch_address(page), NULL);
    uint64_t base = PAGE_PRESENT | (fleet->paging.nx ? PAGE_NX : 0);

    __atomic_store_n(entry, (fleet->scratch + which * PAGE) | base | flags, __ATOMIC_SEQ_CST);
}

uint64_t scratch_read(uint32_t page)
{
    return *(const volatile uint64_t *)(uintptr_t)scratch_address(page);
}
