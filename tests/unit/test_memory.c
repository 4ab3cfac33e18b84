#include "unit.h"

/* src/memory.c as the freestanding program has it, under names of its own. */
void *own_memcpy(void *restrict to, const void *restrict from, size_t size);
void *own_memmove(void *to, const void *from, size_t size);
void *own_memset(void *to, int value, size_t size);
int own_memcmp(const void *a, const void *b, size_t size);

enum { SIZE = 40 };

static void number(uint8_t *bytes)
{
    for (int i = 0; i < SIZE; i++) {
        bytes[i] = (uint8_t)(i + 1);
    }
}

/* Every offset and length, against the host's own functions. */
static void moves_as_the_host_does(void **state)
{
    (void)state;
    for (int to = 0; to < SIZE; to++) {
        for (int from = 0; from < SIZE; from++) {
            for (int size = 0; size <= SIZE - (to > from ? to : from); size++) {
                uint8_t ours[SIZE], theirs[SIZE];
                number(ours);
                number(theirs);
                assert_ptr_equal(own_memmove(ours + to, ours + from, (size_t)size), ours + to);
                memmove(theirs + to, theirs + from, (size_t)size);
                assert_memory_equal(ours, theirs, SIZE);
            }
        }
    }
}

static void copies_no_byte_more(void **state)
{
    (void)state;
    for (size_t size = 0; size < SIZE; size++) {
        uint8_t from[SIZE], to[SIZE] = {0};
        number(from);
        assert_ptr_equal(own_memcpy(to, from, size), to);
        assert_memory_equal(to, from, size);
        assert_int_equal(to[size], 0);
    }
}

static void sets_every_byte(void **state)
{
    (void)state;
    for (size_t size = 0; size < SIZE; size++) {
        uint8_t to[SIZE] = {0};
        assert_ptr_equal(own_memset(to, 0x1a5, size), to);
        for (size_t i = 0; i < SIZE; i++) {
            assert_int_equal(to[i], i < size ? 0xa5 : 0);
        }
    }
}

static void compares_as_unsigned_bytes(void **state)
{
    (void)state;
    assert_int_equal(own_memcmp("abc", "abd", 2), 0);
    assert_true(own_memcmp("abc", "abd", 3) < 0);
    assert_true(own_memcmp("\xff", "\x01", 1) > 0);
    assert_int_equal(own_memcmp("a", "b", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_as_the_host_does),
        cmocka_unit_test(copies_no_byte_more),
        cmocka_unit_test(sets_every_byte),
        cmocka_unit_test(compares_as_unsigned_bytes),
    };
    return RUN(tests);
}
