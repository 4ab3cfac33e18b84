#include "unit.h"

#include <muster/crc32.h>

static void the_check_value_of_the_standard(void **state)
{
    (void)state;
    assert_int_equal(crc32_add(0, "123456789", 9), 0xcbf43926);
    assert_int_equal(crc32_add(0, "", 0), 0);
}

static void parts_give_what_the_whole_gives(void **state)
{
    (void)state;
    assert_int_equal(crc32_add(crc32_add(0, "1234", 4), "56789", 5), 0xcbf43926);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_check_value_of_the_standard),
        cmocka_unit_test(parts_give_what_the_whole_gives),
    };
    return RUN(tests);
}
