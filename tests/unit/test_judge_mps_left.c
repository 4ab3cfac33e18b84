/* Calls that muster had to end, or to leave. */
#include "mps_judged.h"

static void a_call_that_never_returned_is_named(void **state)
{
    (void)state;
    mps_sound(&record);
    record.answers[MPS_ALL].ending = MPS_NEVER;
    for (uint32_t call = MPS_ALL + 1; call < MPS_CALLS; call++) {
        record.answers[call].ending = MPS_NOT_ASKED;
    }
    assert_fails(MPS_CHECK_ALL, "a call that returns",
                 "StartupAllAPs, blocking did not return within 20 s");
    assert_skips(MPS_CHECK_BUSY, "not asked: StartupAllAPs, blocking had not returned");
    assert_skips(MPS_CHECK_SWITCH_STATE, "had not returned");
    assert_passes(MPS_CHECK_COUNT);
}

static void nothing_is_known_where_the_first_call_hung(void **state)
{
    (void)state;
    mps_sound(&record);
    record.count = 0;
    memset(record.answers, 0, sizeof(record.answers));
    record.answers[MPS_GET_INFO].ending = MPS_NEVER;
    assert_fails(MPS_CHECK_INFO, "a call that returns", "GetProcessorInfo did not return");
    for (uint32_t check = 0; check < MPS_CHECKS; check++) {
        if (check != MPS_CHECK_INFO) {
            assert_skips(check, "not asked: GetProcessorInfo had not returned");
        }
    }
}

static void a_call_that_waited_for_held_aps_fails(void **state)
{
    (void)state;
    mps_sound(&record);
    record.answers[MPS_ALL_LATE].ending = MPS_RELEASED;
    assert_fails(MPS_CHECK_LATE, "", "did not return until muster let the APs go");
    /* Nobody was held: the machine is slow, no more. */
    record.answers[MPS_ALL].ending = MPS_RELEASED;
    assert_passes(MPS_CHECK_ALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_never_returned_is_named),
        cmocka_unit_test(nothing_is_known_where_the_first_call_hung),
        cmocka_unit_test(a_call_that_waited_for_held_aps_fails),
    };
    return RUN(tests);
}
