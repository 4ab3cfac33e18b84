#include "page_tables.h"

static void assert_survey(const struct paging *paging, uint64_t leaves, uint64_t wx,
                          uint64_t first_wx)
{
    struct paging_survey survey;
    paging_survey(paging, &survey);
    assert_int_equal(survey.leaves, leaves);
    assert_int_equal(survey.writable_executable, wx);
    assert_int_equal(survey.first_wx, first_wx);
}

static void the_survey_counts_every_leaf(void **state)
{
    (void)state;
    FOR_LEVELS(levels)
    {
        struct paging paging = paging_new(levels, 32);
        assert_true(paging_map(&paging, 0, 0, 3 * PAGE, PAGE_WRITE | PAGE_NX));
        assert_true(paging_map(&paging, 4 * LARGE, 0, 2 * LARGE, 0));
        assert_true(paging_map(&paging, 0xfffffffffffff000, 0, PAGE, PAGE_NX));
        assert_survey(&paging, 6, 0, 0);
        paging_end(&paging);
    }
}

/* Wherever it lies: told with its address as the CPU knows it, sign and all. */
static void what_is_writable_and_executable_is_found(void **state)
{
    (void)state;
    FOR_LEVELS(levels)
    {
        for (size_t i = 0; i < PLACES; i++) {
            struct paging paging = paging_new(levels, 32);
            assert_true(paging_map(&paging, 0x600000000000, 0, LARGE, PAGE_WRITE | PAGE_NX));
            assert_true(paging_map(&paging, places[i] + 9 * PAGE, 0, PAGE, PAGE_WRITE));
            assert_survey(&paging, 2, 1, places[i] + 9 * PAGE);
            assert_true(paging_map(&paging, places[i] + LARGE, 0, LARGE, PAGE_WRITE));
            assert_survey(&paging, 3, 2, places[i] + 9 * PAGE);
            paging_end(&paging);
        }
    }
}

/* Canonical with 5 levels only. */
static void five_levels_reach_further(void **state)
{
    (void)state;
    const uint64_t far[] = {0x00f0000000000000, 0xff10000000000000, 0xff00000000000000};
    for (size_t i = 0; i < 3; i++) {
        struct paging paging = paging_new(5, 16);
        assert_true(paging_map(&paging, far[i], 0x5000, PAGE, PAGE_WRITE));
        assert_maps(&paging, far[i], 0x5000, PAGE, PAGE_WRITE);
        assert_survey(&paging, 1, 1, far[i]);
        paging_end(&paging);
    }
}

/* Without NX whatever can be written can be run, whatever was asked for. */
static void without_nx_all_that_is_writable_counts(void **state)
{
    (void)state;
    struct paging paging = paging_new(4, 8);
    paging.nx = false;
    assert_true(paging_map(&paging, 0x1000, 0, PAGE, PAGE_NX));
    assert_true(paging_map(&paging, 0x2000, 0, 2 * PAGE, PAGE_WRITE | PAGE_NX));
    assert_survey(&paging, 3, 2, 0x2000);
    paging_end(&paging);
}

static void nothing_is_found_before_the_first_mapping(void **state)
{
    (void)state;
    struct paging paging = paging_new(4, 1);
    struct paging_survey survey = {.leaves = 77, .writable_executable = 77, .first_wx = 77};
    assert_null(paging_find(&paging, 0x1000, NULL));
    paging_survey(&paging, &survey);
    assert_int_equal(survey.leaves, 0);
    assert_int_equal(survey.writable_executable, 0);
    assert_int_equal(survey.first_wx, 0);
    paging_end(&paging);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_found_before_the_first_mapping),
        cmocka_unit_test(the_survey_counts_every_leaf),
        cmocka_unit_test(what_is_writable_and_executable_is_found),
        cmocka_unit_test(five_levels_reach_further),
        cmocka_unit_test(without_nx_all_that_is_writable_counts),
    };
    return RUN(tests);
}
