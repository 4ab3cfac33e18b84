#include "judged.h"

/* #DE, then #NP by an absent gate: a double fault; and an NMI beside #DE. */
static struct observation sound(void)
{
    struct observation seen = {.made = true, .df = {.count = 3}};
    const struct df_cell doubles = {.first = FIRST_DE,
                                    .how = HOW_NP_GATE,
                                    .came = 1,
                                    .want_vector = VECTOR_DF,
                                    .seen_vector = VECTOR_DF};
    seen.df.cells[0] = doubles;
    seen.df.cells[1] = doubles;
    seen.df.cells[1].how = HOW_GP_NULL;
    seen.df.cells[2] = (struct df_cell){.first = FIRST_DE,
                                        .how = HOW_NMI,
                                        .came = 1,
                                        .nmis = 1,
                                        .nmis_wanted = 1,
                                        .want_vector = VECTOR_DE,
                                        .seen_vector = VECTOR_DE};
    return seen;
}

static void the_wanted_pairs_pass(void **state)
{
    (void)state;
    const struct observation seen = sound();
    assert_passes(judge_df, &seen);
}

static void another_exception_fails(void **state)
{
    (void)state;
    struct observation seen = sound();
    seen.df.cells[1].seen_vector = VECTOR_GP;
    seen.df.cells[1].seen_error = 1;
    seen.df.cells[1].differs = FAULT_VECTOR | FAULT_ERROR | FAULT_FRAME;
    assert_fails(judge_df, &seen, "#DE, then #GP (a null selector in the gate): #DF error 0x0",
                 "#GP error 0x1, another stack", "no double fault");
}

static void each_field_fails(void **state)
{
    (void)state;
    static const char *const names[] = {"RIP", "CS",  "RFLAGS", "RSP",
                                        "SS",  "CR2", "stack",  "GS base"};
    for (uint32_t n = 0; n < 8; n++) {
        struct observation seen = sound();
        char told[64];
        seen.df.cells[0].differs = (uint16_t)(FAULT_RIP << n);
        snprintf(told, sizeof(told), "#DF error 0x0, another %s", names[n]);
        assert_fails(judge_df, &seen, "#DE, then #NP (an absent gate): #DF error 0x0", told,
                     n < 2 ? "leaves the saved CS:RIP of a #DF undefined"
                           : "no double fault, or not a sound one");
    }
}

/* It excuses nothing else. */
static void an_undefined_place_hides_no_failure(void **state)
{
    (void)state;
    struct observation seen = sound();
    seen.df.cells[0].differs = FAULT_RIP | FAULT_CS | FAULT_RSP;
    assert_fails(judge_df, &seen, "#DE, then #NP (an absent gate): #DF error 0x0",
                 "#DF error 0x0, another RIP, another CS, another RSP", "not a sound one");
    seen.df.cells[0].differs = FAULT_RIP;
    seen.df.cells[0].changed = 1u << WHOLE_TR;
    assert_fails(judge_df, &seen, "#DE, then #NP (an absent gate): #DF error 0x0",
                 "#DF error 0x0, another RIP, the CPU changed (0x40)", "not a sound one");
    seen = sound();
    seen.df.cells[2].differs = FAULT_RIP;
    assert_fails(judge_df, &seen, "#DE, then NMI (an NMI at the same moment): #DE and 1 NMI",
                 "#DE, another RIP", "not handled one by one");
}

static void the_number_of_exceptions_counts(void **state)
{
    (void)state;
    struct observation seen = sound();
    seen.df.cells[0].came = 0;
    assert_fails(judge_df, &seen, "#DE, then #NP (an absent gate): #DF error 0x0", "0 exceptions",
                 "no double fault");
    seen.df.cells[0].came = 2;
    assert_fails(judge_df, &seen, "#DE, then #NP (an absent gate): #DF error 0x0", "2 exceptions",
                 "no double fault");
}

static void the_nmi_counts(void **state)
{
    (void)state;
    for (uint8_t nmis = 0; nmis <= 2; nmis += 2) {
        struct observation seen = sound();
        char told[32];
        seen.df.cells[2].nmis = nmis;
        snprintf(told, sizeof(told), "#DE, %u NMIs", nmis);
        assert_fails(judge_df, &seen, "#DE, then NMI (an NMI at the same moment): #DE and 1 NMI",
                     told, "not handled one by one");
    }
    struct observation seen = sound();
    seen.df.cells[0].nmis = 1;
    assert_fails(judge_df, &seen, "#DE, then #NP (an absent gate): #DF error 0x0",
                 "#DF error 0x0, 1 NMIs", "no double fault");
}

static void a_changed_cpu_fails(void **state)
{
    (void)state;
    struct observation seen = sound();
    seen.df.cells[0].changed = 1u << WHOLE_TR;
    seen.df.cells[0].deviates = true;
    assert_fails(judge_df, &seen, "#DE, then #NP (an absent gate): #DF error 0x0",
                 "#DF error 0x0, the CPU changed (0x40)", "no double fault");
}

static void ring_3_is_named(void **state)
{
    (void)state;
    struct observation seen = sound();
    seen.df.cells[1].first = FIRST_USER_PF;
    seen.df.cells[1].how = HOW_SS_STACK;
    seen.df.cells[1].came = 0;
    assert_fails(judge_df, &seen, "ring 3 #PF, then #SS (a non-canonical stack): #DF error 0x0",
                 "0 exceptions", "no double fault");
}

/* #UD, then #NP: QEMU's error code. */
static struct observation deviating(void)
{
    struct observation seen = {.made = true, .df = {.count = 2}};
    seen.df.cells[0] = (struct df_cell){.first = FIRST_UD,
                                        .how = HOW_NP_GATE,
                                        .came = 1,
                                        .want_vector = VECTOR_NP,
                                        .seen_vector = VECTOR_NP,
                                        .want_error = 0x33,
                                        .seen_error = 0x32,
                                        .differs = FAULT_ERROR,
                                        .deviates = true};
    seen.df.cells[1] = seen.df.cells[0];
    return seen;
}

static void a_recorded_error_code_is_a_deviation(void **state)
{
    (void)state;
    struct observation seen = deviating();
    assert_judged(judge_df, &seen, VERDICT_DEVIATION,
                  "#UD, then #NP (an absent gate): #NP error 0x33", "#NP error 0x32",
                  "known deviation of QEMU TCG");
    seen.df.cells[0].deviates = false;
    assert_fails(judge_df, &seen, "#UD, then #NP (an absent gate): #NP error 0x33",
                 "#NP error 0x32", "not handled one by one");
}

static void a_deviation_hides_no_failure(void **state)
{
    (void)state;
    struct observation seen = deviating();
    seen.df.cells[1].came = 2;
    assert_fails(judge_df, &seen, "#UD, then #NP (an absent gate): #NP error 0x33", "2 exceptions",
                 "not handled one by one");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wanted_pairs_pass),
        cmocka_unit_test(another_exception_fails),
        cmocka_unit_test(each_field_fails),
        cmocka_unit_test(an_undefined_place_hides_no_failure),
        cmocka_unit_test(the_number_of_exceptions_counts),
        cmocka_unit_test(the_nmi_counts),
        cmocka_unit_test(a_changed_cpu_fails),
        cmocka_unit_test(ring_3_is_named),
        cmocka_unit_test(a_recorded_error_code_is_a_deviation),
        cmocka_unit_test(a_deviation_hides_no_failure),
    };
    return RUN(tests);
}
