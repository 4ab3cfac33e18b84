#include "page_tables.h"

static void small_pages_are_where_they_were_put(void **state)
{
    (void)state;
    FOR_LEVELS(levels)
    {
        for (size_t i = 0; i < PLACES; i++) {
            struct paging paging = paging_new(levels, 8);
            const uint64_t at = places[i] + 5 * PAGE;
            assert_true(paging_map(&paging, at, 0x12345000, 3 * PAGE, PAGE_WRITE | PAGE_NX));
            assert_int_equal(paging.pool_used, levels * PAGE);
            for (uint64_t n = 0; n < 3 * PAGE; n += PAGE / 2) {
                assert_maps(&paging, at + n, 0x12345000 + n, PAGE, PAGE_WRITE | PAGE_NX);
            }
            assert_unmapped(&paging, at - 1);
            assert_unmapped(&paging, at + 3 * PAGE);
            assert_unmapped(&paging, at ^ UINT64_C(1) << 40);
            paging_end(&paging);
        }
    }
}

static void large_pages_are_used_where_both_sides_allow(void **state)
{
    (void)state;
    FOR_LEVELS(levels)
    {
        struct paging paging = paging_new(levels, 8);
        const uint64_t at = 0xffffa00000000000, to = UINT64_C(0xf00000000000);
        assert_true(paging_map(&paging, at, to, 3 * (uint64_t)LARGE, 0));
        assert_int_equal(paging.pool_used, (levels - 1) * PAGE);
        for (uint64_t n = 0; n < 3 * (uint64_t)LARGE; n += LARGE / 4 + 1) {
            assert_maps(&paging, at + n, to + n, LARGE, 0);
        }
        assert_unmapped(&paging, at + 3 * (uint64_t)LARGE);
        paging_end(&paging);
    }
}

/* A page short of a boundary to a page beyond another: small, large, small. */
static void edges_are_small_pages(void **state)
{
    (void)state;
    FOR_LEVELS(levels)
    {
        struct paging paging = paging_new(levels, 16);
        const uint64_t at = places[3] + LARGE - PAGE, to = 0x80000000 - PAGE;
        const uint64_t size = 2 * (uint64_t)LARGE + 2 * PAGE;
        assert_true(paging_map(&paging, at, to, size, PAGE_WRITE));
        assert_maps(&paging, at, to, PAGE, PAGE_WRITE);
        assert_maps(&paging, at + PAGE, to + PAGE, LARGE, PAGE_WRITE);
        assert_maps(&paging, at + LARGE + PAGE, to + LARGE + PAGE, LARGE, PAGE_WRITE);
        assert_maps(&paging, at + size - PAGE, to + size - PAGE, PAGE, PAGE_WRITE);
        assert_unmapped(&paging, at - PAGE);
        assert_unmapped(&paging, at + size);
        paging_end(&paging);
    }
}

static void sides_that_disagree_are_mapped_small(void **state)
{
    (void)state;
    struct paging paging = paging_new(4, 8);
    assert_true(paging_map(&paging, LARGE, LARGE + PAGE, LARGE, 0));
    assert_maps(&paging, LARGE, LARGE + PAGE, PAGE, 0);
    assert_maps(&paging, 2 * LARGE - PAGE, 2 * LARGE, PAGE, 0);
    assert_unmapped(&paging, 2 * LARGE);
    paging_end(&paging);
}

static void every_flag_reaches_the_leaf(void **state)
{
    (void)state;
    static const uint64_t types[] = {PAGE_TYPE_WB, PAGE_TYPE_WC, PAGE_TYPE_UC};
    for (unsigned n = 0; n < 3 * 8; n++) {
        struct paging paging = paging_new(4 + n % 2, 16);
        const uint64_t flags = types[n / 8] | (n & 1 ? PAGE_WRITE : 0) | (n & 2 ? PAGE_USER : 0) |
                               (n & 4 ? PAGE_NX : 0);
        assert_true(paging_map(&paging, LARGE - PAGE, LARGE - PAGE, LARGE + PAGE, flags));
        assert_maps(&paging, LARGE - PAGE, LARGE - PAGE, PAGE, flags);
        assert_maps(&paging, LARGE + 9, LARGE + 9, LARGE, flags);
        paging_end(&paging);
    }
}

/* One page of a large one is mapped otherwise; the other 511 stay what they were. */
static void a_large_page_is_split_for_a_part_of_it(void **state)
{
    (void)state;
    FOR_LEVELS(levels)
    {
        struct paging paging = paging_new(levels, 8);
        const uint64_t at = places[2], old = PAGE_WRITE | PAGE_NX | PAGE_TYPE_WC;
        assert_true(paging_map(&paging, at, 0x40000000, LARGE, old));
        assert_true(paging_map(&paging, at + 7 * PAGE, 0x777000, PAGE, 0));
        assert_int_equal(paging.pool_used, levels * PAGE);
        for (uint64_t n = 0; n < LARGE; n += PAGE) {
            if (n == 7 * PAGE) {
                assert_maps(&paging, at + n, 0x777000, PAGE, 0);
            } else {
                assert_maps(&paging, at + n, 0x40000000 + n, PAGE, old);
            }
        }
        paging_end(&paging);
    }
}

static void a_large_page_replaces_a_large_one(void **state)
{
    (void)state;
    struct paging paging = paging_new(4, 8);
    assert_true(paging_map(&paging, LARGE, 0x40000000, LARGE, PAGE_WRITE));
    const uint64_t used = paging.pool_used;
    assert_true(paging_map(&paging, LARGE, 0x80000000, LARGE, PAGE_NX));
    assert_int_equal(paging.pool_used, used);
    assert_maps(&paging, LARGE, 0x80000000, LARGE, PAGE_NX);
    paging_end(&paging);
}

/* A table of small pages may hold what was mapped otherwise on purpose: it is kept and filled. */
static void small_pages_are_not_replaced_by_a_large_one(void **state)
{
    (void)state;
    struct paging paging = paging_new(4, 8);
    assert_true(paging_map(&paging, LARGE + PAGE, 0x1000, PAGE, 0));
    assert_true(paging_map(&paging, LARGE, 0x40000000, LARGE, PAGE_WRITE));
    assert_maps(&paging, LARGE, 0x40000000, PAGE, PAGE_WRITE);
    assert_maps(&paging, LARGE + PAGE, 0x40000000 + PAGE, PAGE, PAGE_WRITE);
    assert_maps(&paging, 2 * LARGE - 1, 0x40000000 + LARGE - 1, PAGE, PAGE_WRITE);
    assert_unmapped(&paging, 2 * LARGE);
    paging_end(&paging);
}

/* Without NX the bit is reserved: one entry that has it makes every access to its page fault. */
static void without_nx_the_bit_is_nowhere(void **state)
{
    (void)state;
    FOR_LEVELS(levels)
    {
        struct paging paging = paging_new(levels, 12);
        paging.nx = false;
        assert_true(paging_map(&paging, LARGE - PAGE, 0, LARGE, PAGE_WRITE | PAGE_NX));
        assert_true(paging_map(&paging, 4 * LARGE, 4 * LARGE, LARGE, PAGE_NX));
        assert_true(paging_map(&paging, 4 * LARGE, 0, PAGE, PAGE_NX));
        const uint64_t *const words = (const uint64_t *)(uintptr_t)paging.pool;
        for (uint64_t n = 0; n < paging.pool_used / sizeof(*words); n++) {
            assert_int_equal(words[n] >> 63, 0);
        }
        assert_maps(&paging, LARGE - PAGE, 0, PAGE, PAGE_WRITE | PAGE_NX);
        assert_maps(&paging, 5 * LARGE - 1, 5 * LARGE - 1, PAGE, PAGE_NX);
        paging_end(&paging);
    }
}

/* Needs every way of taking a table: all levels, a second branch, a split. */
static bool map_all(struct paging *paging)
{
    return paging_map(paging, 0xffffa00000000000, 0x40000000, LARGE, PAGE_WRITE) &&
           paging_map(paging, 0x200000, 0x200000, PAGE, 0) &&
           paging_map(paging, 0xffffa00000003000, 0x5000, PAGE, 0) &&
           paging_map(paging, 0xfffffffffffff000, 0x6000, PAGE, 0);
}

/* The pool is heap of its exact size: a table beyond it is seen by the sanitizer. */
static void a_pool_may_end_at_any_table(void **state)
{
    (void)state;
    FOR_LEVELS(levels)
    {
        struct paging all = paging_new(levels, 64);
        assert_true(map_all(&all));
        const uint64_t needed = all.pool_used / PAGE;
        paging_end(&all);
        for (uint64_t pages = 0; pages < needed; pages++) {
            struct paging paging = paging_new(levels, pages);
            assert_false(map_all(&paging));
            assert_int_equal(paging.pool_used, pages * PAGE);
            if (paging_find(&paging, 0xffffa00000000000, NULL)) {
                /* Whole, whether it could be split or not. */
                assert_int_equal(look(&paging, 0xffffa00000004567).physical, 0x40004567);
            }
            paging_end(&paging);
        }
        struct paging enough = paging_new(levels, needed);
        assert_true(map_all(&enough));
        paging_end(&enough);
    }
}

/* A pool that ends within a page has no room for a table there. */
static void part_of_a_page_is_no_table(void **state)
{
    (void)state;
    struct paging paging = paging_new(4, 4);
    paging.pool_size -= 1;
    assert_false(paging_map(&paging, 0, 0, PAGE, 0));
    paging_end(&paging);
}

/* The entry found is the one the CPU reads: what is written there takes effect. */
static void the_entry_found_is_the_live_one(void **state)
{
    (void)state;
    FOR_LEVELS(levels)
    {
        struct paging paging = paging_new(levels, 8);
        assert_true(paging_map(&paging, places[4], 0x1000, PAGE, PAGE_WRITE));
        *paging_find(&paging, places[4] + 0xfff, NULL) = 0;
        assert_unmapped(&paging, places[4]);
        paging_end(&paging);
    }
}

static void the_last_page_of_all_can_be_mapped(void **state)
{
    (void)state;
    FOR_LEVELS(levels)
    {
        struct paging paging = paging_new(levels, 8);
        assert_true(paging_map(&paging, 0xffffffffffe00000, 0, LARGE, PAGE_NX));
        assert_maps(&paging, UINT64_MAX, LARGE - 1, LARGE, PAGE_NX);
        assert_unmapped(&paging, 0);
        paging_end(&paging);
    }
}

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

enum { MODEL_PAGES = 4 * 512 };

/* What each page of 8 MiB should be: physical | flags, 0 for nothing. */
struct model {
    uint64_t at;
    uint64_t pages[MODEL_PAGES];
};

static void map_somewhere(struct paging *paging, struct model *model, uint64_t *seed)
{
    static const uint64_t units[] = {1, 1, 16, 512, 512};
    static const uint64_t rights[] = {0, PAGE_WRITE | PAGE_NX, PAGE_NX, PAGE_WRITE | PAGE_USER};
    const uint64_t unit = units[next_random(seed) % 5];
    const uint64_t first = next_random(seed) % (MODEL_PAGES / unit) * unit;
    const uint64_t room = MODEL_PAGES - first;
    const uint64_t count = (next_random(seed) % 3 + 1) * unit;
    const uint64_t pages = count < room ? count : room;
    const uint64_t to = next_random(seed) % 0x100000 * (next_random(seed) % 2 ? LARGE : PAGE);
    const uint64_t flags = rights[next_random(seed) % 4];
    assert_true(paging_map(paging, model->at + first * PAGE, to, pages * PAGE, flags));
    for (uint64_t n = 0; n < pages; n++) {
        model->pages[first + n] = (to + n * PAGE) | flags | PAGE_PRESENT;
    }
}

static void assert_is_model(const struct paging *paging, const struct model *model)
{
    for (uint64_t n = 0; n < MODEL_PAGES; n++) {
        const struct translation found = look(paging, model->at + n * PAGE);
        const uint64_t wanted = model->pages[n];
        assert_int_equal(found.outcome, wanted ? MAPPED : NOT_PRESENT);
        if (wanted) {
            assert_int_equal(found.physical, wanted & PAGE_ADDRESS);
            assert_int_equal(found.writable, (wanted & PAGE_WRITE) != 0);
            assert_int_equal(found.user, (wanted & PAGE_USER) != 0);
            assert_int_equal(found.executable, !(wanted & PAGE_NX));
        }
    }
}

/* Mappings over mappings, of all sizes: the last one holds, page by page. */
static void the_last_mapping_of_a_page_holds(void **state)
{
    (void)state;
    uint64_t seed = 20240607;
    for (unsigned round = 0; round < 40; round++) {
        static struct model model;
        struct paging paging = paging_new(4 + round % 2, 16);
        model = (struct model){.at = places[round % PLACES]};
        for (unsigned n = 0; n < 12; n++) {
            map_somewhere(&paging, &model, &seed);
            assert_is_model(&paging, &model);
        }
        paging_end(&paging);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_pages_are_where_they_were_put),
        cmocka_unit_test(large_pages_are_used_where_both_sides_allow),
        cmocka_unit_test(edges_are_small_pages),
        cmocka_unit_test(sides_that_disagree_are_mapped_small),
        cmocka_unit_test(every_flag_reaches_the_leaf),
        cmocka_unit_test(a_large_page_is_split_for_a_part_of_it),
        cmocka_unit_test(a_large_page_replaces_a_large_one),
        cmocka_unit_test(small_pages_are_not_replaced_by_a_large_one),
        cmocka_unit_test(without_nx_the_bit_is_nowhere),
        cmocka_unit_test(a_pool_may_end_at_any_table),
        cmocka_unit_test(part_of_a_page_is_no_table),
        cmocka_unit_test(the_entry_found_is_the_live_one),
        cmocka_unit_test(the_last_page_of_all_can_be_mapped),
        cmocka_unit_test(the_last_mapping_of_a_page_holds),
    };
    return RUN(tests);
}
