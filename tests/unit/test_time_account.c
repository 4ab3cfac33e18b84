/* Each tick counts once, for the use that it was spent on. */
#include "unit.h"

#include <muster/time_account.h>

static struct time_account account;

static int set_up(void **state)
{
    (void)state;
    time_account_begin(&account, TIME_SETUP, 1000);
    return 0;
}

static uint64_t sum(void)
{
    uint64_t ticks = 0;
    for (enum time_use use = TIME_OTHER; use < TIME_USES; use++) {
        ticks += account.ticks[use];
    }
    return ticks;
}

static void what_is_entered_pauses_what_was_before(void **state)
{
    (void)state;
    assert_int_equal(time_account_turn(&account, TIME_CHECKS, 1100), TIME_SETUP);
    const enum time_use before = time_account_turn(&account, TIME_SERIAL, 1110);
    assert_int_equal(before, TIME_CHECKS);
    assert_int_equal(time_account_turn(&account, before, 1117), TIME_SERIAL);
    time_account_turn(&account, TIME_OTHER, 1120);
    assert_int_equal(account.ticks[TIME_SETUP], 100);
    assert_int_equal(account.ticks[TIME_CHECKS], 10 + 3);
    assert_int_equal(account.ticks[TIME_SERIAL], 7);
    assert_int_equal(sum(), 120);
}

static void what_has_not_ended_is_not_counted_yet(void **state)
{
    (void)state;
    assert_int_equal(sum(), 0);
    time_account_turn(&account, TIME_SETUP, 1005);
    assert_int_equal(account.ticks[TIME_SETUP], 5);
}

/* A time on another CPU's TSC may lie before the last turn. */
static void time_does_not_run_backwards(void **state)
{
    (void)state;
    time_account_turn(&account, TIME_BRING_UP, 1500);
    assert_int_equal(time_account_turn(&account, TIME_WAITING, 1400), TIME_BRING_UP);
    time_account_turn(&account, TIME_OTHER, 1600);
    assert_int_equal(account.ticks[TIME_BRING_UP], 0);
    assert_int_equal(account.ticks[TIME_WAITING], 100);
    assert_int_equal(sum(), 600);
}

static void each_use_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (enum time_use use = TIME_OTHER; use < TIME_USES; use++) {
        assert_true(time_use_name(use)[0] != '\0' && time_use_key(use)[0] != '\0');
        for (enum time_use other = TIME_OTHER; other < use; other++) {
            assert_string_not_equal(time_use_name(use), time_use_name(other));
            assert_string_not_equal(time_use_key(use), time_use_key(other));
        }
    }
    assert_string_equal(time_use_key(TIME_BRING_UP), "bring_up");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_entered_pauses_what_was_before, set_up),
        cmocka_unit_test_setup(what_has_not_ended_is_not_counted_yet, set_up),
        cmocka_unit_test_setup(time_does_not_run_backwards, set_up),
        cmocka_unit_test(each_use_has_a_name_of_its_own),
    };
    return RUN(tests);
}
