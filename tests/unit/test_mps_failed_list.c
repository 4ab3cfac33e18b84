#include "unit.h"

#include <muster/observe_mps.h>

enum { END = 0xffffffff };

static struct cpuset set;

/* The list lies at the end of an allocation: AddressSanitizer sees what is read beyond it. */
static enum mps_list read_list(const uint64_t *list, size_t count, uint32_t processors)
{
    uint64_t *copy = malloc(count * sizeof(*copy));
    memcpy(copy, list, count * sizeof(*copy));
    const enum mps_list found = mps_failed_list(copy, count * sizeof(*copy), processors, &set);
    free(copy);
    return found;
}

#define READ(processors, ...)                                                                      \
    read_list((const uint64_t[]){__VA_ARGS__},                                                     \
              sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t), (processors))

static void a_sound_list(void **state)
{
    (void)state;
    assert_int_equal(READ(4, 1, 3, END, 7), MPS_LIST_SOUND);
    assert_int_equal(set.bits[0], 0xa);
    assert_int_equal(READ(4, END), MPS_LIST_SOUND);
    assert_true(cpuset_empty(&set));
    assert_int_equal(READ(2, 0, 1, END), MPS_LIST_SOUND);
}

static void a_list_without_an_end(void **state)
{
    (void)state;
    assert_int_equal(READ(4, 1, 1, 1, 1, 1, END), MPS_LIST_ENDLESS);
    assert_int_equal(READ(4, 1, 2), MPS_LIST_ENDLESS);
}

static void a_processor_twice(void **state)
{
    (void)state;
    assert_int_equal(READ(4, 1, 3, 1, END), MPS_LIST_TWICE);
    assert_int_equal(set.bits[0], 0xa);
    assert_int_equal(READ(4, 2, 2, 2, 2, END), MPS_LIST_TWICE);
}

static void a_number_that_is_nobodys(void **state)
{
    (void)state;
    assert_int_equal(READ(4, 1, 4, END), MPS_LIST_ALIEN);
    assert_int_equal(READ(4, UINT64_MAX), MPS_LIST_ALIEN);
    assert_int_equal(READ(4, UINT64_C(0x1ffffffff)), MPS_LIST_ALIEN);
    assert_int_equal(READ(4, UINT64_C(0x100000001)), MPS_LIST_ALIEN);
    assert_int_equal(READ(0, 0), MPS_LIST_ALIEN);
}

static void no_memory(void **state)
{
    const uint64_t list = 1;
    (void)state;
    for (uint64_t readable = 0; readable < sizeof(list); readable++) {
        assert_int_equal(mps_failed_list(&list, readable, 4, &set), MPS_LIST_NOWHERE);
    }
    assert_true(cpuset_empty(&set));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_list),      cmocka_unit_test(a_list_without_an_end),
        cmocka_unit_test(a_processor_twice), cmocka_unit_test(a_number_that_is_nobodys),
        cmocka_unit_test(no_memory),
    };
    return RUN(tests);
}
