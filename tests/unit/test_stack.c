#include "unit.h"

#include <muster/cpuset.h>
#include <muster/stack.h>

static const uint32_t some_cpus[] = {0, 1, 2, 63, 255, 256, CPU_MAX - 2, CPU_MAX - 1};
enum { SOME_CPUS = sizeof(some_cpus) / sizeof(some_cpus[0]) };

static void assert_in(uint64_t address, uint32_t cpu, enum stack_id id)
{
    uint32_t found_cpu = CPU_NONE;
    enum stack_id found = STACK_ID_COUNT;
    assert_true(stack_locate(address, &found_cpu, &found));
    assert_int_equal(found_cpu, cpu);
    assert_int_equal(found, id);
}

static void assert_in_none(uint64_t address)
{
    uint32_t cpu = 77;
    enum stack_id id = STACK_MC;
    assert_false(stack_locate(address, &cpu, &id));
    assert_int_equal(cpu, 77);
    assert_int_equal(id, STACK_MC);
}

static void sizes_are_those_of_the_picture(void **state)
{
    (void)state;
    uint64_t pages = 0;
    for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++) {
        assert_int_equal(stack_size(id), (id == STACK_MAIN ? 8 : 2) * 4096);
        pages += stack_size(id) / STACK_PAGE;
    }
    assert_int_equal(pages, STACK_PAGES_EACH_CPU);
    assert_int_equal(stack_base(0, STACK_MAIN), STACK_WINDOWS + 1 * 4096);
    assert_int_equal(stack_base(0, STACK_DF), STACK_WINDOWS + 10 * 4096);
    assert_int_equal(stack_base(0, STACK_RSP0), STACK_WINDOWS + 25 * 4096);
    assert_int_equal(stack_base(1, STACK_MAIN), STACK_WINDOWS + 33 * 4096);
}

/* All stacks of all CPUs, from the lowest to the highest. */
static void stacks_rise_with_a_guard_between(void **state)
{
    (void)state;
    uint64_t end = STACK_WINDOWS;
    for (uint32_t cpu = 0; cpu < CPU_MAX; cpu++) {
        for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++) {
            const uint64_t base = stack_base(cpu, id), top = stack_top(cpu, id);
            assert_true(base >= end + STACK_PAGE);
            assert_int_equal(base % STACK_PAGE, 0);
            assert_int_equal(top - base, stack_size(id));
            end = top;
        }
        assert_true(end + STACK_PAGE <= STACK_WINDOWS + (cpu + 1) * (uint64_t)STACK_WINDOW_BYTES);
    }
    /* Canonical with 4 levels, in the upper half, and no wrap. */
    assert_int_equal(end >> 47, 0x1ffff);
}

static void every_edge_is_located(void **state)
{
    (void)state;
    for (size_t i = 0; i < SOME_CPUS; i++) {
        for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++) {
            const uint32_t cpu = some_cpus[i];
            const uint64_t base = stack_base(cpu, id), top = stack_top(cpu, id);
            assert_in(base, cpu, id);
            assert_in(base + 1, cpu, id);
            assert_in(top - 8, cpu, id);
            assert_in(top - 1, cpu, id);
            assert_in(top, cpu, id); /* an empty stack */
            assert_in_none(base - 1);
            assert_in_none(base - 8);
            assert_in_none(top + 1);
            assert_in_none(top + STACK_PAGE - 1);
        }
    }
}

static void the_rest_of_a_window_is_no_stack(void **state)
{
    (void)state;
    for (size_t i = 0; i < SOME_CPUS; i++) {
        const uint64_t window = STACK_WINDOWS + (uint64_t)some_cpus[i] * STACK_WINDOW_BYTES;
        assert_in_none(window);
        assert_in_none(window + STACK_PAGE - 1);
        for (uint64_t page = 28; page < STACK_WINDOW_PAGES; page++) {
            assert_in_none(window + page * STACK_PAGE);
        }
    }
}

static void addresses_outside_all_windows_are_in_none(void **state)
{
    (void)state;
    assert_in_none(0);
    assert_in_none(0x7fe04000);
    assert_in_none(STACK_WINDOWS - 1);
    assert_in_none(STACK_WINDOWS - STACK_WINDOW_BYTES + STACK_PAGE);
    assert_in_none(UINT64_MAX);
    assert_in_none(0xfffffffffffff000);
}

/* Where the windows of further CPUs would be, something else may lie. */
static void cpus_beyond_the_last_have_no_stack(void **state)
{
    (void)state;
    const uint32_t beyond[] = {CPU_MAX, CPU_MAX + 1, 1u << 20, 0x2ffffffe};
    for (size_t i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++) {
        assert_in_none(stack_base(beyond[i], STACK_MAIN) + 64);
        assert_in_none(stack_top(beyond[i], STACK_RSP0) - 8);
    }
}

static void names_follow_the_ist(void **state)
{
    (void)state;
    static const char *const names[] = {"main", "IST1", "IST2", "IST3", "IST4", "IST5", "RSP0"};
    for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++) {
        assert_string_equal(stack_name(id), names[id]);
    }
    assert_string_equal(stack_name(STACK_ID_COUNT), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_those_of_the_picture),
        cmocka_unit_test(stacks_rise_with_a_guard_between),
        cmocka_unit_test(every_edge_is_located),
        cmocka_unit_test(the_rest_of_a_window_is_no_stack),
        cmocka_unit_test(addresses_outside_all_windows_are_in_none),
        cmocka_unit_test(cpus_beyond_the_last_have_no_stack),
        cmocka_unit_test(names_follow_the_ist),
    };
    return RUN(tests);
}
