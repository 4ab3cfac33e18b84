#include "judged.h"

/* #DE, #BP and an NMI, as the manual has RF. */
static struct observation sound(void)
{
    return (struct observation){
        .made = true,
        .rf = {.count = 3,
               .cases = {{VECTOR_DE, VECTOR_DE, true, true},
                         {VECTOR_BP, VECTOR_BP, false, false},
                         {VECTOR_NMI, VECTOR_NMI, false, false}}},
    };
}

static void rf_as_wanted_passes(void **state)
{
    (void)state;
    struct observation seen = sound();
    assert_passes(judge_rf, &seen);
    seen.rf.tcg = true;
    assert_passes(judge_rf, &seen);
}

static void each_case_counts(void **state)
{
    (void)state;
    static const char *const names[] = {"#DE", "#BP", "NMI"};
    for (uint32_t n = 0; n < 3; n++) {
        struct observation seen = sound();
        char expected[32], told[32];
        seen.rf.cases[n].seen_rf = !seen.rf.cases[n].want_rf;
        snprintf(expected, sizeof(expected), "%s with RF %s", names[n], n ? "clear" : "set");
        snprintf(told, sizeof(told), "%s with RF %s", names[n], n ? "set" : "clear");
        assert_fails(judge_rf, &seen, expected, told, "meet the breakpoint again");
    }
}

static void another_exception_fails(void **state)
{
    (void)state;
    for (int tcg = 0; tcg < 2; tcg++) {
        struct observation seen = sound();
        seen.rf.tcg = tcg;
        seen.rf.cases[0].seen_vector = VECTOR_BP;
        seen.rf.cases[0].seen_rf = false;
        assert_fails(judge_rf, &seen, "#DE with RF set", "#BP with RF clear", "breakpoint");
        seen.rf.cases[0].seen_vector = RF_NOTHING_CAME;
        assert_fails(judge_rf, &seen, "#DE with RF set", "no exception", "breakpoint");
    }
}

static void qemus_rf_is_a_deviation(void **state)
{
    (void)state;
    struct observation seen = sound();
    seen.rf.tcg = true;
    seen.rf.cases[0].seen_rf = false;
    assert_judged(judge_rf, &seen, VERDICT_DEVIATION, "#DE with RF set", "#DE with RF clear",
                  "known deviation of QEMU TCG");
    seen = sound();
    seen.rf.tcg = true;
    seen.rf.cases[2].seen_rf = true;
    assert_judged(judge_rf, &seen, VERDICT_DEVIATION, "NMI with RF clear", "NMI with RF set",
                  "known deviation of QEMU TCG");
}

static void a_deviation_hides_no_failure(void **state)
{
    (void)state;
    struct observation seen = sound();
    seen.rf.tcg = true;
    seen.rf.cases[0].seen_rf = false;
    seen.rf.cases[1].seen_rf = true;
    assert_fails(judge_rf, &seen, "#BP with RF clear", "#BP with RF set", "breakpoint");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rf_as_wanted_passes),          cmocka_unit_test(each_case_counts),
        cmocka_unit_test(another_exception_fails),      cmocka_unit_test(qemus_rf_is_a_deviation),
        cmocka_unit_test(a_deviation_hides_no_failure),
    };
    return RUN(tests);
}
