#include "mps_judged.h"

/* Another call of the same check as `call`. */
static enum mps_call sibling(enum mps_call call)
{
    return call == MPS_DISABLE_BSP      ? MPS_DISABLE_BEYOND
           : call == MPS_DISABLE_BEYOND ? MPS_DISABLE_BSP
           : call <= MPS_THIS_BSP       ? MPS_THIS_NULL
                                        : MPS_SWITCH_DISABLED;
}

/* What might reach a real AP is not asked; what was asked is still judged. */
static void what_is_not_sure_is_not_asked(void **state)
{
    static const struct {
        enum mps_call call;
        enum mps_check check;
    } calls[] = {
        {MPS_THIS_BEYOND, MPS_CHECK_START_ERRORS},   {MPS_THIS_BSP, MPS_CHECK_START_ERRORS},
        {MPS_DISABLE_BSP, MPS_CHECK_DISABLE_ERRORS}, {MPS_DISABLE_BEYOND, MPS_CHECK_DISABLE_ERRORS},
        {MPS_SWITCH_SELF, MPS_CHECK_SWITCH_ERRORS},  {MPS_SWITCH_BEYOND, MPS_CHECK_SWITCH_ERRORS},
        {MPS_SWITCH_SELF, MPS_CHECK_SWITCH_STATE},   {MPS_SWITCH_BEYOND, MPS_CHECK_SWITCH_STATE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        mps_sound(&record);
        assert_null(mps_unsafe(&record, calls[i].call));
        record.answers[MPS_INFO_BEYOND].status = MPS_INVALID_PARAMETER;
        record.processors[0].flags &= ~(uint32_t)MPS_FLAG_BSP;
        const char *why = mps_unsafe(&record, calls[i].call);
        assert_non_null(why);
        assert_passes(calls[i].check); /* all were asked */
        record.answers[calls[i].call].ending = MPS_NOT_ASKED;
        assert_skips(calls[i].check, why);
        if (calls[i].check != MPS_CHECK_SWITCH_STATE) {
            record.answers[sibling(calls[i].call)].status = MPS_SUCCESS;
            assert_fails(calls[i].check, "", "EFI_SUCCESS");
        }
    }
}

static void who_the_bsp_is_must_be_agreed(void **state)
{
    (void)state;
    mps_sound(&record);
    record.bsp_who = 1;
    assert_non_null(mps_unsafe(&record, MPS_SWITCH_SELF));
    assert_null(mps_unsafe(&record, MPS_SWITCH_BEYOND));
    mps_sound(&record);
    record.bsp = CPU_NONE;
    assert_non_null(mps_unsafe(&record, MPS_SWITCH_THERE));
    mps_sound(&record);
    record.answers[MPS_INFO_BEYOND].ending = MPS_NOT_ASKED;
    assert_non_null(mps_unsafe(&record, MPS_DISABLE_BEYOND));
    assert_null(mps_unsafe(&record, MPS_DISABLE_BSP));
    assert_null(mps_unsafe(&record, MPS_DISABLE));
}

static void a_disabled_ap_is_asked_only_where_that_can_be_undone(void **state)
{
    struct mps_trial *trial = mps_trial(&record, MPS_ALL_WITHOUT);
    (void)state;
    for (uint32_t why = 0; why < 6; why++) {
        mps_sound(&record);
        assert_null(mps_unsafe(&record, MPS_SWITCH_DISABLED));
        record.answers[MPS_SWITCH_DISABLED].ending = MPS_NOT_ASKED;
        switch (why) {
        case 0:
            record.bsp_flag_fixed = true;
            break;
        case 1:
            record.disabling.flags_off = MPS_FLAG_ENABLED;
            break;
        case 2:
            record.answers[MPS_ALL_WITHOUT].ending = MPS_NOT_ASKED;
            break;
        case 3:
            record.answers[MPS_ALL_WITHOUT].status = MPS_NOT_READY;
            break;
        case 4:
            cpuset_add(&trial->ran, 3);
            break;
        default: /* who did not run need not be out of use, where others did not either */
            cpuset_clear(&trial->ran);
        }
        assert_non_null(mps_unsafe(&record, MPS_SWITCH_DISABLED));
        assert_skips(MPS_CHECK_SWITCH_ERRORS,
                     why == 0 ? "IA32_APIC_BASE.BSP cannot be cleared" : "was not seen out of use");
        assert_passes(MPS_CHECK_SWITCH_STATE);
    }
}

/* The claim says with --switch-bsp; and firmware need not be able to disable any. */
static void nobody_need_be_asked_about_a_disabled_ap(void **state)
{
    (void)state;
    for (uint32_t why = 0; why < 3; why++) {
        mps_sound(&record);
        record.answers[MPS_SWITCH_DISABLED].ending = MPS_NOT_ASKED;
        record.bsp_flag_fixed = why > 0;
        record.switch_wanted = why > 0;
        record.answers[MPS_DISABLE].ending = why == 1 ? MPS_NOT_ASKED : MPS_RETURNED;
        record.answers[MPS_DISABLE].status = why == 2 ? MPS_UNSUPPORTED : MPS_SUCCESS;
        assert_passes(MPS_CHECK_SWITCH_ERRORS);
    }
}

static void who_runs_is_not_looked_at_where_there_are_too_many(void **state)
{
    (void)state;
    mps_sound(&record);
    assert_null(mps_unsafe(&record, MPS_ALL_WITHOUT));
    record.crowded = true;
    record.answers[MPS_ALL_WITHOUT].ending = MPS_NOT_ASKED;
    assert_skips(MPS_CHECK_DISABLE, "who runs while one is disabled was not looked at");
    record.disabling.enabled_off = 4;
    assert_fails(MPS_CHECK_DISABLE, "3 enabled", "4 enabled");
    record.answers[MPS_DISABLE].status = MPS_UNSUPPORTED;
    assert_null(mps_unsafe(&record, MPS_ALL_WITHOUT));
}

static void after_one_that_was_obeyed_no_other_is_asked(void **state)
{
    static const enum mps_call calls[] = {MPS_SWITCH_SELF, MPS_SWITCH_BEYOND, MPS_SWITCH_DISABLED,
                                          MPS_SWITCH_THERE};
    (void)state;
    mps_sound(&record);
    record.switching.obeyed = true;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        assert_non_null(mps_unsafe(&record, calls[i]));
        record.answers[calls[i]].ending = MPS_NOT_ASKED;
    }
    assert_skips(MPS_CHECK_SWITCH_STATE, "that must be refused was not");
    assert_null(mps_unsafe(&record, MPS_DISABLE_BSP));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_sure_is_not_asked),
        cmocka_unit_test(who_the_bsp_is_must_be_agreed),
        cmocka_unit_test(a_disabled_ap_is_asked_only_where_that_can_be_undone),
        cmocka_unit_test(nobody_need_be_asked_about_a_disabled_ap),
        cmocka_unit_test(who_runs_is_not_looked_at_where_there_are_too_many),
        cmocka_unit_test(after_one_that_was_obeyed_no_other_is_asked),
    };
    return RUN(tests);
}
