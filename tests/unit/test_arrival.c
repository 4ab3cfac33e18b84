#include "unit.h"

#include <muster/arrival.h>
#include <muster/tap.h>

#include "../samples/sample.c"

#define HZ UINT64_C(3000000000)

static void time_is_told_in_microseconds(void **state)
{
    (void)state;
    assert_int_equal(arrival_us(10000 + 3000 * UINT64_C(250), 10000, HZ), 250);
    assert_int_equal(arrival_us(10000, UINT64_C(0) - 20000, HZ), 10); /* the TSC wrapped */
}

static void what_was_not_seen_is_zero(void **state)
{
    (void)state;
    assert_int_equal(arrival_us(0, 10000, HZ), 0);
}

/* A TSC may stand behind the BSP's by any amount. */
static void what_was_seen_is_never_zero(void **state)
{
    (void)state;
    assert_int_equal(arrival_us(10000, 10000, HZ), 1);
    assert_int_equal(arrival_us(10001, 10000, HZ), 1);
    assert_int_equal(arrival_us(9999, 10000, HZ), 1);
    assert_int_equal(arrival_us(1, UINT64_C(1) << 62, HZ), 1);
}

static void more_than_fits_is_the_most(void **state)
{
    (void)state;
    assert_int_equal(arrival_us(1 + 3000 * (UINT64_C(1) << 32), 1, HZ), UINT32_MAX);
    assert_int_equal(arrival_us(UINT64_C(1) << 62, 1, HZ), UINT32_MAX);
    assert_int_equal(arrival_us(INT64_MAX, 1, 1000000), UINT32_MAX);
}

static void who_came_is_told_by_the_stage(void **state)
{
    (void)state;
    struct arrival arrival = {.stage = STAGE_ONLINE, .stage_us[STAGE_ONLINE] = 300};
    assert_int_equal(arrival_online_us(&arrival), 300);
    arrival.stage_us[STAGE_ONLINE] = 0;
    assert_int_equal(arrival_online_us(&arrival), 1);
    arrival.lost = true;
    assert_int_equal(arrival_online_us(&arrival), 0);
    arrival = (struct arrival){.stage = STAGE_APIC, .stage_us[STAGE_ONLINE] = 300};
    assert_int_equal(arrival_online_us(&arrival), 0);
}

/* However short the time, nobody vanishes from the report. */
static void who_came_at_once_is_told(void **state)
{
    (void)state;
    static struct sample sample;
    static char buffer[TAP_TEXT_MAX];
    struct text text;
    assert_true(sample_make(&sample, "pass", 4));
    memset(sample.arrivals[2].stage_us, 0, sizeof(sample.arrivals[2].stage_us));
    text_init(&text, buffer, sizeof(buffer));
    tap_arrivals(&text, &sample.report);
    assert_non_null(strstr(buffer, "# arrived: CPU 2 (APIC ID 4) in 1 us: "));
    assert_null(strstr(buffer, "# arrived: CPU 0"));
    assert_true(sample_make(&sample, "pass", 40));
    memset(sample.arrivals[2].stage_us, 0, sizeof(sample.arrivals[2].stage_us));
    text_init(&text, buffer, sizeof(buffer));
    tap_arrivals(&text, &sample.report);
    assert_non_null(strstr(buffer, "# arrived: 39 CPUs: first 1 us (CPU 2), median "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_is_told_in_microseconds),
        cmocka_unit_test(what_was_not_seen_is_zero),
        cmocka_unit_test(what_was_seen_is_never_zero),
        cmocka_unit_test(more_than_fits_is_the_most),
        cmocka_unit_test(who_came_is_told_by_the_stage),
        cmocka_unit_test(who_came_at_once_is_told),
    };
    return RUN(tests);
}
