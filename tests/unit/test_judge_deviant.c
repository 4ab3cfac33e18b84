/* Known deviations of an emulator: exactly those, and nothing beside them. */
#include "probed.h"

enum { NP_ERROR = 0x33, TCG_7_ERROR = 0x62, TCG_10_ERROR = 0x32 };

/* #NP for a #UD gate that is absent, as QEMU's software emulation tells it. */
static struct observation under_tcg(uint64_t error)
{
    struct observation seen = sound_probe();
    seen.probe.want.vector = seen.probe.seen.vector = VECTOR_NP;
    seen.probe.want.error = NP_ERROR;
    seen.probe.seen.error = error;
    seen.probe.tcg =
        (struct deviant){.what = "no EXT", .error_count = 2, .errors = {TCG_7_ERROR, TCG_10_ERROR}};
    compare(&seen);
    return seen;
}

static void a_recorded_error_code_is_a_deviation(void **state)
{
    (void)state;
    struct observation seen = under_tcg(TCG_7_ERROR);
    assert_judged(judge_probe, &seen, VERDICT_DEVIATION, "vector 11 #NP error 0x33",
                  "vector 11 #NP error 0x62", "known deviation of QEMU TCG: no EXT");
    seen = under_tcg(TCG_10_ERROR);
    assert_judged(judge_probe, &seen, VERDICT_DEVIATION, "vector 11 #NP error 0x33",
                  "vector 11 #NP error 0x32", "known deviation of QEMU TCG: no EXT");
    seen = under_tcg(NP_ERROR);
    assert_passes(judge_probe, &seen);
}

static void any_other_error_code_is_a_failure(void **state)
{
    (void)state;
    const uint64_t errors[] = {0,         0x30, 0x31, 0x60, 0x61, 0x63, 0x32 | UINT64_C(1) << 32,
                               UINT64_MAX};
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        const struct observation seen = under_tcg(errors[i]);
        char told[64];
        snprintf(told, sizeof(told), "vector 11 #NP error 0x%llx", (unsigned long long)errors[i]);
        assert_fails(judge_probe, &seen, "vector 11 #NP error 0x33", told,
                     "the error code is not the manual's");
    }
}

static void elsewhere_the_same_code_is_a_failure(void **state)
{
    (void)state;
    struct observation seen = under_tcg(TCG_7_ERROR);
    seen.probe.tcg.error_count = 0;
    assert_fails(judge_probe, &seen, "vector 11 #NP error 0x33", "vector 11 #NP error 0x62",
                 "the error code is not the manual's");
    /* Nor is "none recorded" an error code of 0. */
    seen.probe.seen.error = 0;
    assert_fails(judge_probe, &seen, "vector 11 #NP error 0x33", "vector 11 #NP error 0x0",
                 "the error code is not the manual's");
}

static void a_deviation_excuses_its_error_code_alone(void **state)
{
    (void)state;
    struct observation seen = under_tcg(TCG_7_ERROR);
    seen.probe.seen.rip++;
    assert_probe_fails(&seen, "vector 11 #NP error 0x33, RIP 0x7f001234",
                       "vector 11 #NP error 0x62, RIP 0x7f001235",
                       "not that of the faulting instruction");
    seen = under_tcg(TCG_7_ERROR);
    seen.probe.seen.soft = true;
    assert_probe_fails(&seen, "vector 11 #NP error 0x33", "vector 11 #NP without error code",
                       "no error code came where one is due");
}

/* #SS that comes as #GP. */
static struct observation instead(void)
{
    struct observation seen = sound_probe();
    seen.probe.want.vector = VECTOR_SS;
    seen.probe.seen.vector = VECTOR_GP;
    seen.probe.tcg = (struct deviant){.what = "no #SS", .vector = VECTOR_GP};
    compare(&seen);
    return seen;
}

static void a_recorded_other_exception_is_a_deviation(void **state)
{
    (void)state;
    struct observation seen = instead();
    assert_judged(judge_probe, &seen, VERDICT_DEVIATION, "vector 12 #SS error 0x0",
                  "vector 13 #GP error 0x0", "known deviation of QEMU TCG: no #SS");
    seen.probe.seen.vector = VECTOR_PF;
    assert_probe_fails(&seen, "vector 12 #SS error 0x0", "vector 14 #PF error 0x0",
                       "another exception than the manual's");
    seen = instead();
    seen.probe.seen.error = 8;
    assert_probe_fails(&seen, "vector 12 #SS error 0x0", "vector 13 #GP error 0x8",
                       "another exception than the manual's");
    seen = instead();
    seen.probe.seen.rip++;
    assert_probe_fails(&seen, "vector 12 #SS error 0x0, RIP 0x7f001234",
                       "vector 13 #GP error 0x0, RIP 0x7f001235",
                       "another exception than the manual's");
    seen = instead();
    seen.probe.tcg.vector = 0;
    assert_probe_fails(&seen, "vector 12 #SS error 0x0", "vector 13 #GP error 0x0",
                       "another exception than the manual's");
}

/* A trap that comes as #UD, one byte before, on the running stack. */
static struct observation undefined(void)
{
    struct observation seen = instead();
    seen.probe.want.dr6 = 0x4000;
    seen.probe.fields |= FAULT_DR6;
    seen.probe.seen.vector = VECTOR_UD;
    seen.probe.seen.soft = true;
    seen.probe.want.soft = true;
    seen.probe.seen.rip--;
    seen.probe.seen.rsp = seen.probe.want.rsp = stack_top(2, STACK_MAIN) - 0x308;
    seen.probe.seen.frame = stack_top(2, STACK_MAIN) - 0x310 - 40;
    seen.probe.tcg.vector = VECTOR_UD;
    seen.probe.tcg.rip = seen.probe.seen.rip;
    compare(&seen);
    return seen;
}

static void another_exception_has_its_own_rip_and_stack(void **state)
{
    (void)state;
    struct observation seen = undefined();
    assert_judged(judge_probe, &seen, VERDICT_DEVIATION, "vector 12 #SS without error code",
                  "vector 6 #UD without error code", "known deviation of QEMU TCG");
    seen.probe.seen.rip++;
    compare(&seen);
    assert_int_equal(judge_probe(&seen, &(struct words){0}), VERDICT_FAIL);
    seen = undefined();
    seen.probe.seen.frame -= 8;
    compare(&seen);
    assert_int_equal(judge_probe(&seen, &(struct words){0}), VERDICT_FAIL);
    seen = undefined();
    seen.probe.seen.cpu = 1;
    compare(&seen);
    assert_int_equal(judge_probe(&seen, &(struct words){0}), VERDICT_FAIL);
}

static void silence_is_a_deviation_where_it_is_recorded(void **state)
{
    (void)state;
    struct observation seen = sound_probe();
    seen.probe.came = 0;
    seen.probe.tcg = (struct deviant){.what = "never raised", .silent = true};
    assert_judged(judge_probe, &seen, VERDICT_DEVIATION, "1 exceptions, vector 8 #DF", "0",
                  "known deviation of QEMU TCG: never raised");
    seen.probe.came = 2;
    assert_probe_fails(&seen, "1 exceptions, vector 8 #DF", "2", "in between");
    seen.probe.came = 0;
    seen.probe.changed = 1u << WHOLE_CR0;
    assert_probe_fails(&seen, "the CPU as it was before the fault", "changed: CR0", "changed");
}

static void a_deviation_hides_nothing_else(void **state)
{
    (void)state;
    struct observation seen = under_tcg(TCG_7_ERROR);
    seen.probe.came = 2;
    assert_probe_fails(&seen, "1 exceptions, vector 11 #NP", "2", "went through in between");
    seen = under_tcg(TCG_7_ERROR);
    seen.probe.changed = 1u << WHOLE_TR;
    assert_probe_fails(&seen, "the CPU as it was before the fault", "changed: TR",
                       "left the CPU changed");
    seen = under_tcg(TCG_7_ERROR);
    seen.probe.dirty |= 1u << STACK_NMI;
    assert_probe_fails(&seen, "only the stack of this exception written, at most 2048 bytes deep",
                       "written: IST1 IST2, 700 bytes deep", "some CPU's TSS points here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recorded_error_code_is_a_deviation),
        cmocka_unit_test(any_other_error_code_is_a_failure),
        cmocka_unit_test(elsewhere_the_same_code_is_a_failure),
        cmocka_unit_test(a_deviation_excuses_its_error_code_alone),
        cmocka_unit_test(a_recorded_other_exception_is_a_deviation),
        cmocka_unit_test(another_exception_has_its_own_rip_and_stack),
        cmocka_unit_test(silence_is_a_deviation_where_it_is_recorded),
        cmocka_unit_test(a_deviation_hides_nothing_else),
    };
    return RUN(tests);
}
