#include "mps_sound.h"

static struct mps_record record;

/* Four processors of whom nobody has run yet. */
static void make(void)
{
    mps_sound(&record);
    memset(mps_trial(&record, MPS_ALL), 0, sizeof(struct mps_trial));
    for (uint32_t number = 0; number < 4; number++) {
        record.processors[number].runs = 0;
        record.processors[number].cpu_id = 0;
    }
}

static const struct mps_ticket all[] = {{6, 3, 0, 2}, {2, 1, 0, 2}, {4, 2, 0, 2}};

static void assert_trial(uint64_t asked, uint64_t ran, uint64_t again, uint32_t strangers)
{
    const struct mps_trial *trial = mps_trial(&record, MPS_ALL);
    assert_int_equal(trial->asked.bits[0], asked);
    assert_int_equal(trial->ran.bits[0], ran);
    assert_int_equal(trial->again.bits[0], again);
    assert_int_equal(trial->strangers, strangers);
}

static void tickets_are_told_apart_by_apic_id(void **state)
{
    (void)state;
    make();
    mps_census(&record, all, 3);
    assert_trial(0xe, 0xe, 0, 0);
    assert_int_equal(record.processors[3].cpu_id, 6);
    assert_int_equal(record.processors[3].who_null_status, MPS_INVALID_PARAMETER);
}

static void a_wrong_processor_id_is_found_by_who_am_i(void **state)
{
    (void)state;
    make();
    record.processors[1].id = 0x63;
    mps_census(&record, all, 3);
    assert_trial(0xe, 0xe, 0, 0);
    assert_int_equal(record.processors[1].cpu_id, 2);
}

/* Each ProcessorId is somebody's: only WhoAmI tells that they are not in their places. */
static void swapped_processor_ids_do_not_mislead(void **state)
{
    (void)state;
    make();
    record.processors[1].id = 6;
    record.processors[3].id = 2;
    mps_census(&record, all, 3);
    assert_trial(0xe, 0xe, 0, 0);
    assert_int_equal(record.processors[1].cpu_id, 2);
    assert_int_equal(record.processors[3].cpu_id, 6);
}

static void the_bsp_is_who_it_says(void **state)
{
    (void)state;
    make();
    record.processors[0].id = 2;
    record.processors[1].id = 0;
    record.bsp = 1;
    record.bsp_who = 0;
    mps_census(&record, all, 3);
    assert_int_equal(record.bsp, 0);
    assert_int_equal(record.processors[0].cpu_id, record.bsp_id);
    assert_trial(0xe, 0xe, 0, 0);
    /* Without an AP's answer beside it, its word alone is not enough. */
    make();
    record.bsp = 1;
    mps_census(&record, all, 0);
    assert_int_equal(record.bsp, 1);
}

/* One that fails, is out of range, or is told to two: APIC IDs are better. */
static void who_am_i_is_believed_as_a_whole(void **state)
{
    struct mps_ticket tickets[3];
    (void)state;
    for (uint32_t damage = 0; damage < 4; damage++) {
        make();
        memcpy(tickets, all, sizeof(tickets));
        /* Two APs swapped, which would be believed. */
        tickets[1].who = 2;
        tickets[2].who = 1;
        tickets[0].who_status = damage == 0 ? MPS_NOT_FOUND : MPS_SUCCESS;
        tickets[0].who = damage == 1 ? 4 : damage == 2 ? 1 : damage == 3 ? 0 : 3;
        mps_census(&record, tickets, 3);
        assert_trial(0xe, 0xe, 0, 0);
        assert_int_equal(record.processors[1].cpu_id, 2);
        assert_int_equal(record.processors[2].cpu_id, 4);
    }
}

static void a_wrong_who_am_i_does_not_mislead(void **state)
{
    struct mps_ticket tickets[3];
    (void)state;
    make();
    memcpy(tickets, all, sizeof(tickets));
    tickets[1].who = 2;
    mps_census(&record, tickets, 3);
    assert_trial(0xe, 0xe, 0, 0);
    assert_int_equal(record.processors[1].who, 2);
}

static void one_id_for_two_processors(void **state)
{
    (void)state;
    make();
    record.processors[2].id = 2;
    mps_census(&record, all, 3);
    assert_trial(0xe, 0xe, 0, 0);
    assert_int_equal(record.processors[1].cpu_id, 2);
    assert_int_equal(record.processors[2].cpu_id, 4);
}

static void who_did_not_run_and_who_ran_twice(void **state)
{
    const struct mps_ticket tickets[] = {{2, 1, 0, 2}, {2, 1, 0, 2}, {4, 2, 0, 2}};
    (void)state;
    make();
    mps_census(&record, tickets, 3);
    assert_trial(0xe, 0x6, 0x2, 0);
}

static void strangers_and_the_bsp(void **state)
{
    const struct mps_ticket tickets[] = {
        {0, 0, 0, 2}, {0x40, 9, 0, 2}, {0x42, 3, 7, 2}, {0x44, UINT64_MAX, 0, 2}, {6, 3, 0, 2}};
    (void)state;
    make();
    mps_census(&record, tickets, 5);
    assert_trial(0xe, 0x8, 0, 3);
    assert_int_equal(mps_trial(&record, MPS_ALL)->on_bsp, 1);
}

static void a_disabled_processor_is_not_asked(void **state)
{
    (void)state;
    make();
    record.processors[2].flags = MPS_FLAG_HEALTHY;
    mps_census(&record, all, 3);
    assert_trial(0xa, 0xe, 0, 0);
}

static void nobody_at_all(void **state)
{
    (void)state;
    make();
    record.count = 0;
    mps_census(&record, all, 3);
    assert_trial(0, 0, 0, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tickets_are_told_apart_by_apic_id),
        cmocka_unit_test(a_wrong_processor_id_is_found_by_who_am_i),
        cmocka_unit_test(swapped_processor_ids_do_not_mislead),
        cmocka_unit_test(the_bsp_is_who_it_says),
        cmocka_unit_test(who_am_i_is_believed_as_a_whole),
        cmocka_unit_test(a_wrong_who_am_i_does_not_mislead),
        cmocka_unit_test(one_id_for_two_processors),
        cmocka_unit_test(who_did_not_run_and_who_ran_twice),
        cmocka_unit_test(strangers_and_the_bsp),
        cmocka_unit_test(a_disabled_processor_is_not_asked),
        cmocka_unit_test(nobody_at_all),
    };
    return RUN(tests);
}
