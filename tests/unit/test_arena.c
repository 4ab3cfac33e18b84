#include "unit.h"

#include <muster/handoff.h>

enum { PAGE = 4096, PAGES = 4 };

/* Exactly as much heap as the arena has, full of old bytes: a step beyond is seen. */
static struct arena arena_new(void)
{
    void *memory = aligned_alloc(PAGE, PAGES * PAGE);
    assert_non_null(memory);
    memset(memory, 0xa5, PAGES * PAGE);
    return (struct arena){.base = (uintptr_t)memory, .size = PAGES * PAGE};
}

static void arena_end(struct arena *arena)
{
    free((void *)(uintptr_t)arena->base);
}

static void assert_zero(const void *memory, size_t size)
{
    const uint8_t *bytes = memory;
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(bytes[i], 0);
    }
}

static void what_is_taken_is_zero_and_follows(void **state)
{
    (void)state;
    struct arena arena = arena_new();
    const uint8_t *first = arena_take(&arena, 10, 1);
    const uint8_t *second = arena_take(&arena, 3, 1);
    assert_int_equal((uintptr_t)first, arena.base);
    assert_ptr_equal(second, first + 10);
    assert_zero(first, 13);
    assert_int_equal(first[13], 0xa5); /* not its own yet */
    assert_int_equal(arena.used, 13);
    arena_end(&arena);
}

static void any_alignment_is_kept(void **state)
{
    (void)state;
    for (uint64_t align = 1; align <= PAGE; align *= 2) {
        struct arena arena = arena_new();
        const uint8_t *before = arena_take(&arena, 1, 1);
        const uint8_t *aligned = arena_take(&arena, 32, align);
        assert_non_null(aligned);
        assert_int_equal((uintptr_t)aligned % align, 0);
        assert_int_equal((uintptr_t)aligned - (uintptr_t)before, align);
        assert_zero(aligned, 32);
        assert_int_equal(arena.used, align + 32);
        arena_end(&arena);
    }
}

/* The address counts, not the offset. */
static void a_base_of_any_alignment_will_do(void **state)
{
    (void)state;
    struct arena whole = arena_new();
    struct arena arena = {.base = whole.base + 24, .size = whole.size - 24};
    const void *page = arena_take(&arena, PAGE, PAGE);
    assert_int_equal((uintptr_t)page, whole.base + PAGE);
    assert_int_equal(arena.used, 2 * PAGE - 24);
    arena_end(&whole);
}

static void the_last_byte_can_be_taken(void **state)
{
    (void)state;
    struct arena arena = arena_new();
    assert_non_null(arena_take(&arena, PAGES * PAGE - 1, 1));
    assert_non_null(arena_take(&arena, 1, 1));
    assert_int_equal(arena.used, arena.size);
    assert_null(arena_take(&arena, 1, 1));
    assert_int_equal(arena.used, arena.size);
    arena_end(&arena);
}

static void what_does_not_fit_takes_nothing(void **state)
{
    (void)state;
    struct arena arena = arena_new();
    assert_non_null(arena_take(&arena, (PAGES - 1) * PAGE + 1, 1));
    const uint64_t used = arena.used;
    const uint64_t sizes[] = {PAGE, PAGES * PAGE, UINT64_C(1) << 40, UINT64_MAX - PAGE, UINT64_MAX};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        assert_null(arena_take(&arena, sizes[i], 1));
        assert_int_equal(arena.used, used);
    }
    /* The next page boundary is the end: one byte there is one too many. */
    assert_null(arena_take(&arena, 1, PAGE));
    assert_non_null(arena_take(&arena, PAGE - 1, 1));
    arena_end(&arena);
}

/* Aligning alone may lead past an end that is not aligned. */
static void an_end_off_the_alignment_is_kept(void **state)
{
    (void)state;
    struct arena whole = arena_new();
    struct arena arena = {.base = whole.base, .size = PAGE + 100};
    assert_non_null(arena_take(&arena, PAGE + 1, 1));
    assert_null(arena_take(&arena, 1, PAGE));
    assert_null(arena_take(&arena, 0, PAGE));
    assert_int_equal(arena.used, PAGE + 1);
    arena_end(&whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_is_zero_and_follows),
        cmocka_unit_test(any_alignment_is_kept),
        cmocka_unit_test(a_base_of_any_alignment_will_do),
        cmocka_unit_test(the_last_byte_can_be_taken),
        cmocka_unit_test(what_does_not_fit_takes_nothing),
        cmocka_unit_test(an_end_off_the_alignment_is_kept),
    };
    return RUN(tests);
}
