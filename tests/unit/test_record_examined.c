/* Whom each check examined: what a record does not tell of it is not known, never guessed. */
#include "recorded.h"

#include <muster/record_document.h>

enum { PLAN_SIZE = 200 }; /* bytes before the details, at least */

static char buffer[TAP_TEXT_MAX];
static char whole[1 << 20];

/* Some sets follow from the one before, some take a byte or two, some hundreds of bytes. */
static int varied(void **state)
{
    recorded_fresh(state);
    recorded_run(CPU_MAX);
    for (uint32_t n = 0; n < recorded_report.result_count; n++) {
        struct cpuset *examined = &recorded_report.results[n].examined;
        if (n % 4 == 1) {
            cpuset_fill(examined, n + 1);
        } else if (n % 8 == 6) {
            cpuset_clear(examined);
            for (uint32_t cpu = n; cpu < CPU_MAX; cpu += 2 + n % 5) {
                cpuset_add(examined, cpu);
            }
        } else if (n > 0 && n % 4 != 0) {
            *examined = recorded_report.results[n - 1].examined;
        }
    }
    return 0;
}

/* How many of the sets are known; each of them must be the one that was recorded. */
static uint32_t known_sets(void)
{
    uint32_t known = 0;
    recorded_read();
    for (uint32_t n = 0; n < contents.report.result_count; n++) {
        const struct check_result *seen = &contents.report.results[n];
        if (seen->examined_unknown) {
            assert_true(cpuset_empty(&seen->examined));
        } else if (seen->verdict != VERDICT_NONE) {
            assert_true(cpuset_equal(&seen->examined, &recorded_report.results[n].examined));
            known++;
        }
    }
    return known;
}

static void sets_without_room_are_not_known(void **state)
{
    uint32_t some = 0, all = 0;
    (void)state;
    for (uint32_t size = PLAN_SIZE; size < 8000; size += 19) {
        memset(&variables, 0, sizeof(variables));
        recorded_result(size);
        const uint32_t known = known_sets();
        some += known > 10 && known < recorded_report.result_count;
        all += known == recorded_report.result_count;
    }
    assert_true(some > 20 && all > 20);
}

static void a_mark_guesses_none_either(void **state)
{
    (void)state;
    recorded_report.ended = false;
    recorded_mark("family1.check-8");
    const uint32_t known = known_sets();
    assert_int_equal(contents.state, RECORD_DIED);
    assert_true(known > 10 && known < recorded_report.result_count);
}

static void damage(uint32_t n)
{
    variables.bytes[n][RECORD_HEADER] ^= 1;
}

/* Each piece and each two of them, with the mark and without. */
static void sets_behind_a_missing_piece_are_not_known(void **state)
{
    (void)state;
    recorded_mark("");
    const uint32_t count = recorded_result(RECORD_STREAM_MAX);
    const struct record_variables sound = variables;
    assert_int_equal(known_sets(), recorded_report.result_count);
    for (uint32_t n = 1; n <= count; n++) {
        for (uint32_t m = n; m <= count; m++) {
            variables = sound;
            damage(n);
            if (m > n) {
                damage(m);
            }
            known_sets();
            damage(0);
            assert_true(known_sets() < recorded_report.result_count || n > 4);
        }
    }
}

/* The last piece of the details is what the arrivals follow: it costs no set before it. */
static void a_missing_piece_costs_no_set_before_it(void **state)
{
    (void)state;
    const uint32_t count = recorded_result(RECORD_STREAM_MAX);
    damage(count);
    assert_int_equal(known_sets(), recorded_report.result_count);
    damage(2);
    const uint32_t known = known_sets();
    assert_true(known > 10 && known < recorded_report.result_count);
}

static void nobody_is_taken_for_all(void **state)
{
    static uint8_t stream[RECORD_STREAM_MAX];
    (void)state;
    recorded_run(4);
    for (uint32_t n = 0; n < recorded_report.result_count; n++) {
        strcpy(recorded_report.results[n].note, "a remark that takes more room than there is left "
                                                "behind the plan, and a set with it");
    }
    uint32_t length = recorded_stream(RECORD_RESULT, "", stream, PLAN_SIZE + 30);
    recorded_put(stream, length);
    assert_int_equal(known_sets(), 4); /* those that examined no CPU */
    assert_true(contents.report.results[20].examined_unknown);
}

static void the_set_of_one_is_told_again_to_the_next(void **state)
{
    static uint8_t stream[RECORD_STREAM_MAX];
    (void)state;
    recorded_run(4);
    memset(recorded_report.results[4].note, 'a', RESULT_NOTE_MAX - 1);
    recorded_put(stream, recorded_stream(RECORD_RESULT, "", stream, PLAN_SIZE + 30));
    assert_int_equal(known_sets(), recorded_report.result_count - 1);
    assert_true(contents.report.results[4].examined_unknown);
}

static bool collect(void *context, const char *text)
{
    (void)context;
    strcat(whole, text);
    return true;
}

static void what_is_not_known_is_not_claimed(void **state)
{
    (void)state;
    recorded_fail(12, 2, VERDICT_FAIL, "a stack that is not its own");
    recorded_result(RECORD_STREAM_MAX);
    recorded_read();
    contents.report.results[12].examined_unknown = true;
    contents.report.results[13].examined_unknown = true;
    cpuset_clear(&contents.report.results[12].examined);
    cpuset_clear(&contents.report.results[13].examined);
    whole[0] = '\0';
    assert_true(record_tap(&contents, &recorded_catalogue, buffer, collect, NULL));
    assert_non_null(strstr(whole, "\nok 12 - family1.check-12 # 4 CPUs\n"));
    assert_non_null(strstr(whole, "\nnot ok 13 - family1.check-14 # CPU 2\n"));
    assert_non_null(strstr(whole, "\nok 14 - family1.check-15\n"));
    whole[0] = '\0';
    assert_true(record_document(&contents, &recorded_catalogue, buffer, collect, NULL));
    assert_non_null(strstr(whole, "\"verdict\":\"PASS\",\"examined\":\"0-3\""));
    assert_non_null(strstr(whole, "\"verdict\":\"FAIL\",\"failed\":\"2\""));
    assert_non_null(strstr(whole, "\"verdict\":\"PASS\",\"runs\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(sets_without_room_are_not_known, varied),
        cmocka_unit_test_setup(a_mark_guesses_none_either, varied),
        cmocka_unit_test_setup(sets_behind_a_missing_piece_are_not_known, varied),
        cmocka_unit_test_setup(a_missing_piece_costs_no_set_before_it, varied),
        cmocka_unit_test_setup(nobody_is_taken_for_all, recorded_fresh),
        cmocka_unit_test_setup(the_set_of_one_is_told_again_to_the_next, recorded_fresh),
        cmocka_unit_test_setup(what_is_not_known_is_not_claimed, recorded_fresh),
    };
    return RUN(tests);
}
