#include "unit.h"

#include "machine.h"
#include "madt_table.h"

#include <muster/claims_plant.h>
#include <muster/judge_roll.h>

typedef enum verdict judge_function(const struct claims *claims, struct words *ret);

static const struct {
    const char *id;
    judge_function *judge;
} checks[] = {
    {"roll.agree", judge_roll_agree},
    {"roll.unique", judge_roll_unique},
    {"roll.bsp-first", judge_roll_bsp_first},
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
            claims_plant(checks[i].id, &claims);
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
            claims_plant(checks[i].id, &claims);
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
        claims_plant(checks[i].id, &claims);
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
        claims_plant(checks[i].id, &claims);
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
    claims_plant("roll.agree", &claims);
    assert_int_equal(claims.mps.count, 1);
    assert_int_equal(claims.mps.who_am_i, 0);
    expect_only("roll.agree");
}

static void a_full_house_is_not_overrun(void **state)
{
    (void)state;
    machine_make(&claims, CPU_MAX);
    claims_plant("roll.unique", &claims);
    assert_int_equal(claims.madt.count, CPU_MAX);
    memset(&claims.madt, 0, sizeof(claims.madt));
    claims_plant("roll.unique", &claims);
    assert_int_equal(claims.mps.count, CPU_MAX);
}

static void other_ids_change_nothing(void **state)
{
    (void)state;
    static struct claims before;
    machine_make(&before, 4);
    machine_make(&claims, 4);
    claims_plant("", &claims);
    claims_plant("roll.madt", &claims);
    claims_plant("df.guard-page", &claims);
    assert_memory_equal(&claims, &before, sizeof(claims));
    memset(&claims, 0, sizeof(claims));
    for (size_t i = 0; i < CHECKS; i++) {
        claims_plant(checks[i].id, &claims); /* nothing to spoil, nothing to overrun */
    }
}

static void the_falsified_madt_fails_roll_madt(void **state)
{
    (void)state;
    static struct madt_table table;
    struct words words;
    table_begin(&table);
    table_seal(&table);
    memset(&claims, 0, sizeof(claims));
    madt_read(table.bytes, table.size, &claims.madt, &claims.notes);
    assert_int_equal(judge_roll_madt(&claims, &words), VERDICT_PASS);
    claims_plant_madt(table.bytes, table.size);
    madt_read(table.bytes, table.size, &claims.madt, &claims.notes);
    assert_int_equal(judge_roll_madt(&claims, &words), VERDICT_FAIL);
    claims_plant_madt(table.bytes, 9);
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
        cmocka_unit_test(other_ids_change_nothing),
        cmocka_unit_test(the_falsified_madt_fails_roll_madt),
    };
    return RUN(tests);
}
