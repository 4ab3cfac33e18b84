/* Page tables in memory of their exact size, and what must be true of one address. */
#ifndef PAGE_TABLES_H
#define PAGE_TABLES_H

#include "page_walk.h"

#include <muster/paging.h>

enum { PAGE = 4096, LARGE = 2 << 20 };

/* High, in the middle, and at the very top; canonical with 4 levels. */
static const uint64_t places[] = {0x0000000000000000, 0x00007f0000000000, 0xffff800000000000,
                                  0xffffa00000000000, 0xffffffffc0000000};
enum { PLACES = sizeof(places) / sizeof(places[0]) };

static inline struct paging paging_new(uint32_t levels, uint64_t pages)
{
    void *pool = aligned_alloc(PAGE, (pages ? pages : 1) * PAGE);
    assert_non_null(pool);
    memset(pool, 0, (pages ? pages : 1) * PAGE);
    return (struct paging){
        .levels = levels, .nx = true, .pool = (uintptr_t)pool, .pool_size = pages * PAGE};
}

static inline void paging_end(const struct paging *paging)
{
    free((void *)(uintptr_t)paging->pool);
}

static inline struct translation look(const struct paging *paging, uint64_t linear)
{
    const struct control cpu = {paging->root, paging->levels == 5, paging->nx};
    return walk(&cpu, linear);
}

static inline void assert_maps(const struct paging *paging, uint64_t linear, uint64_t physical,
                               uint64_t page_size, uint64_t flags)
{
    const struct translation found = look(paging, linear);
    uint64_t size = 0;
    assert_int_equal(found.outcome, MAPPED);
    assert_int_equal(found.physical, physical);
    assert_int_equal(found.page_size, page_size);
    assert_int_equal(found.writable, (flags & PAGE_WRITE) != 0);
    assert_int_equal(found.user, (flags & PAGE_USER) != 0);
    assert_int_equal(found.executable, !(flags & PAGE_NX) || !paging->nx);
    assert_int_equal(found.memory_type, (flags & (PAGE_PCD | PAGE_PWT)) >> 3);
    const uint64_t *const entry = paging_find(paging, linear, &size);
    assert_non_null(entry);
    assert_int_equal(size, page_size);
    assert_int_equal((*entry & PAGE_ADDRESS) + linear % page_size, physical);
}

static inline void assert_unmapped(const struct paging *paging, uint64_t linear)
{
    uint64_t size = 77;
    assert_int_not_equal(look(paging, linear).outcome, MAPPED);
    assert_null(paging_find(paging, linear, &size));
    assert_null(paging_find(paging, linear, NULL));
    assert_int_equal(size, 77);
}

#define FOR_LEVELS(levels) for (uint32_t levels = 4; levels <= 5; levels++)

#endif
