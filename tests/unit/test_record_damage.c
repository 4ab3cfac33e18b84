/* Whatever becomes of a record's variables: what is whole is read, what is not is told. */
#include "recorded.h"

static uint32_t count;

/* A mark and a result of several pieces, one finding in each part of it. */
static int fresh(void **state)
{
    recorded_fresh(state);
    for (uint32_t n = 0; n < 30; n++) {
        recorded_fail(n, 1, VERDICT_FAIL, "a stack that is not its own");
    }
    recorded_mark("family1.check-8");
    count = recorded_result(RECORD_STREAM_MAX);
    return 0;
}

static uint32_t findings_read(void)
{
    recorded_read();
    return contents.report.finding_count;
}

static void remove_piece(uint32_t n)
{
    variables.sizes[n] = 0;
    memset(variables.bytes[n], 0xff, RECORD_VARIABLE_MAX);
}

static void any_changed_byte_is_noticed(void **state)
{
    for (uint32_t byte = 0; byte < variables.sizes[2]; byte += 7) {
        fresh(state);
        variables.bytes[2][byte] ^= 0x10;
        recorded_read();
        assert_int_equal(contents.damaged + (contents.other != 0), 1);
        assert_int_equal(contents.missing, 1);
        assert_int_equal(contents.state, RECORD_ENDED);
        assert_int_equal(contents.report.result_count, recorded_report.result_count);
    }
}

static void a_missing_piece_costs_its_own_findings_only(void **state)
{
    (void)state;
    assert_true(count >= 4);
    assert_int_equal(findings_read(), 30);
    remove_piece(2);
    const uint32_t left = findings_read();
    assert_int_equal(contents.missing, 1);
    assert_true(left > 15 && left < 30);
    assert_int_equal(contents.report.results[0].finding_count, 1);
    assert_int_equal(contents.report.results[29].finding_count, 1);
}

static void without_the_first_piece_the_mark_still_names_the_checks(void **state)
{
    (void)state;
    remove_piece(1);
    assert_true(findings_read() > 10);
    assert_int_equal(contents.state, RECORD_ENDED);
    assert_string_equal(contents.build, "1a2b3c4d");
    assert_int_equal(contents.missing, 1);
}

/* Where the run came to its end, but with what verdict nobody knows. */
static void assert_verdict_is_lost(void)
{
    recorded_read();
    assert_int_equal(contents.state, RECORD_DIED);
    assert_true(contents.end_lost);
    assert_false(contents.report.ended);
}

static void no_verdict_is_made_of_a_result_without_its_plan(void **state)
{
    (void)state;
    variables.bytes[0][RECORD_HEADER] ^= 1;
    variables.bytes[1][RECORD_HEADER] ^= 1;
    assert_verdict_is_lost();
    assert_int_equal(contents.report.result_count, 0);
    assert_string_equal(contents.version, "");
}

static void no_verdict_is_made_of_what_a_running_mark_tells(void **state)
{
    (void)state;
    recorded_report.ended = false;
    recorded_report.results_done = 7;
    for (uint32_t n = 7; n < recorded_report.result_count; n++) {
        recorded_report.results[n].verdict = VERDICT_NONE;
    }
    recorded_mark("family1.check-8");
    recorded_read();
    assert_int_equal(contents.state, RECORD_ENDED);
    assert_true(contents.report.ended);
    variables.bytes[1][RECORD_HEADER] ^= 1;
    assert_verdict_is_lost();
    assert_int_equal(contents.report.result_count, recorded_report.result_count);
    assert_int_equal(contents.report.results[29].verdict, VERDICT_FAIL); /* by its finding */
    assert_int_equal(contents.report.results[50].verdict, VERDICT_NONE);
}

static void no_verdict_is_made_of_a_mark_without_room_for_its_plan(void **state)
{
    uint8_t stream[128];
    (void)state;
    memset(&variables, 0, sizeof(variables));
    const uint32_t length = recorded_stream(RECORD_MARK, "", stream, sizeof(stream));
    variables.sizes[0] =
        record_piece_make(variables.bytes[0], RECORDED_PIECE, 0, 0xcafe, stream, length);
    assert_verdict_is_lost();
    assert_string_equal(contents.version, "0.1");
}

static void without_the_mark_the_result_stands_alone(void **state)
{
    (void)state;
    remove_piece(0);
    assert_int_equal(findings_read(), 30);
    assert_int_equal(contents.state, RECORD_ENDED);
    assert_int_equal(contents.missing, 0);
}

static void a_result_that_was_being_written_is_cut(void **state)
{
    (void)state;
    remove_piece(count);
    recorded_read();
    assert_int_equal(contents.state, RECORD_ENDED);
    assert_int_equal(contents.missing, 1);
    assert_true(contents.cut);
}

static void pieces_of_another_run_are_not_mixed_in(void **state)
{
    (void)state;
    recorded_handoff.record.id = 0xbeef;
    recorded_report.ended = false;
    recorded_mark("family3.check-24");
    recorded_read();
    assert_int_equal(contents.state, RECORD_DIED);
    assert_int_equal(contents.damaged, count);
    assert_string_equal(contents.doing, "family3.check-24");
}

static void a_piece_in_the_wrong_variable_is_damage(void **state)
{
    (void)state;
    memcpy(variables.bytes[2], variables.bytes[3], RECORD_VARIABLE_MAX);
    variables.sizes[2] = variables.sizes[3];
    recorded_read();
    assert_int_equal(contents.damaged, 1);
}

static void another_version_is_told(void **state)
{
    (void)state;
    for (uint32_t n = 0; n <= count; n++) {
        variables.bytes[n][4] = RECORD_VERSION + 1;
    }
    recorded_read();
    assert_int_equal(contents.state, RECORD_UNREADABLE);
    assert_int_equal(contents.other, RECORD_VERSION + 1);
    assert_int_equal(contents.damaged, 0);
}

/* No program ever wrote one. */
static void version_0_is_damage(void **state)
{
    (void)state;
    variables.bytes[2][4] = 0;
    recorded_read();
    assert_int_equal(contents.state, RECORD_ENDED);
    assert_int_equal(contents.damaged, 1);
    memset(&variables, 0, sizeof(variables));
    recorded_mark("family1.check-8");
    variables.bytes[0][4] = 0;
    recorded_read();
    assert_int_equal(contents.state, RECORD_UNREADABLE);
    assert_int_equal(contents.damaged, 1);
    assert_int_equal(contents.other, 0);
}

static void garbage_is_unreadable(void **state)
{
    (void)state;
    memset(&variables, 0, sizeof(variables));
    variables.sizes[0] = 5;
    variables.sizes[4] = UINT32_MAX;
    recorded_read();
    assert_int_equal(contents.state, RECORD_UNREADABLE);
    assert_int_equal(contents.damaged, 2);
}

static void what_a_removal_left_is_no_record(void **state)
{
    (void)state;
    remove_piece(0);
    remove_piece(1);
    recorded_read();
    assert_int_equal(contents.state, RECORD_LEFTOVER);
}

/* Items whose contents lie, in a piece whose checksum is right. */
static void items_that_lie_are_passed_over(void **state)
{
    static const uint8_t streams[][16] = {
        {3, 4, 0, 0xff, 0xff, 0xff, 0xff},    /* a plan that ends in its checksum */
        {3, 6, 0, 1, 0xff, 0x7f, 1, 0, 0xff}, /* of 16383 checks */
        {5, 3, 0, 0xff, 0x7f, 0},             /* a finding of no check */
        {4, 3, 0, 0, 0xff, 0xff},             /* a detail whose set never ends */
        {9, 4, 0, 0xff, 0x1f, 0xff, 0x1f},    /* arrivals beyond the last CPU */
        {1, 0xff, 0xff},                      /* longer than the stream */
        {200, 1, 0, 0, 2, 2, 0, 1, 200},      /* unknown; then a string that is short */
        {1, 11, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80},
    };
    (void)state;
    for (uint32_t n = 0; n < sizeof(streams) / sizeof(streams[0]); n++) {
        memset(&variables, 0, sizeof(variables));
        variables.sizes[0] = record_piece_make(variables.bytes[0], RECORDED_PIECE, 0, 1, streams[n],
                                               sizeof(streams[n]));
        recorded_read();
        assert_int_equal(contents.state, RECORD_DIED);
        assert_int_equal(contents.report.result_count, 0);
        assert_int_equal(contents.report.finding_count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(any_changed_byte_is_noticed, fresh),
        cmocka_unit_test_setup(a_missing_piece_costs_its_own_findings_only, fresh),
        cmocka_unit_test_setup(without_the_first_piece_the_mark_still_names_the_checks, fresh),
        cmocka_unit_test_setup(no_verdict_is_made_of_a_result_without_its_plan, fresh),
        cmocka_unit_test_setup(no_verdict_is_made_of_what_a_running_mark_tells, fresh),
        cmocka_unit_test_setup(no_verdict_is_made_of_a_mark_without_room_for_its_plan, fresh),
        cmocka_unit_test_setup(without_the_mark_the_result_stands_alone, fresh),
        cmocka_unit_test_setup(a_result_that_was_being_written_is_cut, fresh),
        cmocka_unit_test_setup(pieces_of_another_run_are_not_mixed_in, fresh),
        cmocka_unit_test_setup(a_piece_in_the_wrong_variable_is_damage, fresh),
        cmocka_unit_test_setup(another_version_is_told, fresh),
        cmocka_unit_test_setup(version_0_is_damage, fresh),
        cmocka_unit_test_setup(garbage_is_unreadable, fresh),
        cmocka_unit_test_setup(what_a_removal_left_is_no_record, fresh),
        cmocka_unit_test_setup(items_that_lie_are_passed_over, fresh),
    };
    return RUN(tests);
}
