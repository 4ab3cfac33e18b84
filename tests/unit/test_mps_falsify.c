#include "mps_sound.h"

#include <muster/falsify.h>

static struct mps_record record;

/* The defect `id` in `record`: its own check must fail, and no other. */
static void expect_only(enum mps_check planted)
{
    struct words words;
    falsify_mps(&record, planted);
    for (uint32_t check = 0; check < MPS_CHECKS; check++) {
        const enum verdict verdict = mps_judge(&record, check, &words);
        const bool fails = verdict == VERDICT_FAIL;
        if (fails != (check == planted)) {
            fail_msg("--break %s: %s is %s: %s", mps_check_id(planted), mps_check_id(check),
                     verdict_name(verdict), words.seen);
        }
    }
}

static void a_defect_fails_its_own_check_alone(void **state)
{
    (void)state;
    for (uint32_t check = 0; check < MPS_CHECKS; check++) {
        mps_sound(&record);
        expect_only(check);
    }
}

/* What EDK II does is excused; what is planted on top of it is not. */
static void it_does_so_on_edk2(void **state)
{
    (void)state;
    for (uint32_t check = 0; check < MPS_CHECKS; check++) {
        mps_sound(&record);
        record.answers[MPS_THIS_BUSY].status = MPS_SUCCESS;
        record.switch_changed.calls = 3;
        record.switch_changed.first = MPS_SWITCH_SELF;
        record.switch_changed.before.parts[MPS_STATE_LVT_LINT0] = 0x700;
        record.switch_changed.after.parts[MPS_STATE_LVT_LINT0] = 0x10700;
        expect_only(check);
    }
}

static void nothing_is_planted_where_nothing_was_asked(void **state)
{
    static struct mps_record before;
    (void)state;
    for (uint32_t check = 0; check < MPS_CHECKS; check++) {
        memset(&record, 0, sizeof(record));
        record.asked = true;
        before = record;
        falsify_mps(&record, check);
        assert_memory_equal(&record, &before, sizeof(record));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_defect_fails_its_own_check_alone),
        cmocka_unit_test(it_does_so_on_edk2),
        cmocka_unit_test(nothing_is_planted_where_nothing_was_asked),
    };
    return RUN(tests);
}
