#include "unit.h"

#include "machine.h"

#include <muster/falsify.h>
#include <muster/judge_roll.h>

typedef enum verdict judge_function(const struct claims *claims, struct words *ret);

static const struct {
    const char *id;
    judge_function *judge;
    void (*falsify)(struct claims *claims);
} checks[] = {
    {"roll.agree", judge_roll_agree, falsify_roll_agree},
    {"roll.unique", judge_roll_unique, falsify_roll_unique},
    {"roll.bsp-first", judge_roll_bsp_first, falsify_roll_bsp_first},
};

enum { CHECKS = sizeof(checks) / sizeof(checks[0]) };

static struct claims claims;

/* A defect fails its own check and leaves the others their verdict. */
static void expect_only(const char *break_id)
{
    struct words words;
    for (size_t i = 0; i < CHECKS; i++) {
        const bool planted = strcmp(checks[i].id, break_id) == 0;
        const enum verdict verdict = checks[i].judge(&claims, &words);
        if (planted ? verdict != VERDICT_FAIL
                    : verdict != VERDICT_PASS && verdict != VERDICT_SKIP) {
            fail_msg("--break %s: %s is %s: %s", break_id, checks[i].id, verdict_name(verdict),
                     words.seen);
        }
    }
}

static void a_defect_fails_its_own_check_alone(void **state)
{
    (void)state;
    for (uint32_t cpus = 1; cpus <= 5; cpus++) {
        for (size_t i = 0; i < CHECKS; i++) {
            machine_make(&claims, cpus);
            checks[i].falsify(&claims);
            expect_only(checks[i].id);
        }
    }
}

static void it_does_so_where_the_madt_is_all_there_is(void **state)
{
    (void)state;
    for (uint32_t cpus = 1; cpus <= 3; cpus++) {
        for (size_t i = 1; i < CHECKS; i++) {
            machine_make(&claims, cpus);
            memset(&claims.mps, 0, sizeof(claims.mps));
            checks[i].falsify(&claims);
            expect_only(checks[i].id);
        }
    }
}

static void it_does_so_where_mp_services_are_all_there_is(void **state)
{
    (void)state;
    for (size_t i = 1; i < CHECKS; i++) {
        machine_make(&claims, 3);
        memset(&claims.madt, 0, sizeof(claims.madt));
        checks[i].falsify(&claims);
        expect_only(checks[i].id);
    }
}

static void disabled_cpus_are_left_out_of_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < CHECKS; i++) {
        machine_make(&claims, 3);
        machine_add_mps(&claims, 0x40, false);
        machine_add_madt(&claims, 0x40, false);
        checks[i].falsify(&claims);
        expect_only(checks[i].id);
    }
}

static void who_am_i_moves_with_the_bsp(void **state)
{
    (void)state;
    memset(&claims, 0, sizeof(claims));
    claims.bsp_apic_id = 4;
    claims.mps.present = claims.madt.present = true;
    machine_add_madt(&claims, 4, true);
    machine_add_madt(&claims, 0, true);
    machine_add_mps(&claims, 0, true);
    machine_add_mps(&claims, 4, true);
    falsify_roll_agree(&claims);
    assert_int_equal(claims.mps.count, 1);
    assert_int_equal(claims.mps.who_am_i, 0);
    expect_only("roll.agree");
}

static void a_full_house_is_not_overrun(void **state)
{
    (void)state;
    machine_make(&claims, CPU_MAX);
    falsify_roll_unique(&claims);
    assert_int_equal(claims.madt.count, CPU_MAX);
    memset(&claims.madt, 0, sizeof(claims.madt));
    falsify_roll_unique(&claims);
    assert_int_equal(claims.mps.count, CPU_MAX);
}

static void an_empty_house_is_not_overrun(void **state)
{
    (void)state;
    memset(&claims, 0, sizeof(claims));
    for (size_t i = 0; i < CHECKS; i++) {
        checks[i].falsify(&claims);
    }
}

static void a_wrong_checksum_fails_roll_madt(void **state)
{
    (void)state;
    struct words words;
    machine_make(&claims, 2);
    assert_int_equal(judge_roll_madt(&claims, &words), VERDICT_PASS);
    falsify_roll_madt(&claims);
    assert_int_equal(judge_roll_madt(&claims, &words), VERDICT_FAIL);
}

static void a_wrong_checksum_is_told_where_notes_are_full(void **state)
{
    (void)state;
    struct words words;
    machine_make(&claims, 2);
    for (uint32_t n = 0; n < 2 * NOTE_MAX; n++) {
        note_add(&claims.notes, n % 2 ? "roll.srat" : "", "note %u", n);
    }
    falsify_roll_madt(&claims);
    assert_int_equal(judge_roll_madt(&claims, &words), VERDICT_FAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_defect_fails_its_own_check_alone),
        cmocka_unit_test(it_does_so_where_the_madt_is_all_there_is),
        cmocka_unit_test(it_does_so_where_mp_services_are_all_there_is),
        cmocka_unit_test(disabled_cpus_are_left_out_of_it),
        cmocka_unit_test(who_am_i_moves_with_the_bsp),
        cmocka_unit_test(a_full_house_is_not_overrun),
        cmocka_unit_test(an_empty_house_is_not_overrun),
        cmocka_unit_test(a_wrong_checksum_fails_roll_madt),
        cmocka_unit_test(a_wrong_checksum_is_told_where_notes_are_full),
    };
    return RUN(tests);
}
