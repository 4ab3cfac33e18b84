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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_sure_is_not_asked),
        cmocka_unit_test(who_the_bsp_is_must_be_agreed),
    };
    return RUN(tests);
}
