#include "unit.h"

#include <muster/spelling.h>

static void measures_the_distance(void **state)
{
    (void)state;
    assert_int_equal(spelling_distance("", ""), 0);
    assert_int_equal(spelling_distance("cpus", "cpus"), 0);
    assert_int_equal(spelling_distance("CPUS", "cpus"), 0);
    assert_int_equal(spelling_distance("cpu", "cpus"), 1);
    assert_int_equal(spelling_distance("cpuss", "cpus"), 1);
    assert_int_equal(spelling_distance("cbus", "cpus"), 1);
    assert_int_equal(spelling_distance("onyl", "only"), 2);
    assert_int_equal(spelling_distance("kitten", "sitting"), 3);
    assert_int_equal(spelling_distance("", "list"), 4);
    assert_int_equal(spelling_distance("list", ""), 4);
}

static void reads_long_words_up_to_its_limit(void **state)
{
    (void)state;
    char a[100], b[100];
    memset(a, 'a', sizeof(a));
    memset(b, 'b', sizeof(b));
    a[99] = b[99] = '\0';
    assert_int_equal(spelling_distance(a, b), 31);
    assert_int_equal(spelling_distance(a, "a"), 30);
    assert_int_equal(spelling_distance("a", a), 30);
}

static void asks_about_near_words_only(void **state)
{
    (void)state;
    assert_true(spelling_near("cpu", "cpus"));
    assert_true(spelling_near("onyl", "only"));
    assert_true(spelling_near("repaet", "repeat"));
    assert_true(spelling_near("rep", "repeat"));
    assert_false(spelling_near("re", "repeat"));
    assert_false(spelling_near("", "list"));
    assert_false(spelling_near("x", "list"));
    assert_false(spelling_near("verbose", "version"));
    assert_false(spelling_near("quiet", "list"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_the_distance),
        cmocka_unit_test(reads_long_words_up_to_its_limit),
        cmocka_unit_test(asks_about_near_words_only),
    };
    return RUN(tests);
}
