/* The words and names that a record becomes, how much it may take, and its trail. */
#include "recorded.h"

#include <muster/record_document.h>

static char buffer[TAP_TEXT_MAX];
static char whole[1 << 20];

static const char *file_name(const char *system, uint32_t number)
{
    struct text out;
    strcpy(contents.system, system);
    text_init(&out, buffer, sizeof(buffer));
    record_file_name(&out, &contents, number);
    return buffer;
}

static void files_have_names_that_fat_takes(void **state)
{
    (void)state;
    memset(&contents, 0, sizeof(contents));
    assert_string_equal(file_name("", 1), "muster-undated-unnamed");
    contents.began = (struct record_time){2026, 1, 2, 3, 4, 5};
    assert_string_equal(file_name("Standard PC (Q35 + ICH9, 2009)", 1),
                        "muster-2026-01-02-030405-Standard-PC-Q35-ICH9-2009");
    assert_string_equal(file_name("..\\con:", 2), "muster-2026-01-02-030405-con-2");
    strcpy(contents.report.firmware, "EDK II");
    assert_string_equal(file_name("", 1), "muster-2026-01-02-030405-EDK-II");
    contents.began.month = 250;
    assert_true(strlen(file_name("a system whose name goes on and on and on and on", 99)) < 80);
}

static const char *death(void)
{
    struct text out;
    text_init(&out, buffer, sizeof(buffer));
    record_death(&out, &contents, &recorded_catalogue);
    return buffer;
}

static void die_in(uint32_t done, const char *doing)
{
    recorded_report.ended = false;
    recorded_report.results_done = done;
    recorded_mark(doing);
    recorded_read();
    assert_int_equal(contents.state, RECORD_DIED);
}

static void nothing_behind(uint32_t done)
{
    for (uint32_t n = done; n < recorded_report.result_count; n++) {
        recorded_report.results[n].verdict = VERDICT_NONE;
    }
}

static void a_death_is_told_by_its_mark(void **state)
{
    (void)state;
    die_in(7, "family1.check-8");
    assert_string_equal(death(),
                        "the previous run ended in family1.check-8 or a check after it, up to "
                        "family1.check-15; 7 of 52 checks were done before; likely a triple fault, "
                        "unless somebody switched the machine off");
    cpuset_add(&recorded_report.lost, 2);
    die_in(48, "family7.check-59");
    assert_non_null(strstr(death(), "; lost before: CPU 2; likely a hang"));
    die_in(0, "calling the CPUs");
    assert_non_null(strstr(death(), "ended in calling the CPUs; lost before: CPU 2;"));
}

/* Sets of thousands of CPUs are cut between two numbers, and the rest is counted. */
static void a_death_is_told_whole(void **state)
{
    (void)state;
    for (uint32_t n = 8; n < 16; n++) {
        snprintf(recorded_ids[n], RECORD_WORD_MAX, "a-family-of-long-names.check-%02u", n);
    }
    recorded_last_mark = true;
    die_in(7, recorded_ids[8]);
    for (uint32_t cpu = 1000; cpu < CPU_MAX; cpu += 2) {
        cpuset_add(&contents.report.lost, cpu);
        cpuset_add(&contents.not_heard, cpu + 1);
    }
    const char *sets = "; lost before: CPUs 1000,1002,1004,1006,1008,1010,1012,1014,1016,1018,... "
                       "and 1538 more; not yet heard: CPUs 1001,1003,1005,1007,1009,1011,1013,1015,"
                       "1017,1019,... and 1538 more; ";
    assert_non_null(strstr(death(), sets));
    assert_true(strlen(death()) < RECORD_DEATH_MAX);
    contents.last_mark = false;
    assert_non_null(strstr(death(), " or a check after it, up to "));
    assert_true(strlen(death()) < RECORD_DEATH_MAX);
}

static void a_last_mark_tells_no_place(void **state)
{
    (void)state;
    static struct record_trail trail;
    const struct cpuset asked = {{1}};
    recorded_last_mark = true;
    die_in(7, "family1.check-8");
    assert_string_equal(death(),
                        "the previous run ended in family1.check-8 or any check after it; at least "
                        "7 of 52 checks were done before; later ones were not marked, to spare the "
                        "variable store; likely a hang or a reset, unless somebody switched the "
                        "machine off");
    memset(&trail, 0, sizeof(trail));
    trail_begin(&trail, 0xcafe, 9, &asked);
    record_follow(&contents, &trail);
    assert_non_null(strstr(death(), "ended in family1.check-10; 9 of 52 checks were done before;"));
    recorded_last_mark = false;
    die_in(7, "family1.check-8");
    assert_non_null(strstr(death(), "check-8 or a check after it, up to"));
}

static void a_trail_that_ended_is_no_death(void **state)
{
    (void)state;
    static struct record_trail trail;
    const struct cpuset nobody = {{0}};
    memset(&trail, 0, sizeof(trail));
    trail_begin(&trail, 0xcafe, TRAIL_ENDED, &nobody);
    nothing_behind(7);
    die_in(7, "family1.check-8");
    record_follow(&contents, &trail);
    assert_string_equal(death(), "the previous run came to its end, but its verdict is not in the "
                                 "record: 7 of 52 checks are told");
    contents.report.result_count = 0;
    assert_string_equal(death(),
                        "the previous run came to its end, but its verdict is not in the record");
}

static void its_trail_names_the_very_check_and_who_was_missing(void **state)
{
    (void)state;
    static struct record_trail trail;
    struct cpuset asked;
    cpuset_fill(&asked, 4);
    memset(&trail, 0xa5, sizeof(trail));
    die_in(7, "family1.check-8");
    record_follow(&contents, &trail);
    assert_false(contents.trailed);
    memset(&trail, 0, sizeof(trail));
    trail_begin(&trail, 0xcafe, 8, &asked);
    struct trail_step *step = trail_begin(&trail, 0xcafe, 9, &asked);
    step->heard.bits[0] = 0xb;
    record_follow(&contents, &trail);
    assert_true(contents.trailed);
    assert_string_equal(death(), "the previous run ended in family1.check-10; 9 of 52 checks were "
                                 "done before; not yet heard: CPU 2; likely a triple fault, "
                                 "unless somebody switched the machine off");
}

static void a_step_half_written_leaves_the_one_before(void **state)
{
    (void)state;
    static struct record_trail trail;
    struct cpuset asked = {{1}};
    memset(&trail, 0, sizeof(trail));
    assert_null(trail_read(&trail, 7));
    trail_begin(&trail, 7, 1, &asked);
    trail_begin(&trail, 7, 2, &asked)->crc ^= 1;
    assert_int_equal(trail_read(&trail, 7)->result, 1);
    assert_null(trail_read(&trail, 8));
}

static void half_the_store_is_left_to_others(void **state)
{
    (void)state;
    struct record_claim claim = {
        .store = {.size = 65536, .remaining = 60000, .variable_max = 33716}};
    record_plan(&claim);
    assert_true(claim.kept);
    assert_int_equal(claim.budget, 32768 - 5536);
    assert_int_equal(claim.piece, RECORD_VARIABLE_MAX - RECORD_OVERHEAD);
    claim.store.variable_max = 600;
    record_plan(&claim);
    assert_int_equal(claim.piece, 600 - RECORD_OVERHEAD);
    claim.store.remaining = 34000;
    record_plan(&claim);
    assert_false(claim.kept);
    assert_non_null(strstr(claim.why_not, "31536 of the variable store's 65536 bytes"));
    claim.store =
        (struct record_store_claim){.size = 65536, .remaining = 70000, .variable_max = 99};
    record_plan(&claim);
    assert_false(claim.kept);
    assert_non_null(strstr(claim.why_not, "variables of 99 bytes"));
}

static void marks_leave_room_for_the_result_and_spare_the_flash(void **state)
{
    (void)state;
    const struct record_claim claim = {.budget = 8192, .piece = 928};
    assert_true(record_may_mark(&claim, 3072, 0));
    assert_false(record_may_mark(&claim, 3073, 0));
    assert_true(record_may_mark(&claim, 0, RECORD_MARKS - 1));
    assert_false(record_may_mark(&claim, 0, RECORD_MARKS));
}

static bool collect(void *context, const char *text)
{
    uint32_t *left = context;
    strcat(whole, text);
    return (*left)-- > 0;
}

static void a_record_becomes_tap(void **state)
{
    (void)state;
    uint32_t left = 1000;
    recorded_fail(12, 2, VERDICT_FAIL, "a stack that is not its own");
    recorded_mark("");
    recorded_result(RECORD_STREAM_MAX);
    recorded_read();
    whole[0] = '\0';
    assert_true(record_tap(&contents, &recorded_catalogue, buffer, collect, &left));
    assert_memory_equal(whole,
                        "TAP version 14\n1..52\n# record: of a run begun at 2026-11-20 "
                        "15:04:05 on \"Standard PC (Q35)\"\n# muster 0.1 build 1a2b3c4d;",
                        100);
    assert_non_null(strstr(whole, "\nnot ok 13 - family1.check-14 # CPU 2 of 4\n  ---\n"));
    assert_non_null(strstr(whole, "\n# muster: FAIL 1 of 52 checks; 4 CPUs; 412 ms\n"));
    left = 0;
    assert_false(record_tap(&contents, &recorded_catalogue, buffer, collect, &left));
}

static void a_death_ends_the_tap(void **state)
{
    (void)state;
    uint32_t left = 1000;
    nothing_behind(7);
    die_in(7, "family1.check-8");
    whole[0] = '\0';
    assert_true(record_tap(&contents, &recorded_catalogue, buffer, collect, &left));
    assert_non_null(strstr(whole, "\nok 7 - family0.check-7 # 4 CPUs\nBail out! the previous run "
                                  "ended in family1.check-8 or"));
    assert_null(strstr(whole, "# muster:"));
}

static void an_end_without_a_result_is_no_death(void **state)
{
    (void)state;
    uint32_t left = 1000;
    recorded_fail(12, 2, VERDICT_FAIL, "a stack that is not its own");
    recorded_mark("");
    recorded_read();
    assert_int_equal(contents.state, RECORD_ENDED);
    assert_int_equal(contents.damaged + contents.missing + contents.cut, 0);
    whole[0] = '\0';
    assert_true(record_tap(&contents, &recorded_catalogue, buffer, collect, &left));
    assert_non_null(strstr(whole, "\n# record: the result is missing: "));
    assert_non_null(strstr(whole, "\nnot ok 13 - family1.check-14 # CPU 2 of 4\n  ---\n"));
    assert_non_null(strstr(whole, "\n# muster: FAIL 1 of 52 checks; 4 CPUs; 412 ms\n"));
    assert_null(strstr(whole, "Bail out!"));
    recorded_result(RECORD_STREAM_MAX);
    recorded_read();
    assert_false(contents.mark_only);
}

static void damage_the_start(void)
{
    for (uint32_t n = 0; n < 30; n++) {
        recorded_fail(n, 1, VERDICT_FAIL, "a stack that is not its own");
    }
    recorded_mark("");
    recorded_result(RECORD_STREAM_MAX);
    variables.bytes[0][RECORD_HEADER] ^= 1;
    variables.bytes[1][RECORD_HEADER] ^= 1;
    recorded_read();
}

static void an_end_without_its_verdict_is_no_pass(void **state)
{
    (void)state;
    uint32_t left = 1000;
    damage_the_start();
    whole[0] = '\0';
    assert_true(record_tap(&contents, &recorded_catalogue, buffer, collect, &left));
    assert_string_equal(whole, "TAP version 14\n# record: of a run\n"
                               "# record: 2 variables are damaged: what they held is lost\n"
                               "# record: 1 piece of the result is missing\n"
                               "Bail out! the previous run came to its end, but its verdict is not "
                               "in the record\n");
    whole[0] = '\0';
    assert_true(record_document(&contents, &recorded_catalogue, buffer, collect, &left));
    assert_null(strstr(whole, "\"verdict\""));
    assert_non_null(strstr(whole, "\"ended\":false"));
}

static void a_run_that_ended_was_in_no_check(void **state)
{
    (void)state;
    uint32_t left = 1000;
    nothing_behind(7);
    die_in(7, "family1.check-8");
    whole[0] = '\0';
    assert_true(record_document(&contents, &recorded_catalogue, buffer, collect, &left));
    assert_non_null(strstr(whole, "\"family1.check-8\""));
    contents.end_lost = true;
    whole[0] = '\0';
    assert_true(record_document(&contents, &recorded_catalogue, buffer, collect, &left));
    assert_null(strstr(whole, "\"family1.check-8\""));
}

/* Not even that there is none: 0 CPUs, 0 checks, a firmware without a name, no hypervisor. */
static void what_is_not_in_the_record_is_left_out(void **state)
{
    static const char *const keys[] = {"version",    "build",   "planned",  "firmware",
                                       "hypervisor", "claimed", "arrivals", "system"};
    (void)state;
    uint32_t left = 1000;
    damage_the_start();
    whole[0] = '\0';
    assert_true(record_document(&contents, &recorded_catalogue, buffer, collect, &left));
    for (uint32_t n = 0; n < sizeof(keys) / sizeof(keys[0]); n++) {
        char key[32];
        snprintf(key, sizeof(key), "\"%s\":", keys[n]);
        assert_null(strstr(whole, key));
    }
}

/* Nor who did not answer; else a record would say of every CPU that it did not. */
static void who_answers_is_not_known_before_they_are_called(void **state)
{
    (void)state;
    uint32_t left = 1000;
    recorded_report.cpus_answered = 0;
    nothing_behind(0);
    die_in(0, "calling the CPUs");
    whole[0] = '\0';
    assert_true(record_tap(&contents, &recorded_catalogue, buffer, collect, &left));
    assert_non_null(strstr(whole, "; 4 CPUs claimed\n"));
}

static void who_was_not_heard_is_told(void **state)
{
    (void)state;
    uint32_t left = 1000;
    die_in(7, "family1.check-8");
    cpuset_add(&contents.not_heard, 1);
    cpuset_add(&contents.not_heard, 3);
    whole[0] = '\0';
    assert_true(record_document(&contents, &recorded_catalogue, buffer, collect, &left));
    assert_non_null(strstr(whole, "; not yet heard: CPUs 1,3; likely"));
    assert_non_null(strstr(whole, "\n,\"not_heard\":\"1,3\"\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_have_names_that_fat_takes),
        cmocka_unit_test_setup(a_death_is_told_by_its_mark, recorded_fresh),
        cmocka_unit_test_setup(a_death_is_told_whole, recorded_fresh),
        cmocka_unit_test_setup(a_last_mark_tells_no_place, recorded_fresh),
        cmocka_unit_test_setup(a_trail_that_ended_is_no_death, recorded_fresh),
        cmocka_unit_test_setup(its_trail_names_the_very_check_and_who_was_missing, recorded_fresh),
        cmocka_unit_test(a_step_half_written_leaves_the_one_before),
        cmocka_unit_test(half_the_store_is_left_to_others),
        cmocka_unit_test(marks_leave_room_for_the_result_and_spare_the_flash),
        cmocka_unit_test_setup(a_record_becomes_tap, recorded_fresh),
        cmocka_unit_test_setup(a_death_ends_the_tap, recorded_fresh),
        cmocka_unit_test_setup(an_end_without_its_verdict_is_no_pass, recorded_fresh),
        cmocka_unit_test_setup(a_run_that_ended_was_in_no_check, recorded_fresh),
        cmocka_unit_test_setup(what_is_not_in_the_record_is_left_out, recorded_fresh),
        cmocka_unit_test_setup(who_answers_is_not_known_before_they_are_called, recorded_fresh),
        cmocka_unit_test_setup(who_was_not_heard_is_told, recorded_fresh),
        cmocka_unit_test_setup(an_end_without_a_result_is_no_death, recorded_fresh),
    };
    return RUN(tests);
}
