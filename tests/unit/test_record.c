/* A record tells what the report told. */
#include "recorded.h"

#include <muster/record_name.h>

static void same_results(void)
{
    const struct report *seen = &contents.report;
    assert_int_equal(seen->result_count, recorded_report.result_count);
    for (uint32_t n = 0; n < seen->result_count; n++) {
        const struct check_result *a = &seen->results[n], *b = &recorded_report.results[n];
        assert_string_equal(a->id, b->id);
        assert_string_equal(a->claim, "a claim");
        assert_int_equal(a->verdict, b->verdict);
        assert_true(cpuset_equal(&a->examined, &b->examined));
        assert_true(cpuset_equal(&a->failed, &b->failed));
        assert_true(cpuset_equal(&a->set_aside, &b->set_aside));
        assert_int_equal(a->runs, b->runs);
        assert_false(a->runs_unknown);
        assert_string_equal(a->note, b->note);
        assert_int_equal(a->findings_dropped, b->findings_dropped);
        assert_int_equal(a->finding_count, b->finding_count);
        for (uint32_t i = 0; i < a->finding_count; i++) {
            const struct finding *fa = &seen->findings[a->first_finding + i];
            const struct finding *fb = &recorded_report.findings[b->first_finding + i];
            assert_int_equal(fa->verdict, fb->verdict);
            assert_true(cpuset_equal(&fa->cpus, &fb->cpus));
            assert_string_equal(fa->words.expected, fb->words.expected);
            assert_string_equal(fa->words.seen, fb->words.seen);
            assert_string_equal(fa->words.means, fb->words.means);
        }
    }
}

static void nothing_is_there(void **state)
{
    (void)state;
    recorded_read();
    assert_int_equal(contents.state, RECORD_NONE);
}

static void a_whole_run_comes_back(void **state)
{
    (void)state;
    struct report *report = &recorded_report;
    strcpy(report->hypervisor, "TCGTCGTCGTCG");
    report->break_id = "family1.check-9";
    strcpy(recorded_handoff.options.only, "family*");
    strcpy(report->results[7].note, "a remark");
    report->results[8].verdict = VERDICT_SKIP;
    cpuset_clear(&report->results[8].examined);
    strcpy(report->results[8].note, "the CPU does not offer it");
    recorded_handoff.options.repeat = 100;
    report->results[9].runs = 100;
    report->results[10].findings_dropped = 3;
    cpuset_clear(&report->results[11].examined);
    cpuset_add(&report->results[11].examined, 0);
    cpuset_add(&report->results[11].set_aside, 2);
    recorded_fail(12, 2, VERDICT_FAIL, "a stack that is not its own");
    recorded_fail(12, 3, VERDICT_FAIL, "a stack that is not its own");
    recorded_fail(13, CPU_NONE, VERDICT_ERROR, "nothing");
    recorded_fail(14, 1, VERDICT_DEVIATION, "EXT is clear");
    report->df.state[FIRST_PF][DF_COLUMNS - 1] = DF_WRONG;
    recorded_mark("family1.check-8");
    recorded_result(RECORD_STREAM_MAX);
    recorded_read();
    assert_int_equal(contents.state, RECORD_ENDED);
    assert_int_equal(contents.damaged + contents.missing + contents.cut + contents.other, 0);
    assert_int_equal(contents.findings_out + contents.remarks_out, 0);
    assert_false(contents.foreign);
    assert_int_equal(contents.began.year, 2026);
    assert_int_equal(contents.began.second, 5);
    assert_string_equal(contents.system, "Standard PC (Q35)");
    assert_string_equal(contents.options.only, "family*");
    assert_string_equal(contents.report.firmware, "EDK II");
    assert_string_equal(contents.report.version, "0.1");
    assert_string_equal(contents.report.break_id, "family1.check-9");
    assert_string_equal(contents.report.hypervisor, "TCGTCGTCGTCG");
    assert_true(contents.report.ended);
    assert_int_equal(contents.report.elapsed_us, 412000);
    assert_int_equal(contents.report.cpus_answered, 4);
    assert_int_equal(contents.report.df.state[FIRST_PF][DF_COLUMNS - 1], DF_WRONG);
    same_results();
}

static void arrivals_and_lost_cpus_come_back(void **state)
{
    (void)state;
    recorded_run(300);
    recorded_arrivals[7] = (struct arrival){.apic_id = 0xfffffffe,
                                            .stage = STAGE_GDT,
                                            .lost = true,
                                            .retries = 1,
                                            .waited_us = 6000123};
    cpuset_add(&recorded_report.lost, 7);
    recorded_mark("");
    recorded_result(RECORD_STREAM_MAX);
    recorded_read();
    assert_true(contents.arrivals_known);
    assert_ptr_equal(contents.report.arrivals, contents.arrivals);
    assert_true(contents.arrivals[7].lost);
    assert_int_equal(contents.arrivals[7].apic_id, 0xfffffffe);
    assert_int_equal(contents.arrivals[7].stage, STAGE_GDT);
    assert_int_equal(contents.arrivals[7].waited_us, 6000123);
    assert_int_equal(contents.arrivals[299].apic_id, 598);
    assert_int_equal(contents.arrivals[299].stage_us[STAGE_ONLINE], 599);
    assert_true(cpuset_equal(&contents.report.lost, &recorded_report.lost));
}

static void scattered_sets_of_4096_cpus_come_back(void **state)
{
    (void)state;
    recorded_run(CPU_MAX);
    struct check_result *result = &recorded_report.results[5];
    cpuset_clear(&result->examined);
    for (uint32_t cpu = 0; cpu < CPU_MAX; cpu += 2) {
        cpuset_add(&result->examined, cpu);
    }
    recorded_mark("");
    recorded_result(RECORD_STREAM_MAX);
    recorded_read();
    same_results();
}

static void a_mark_tells_what_was_running_and_what_failed_before(void **state)
{
    (void)state;
    struct report *report = &recorded_report;
    recorded_fail(6, 3, VERDICT_FAIL, "a stack that is not its own");
    report->results[4].verdict = VERDICT_SKIP;
    report->ended = false;
    report->results_done = 20;
    for (uint32_t n = 20; n < report->result_count; n++) {
        report->results[n].verdict = VERDICT_NONE;
        cpuset_clear(&report->results[n].examined);
    }
    recorded_mark("family2.check-21");
    recorded_read();
    assert_int_equal(contents.state, RECORD_DIED);
    assert_string_equal(contents.doing, "family2.check-21");
    assert_int_equal(contents.report.results_done, 20);
    assert_false(contents.report.ended);
    assert_int_equal(contents.report.results[19].verdict, VERDICT_PASS);
    assert_int_equal(contents.report.results[20].verdict, VERDICT_NONE);
    assert_int_equal(contents.report.results[6].verdict, VERDICT_FAIL);
    assert_int_equal(contents.report.results[6].finding_count, 1);
    assert_true(cpuset_has(&contents.report.results[6].failed, 3));
    assert_string_equal(contents.report.results[4].note, "the reason is not in the record");
    assert_int_equal(cpuset_count(&contents.report.results[19].examined), 4);
    assert_false(contents.report.results[19].runs_unknown);
    recorded_handoff.options.repeat = 100;
    recorded_mark("family2.check-21");
    recorded_read();
    assert_true(contents.report.results[19].runs_unknown);
}

static void what_does_not_fit_is_left_out_and_counted(void **state)
{
    (void)state;
    char seen[WORDS_SEEN_MAX];
    for (uint32_t n = 0; n < 40; n++) {
        memset(seen, 'a' + (int)n % 26, sizeof(seen) - 1);
        seen[sizeof(seen) - 1] = '\0';
        recorded_fail(n, 1, n == 39 ? VERDICT_FAIL : VERDICT_DEVIATION, seen);
    }
    assert_int_equal(recorded_result(2000), 3);
    recorded_read();
    assert_int_equal(contents.state, RECORD_ENDED);
    assert_int_equal(contents.report.results[39].finding_count, 1); /* the FAIL comes first */
    assert_true(contents.findings_out > 20 && contents.findings_out < 40);
    assert_int_equal(contents.report.result_count, recorded_report.result_count);
    assert_int_equal(contents.report.results[0].verdict, VERDICT_DEVIATION);
    assert_false(contents.cut);
}

static void every_size_of_store_gives_a_sound_stream(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 30; n++) {
        recorded_fail(n, n % 4, VERDICT_FAIL, "a stack that is not its own");
    }
    for (uint32_t size = 0; size < 6000; size += 13) {
        uint8_t *stream = malloc(size ? size : 1);
        assert_true(recorded_stream(RECORD_RESULT, "", stream, size) <= size);
        free(stream);
    }
}

static void another_build_names_what_failed(void **state)
{
    (void)state;
    recorded_fail(12, 2, VERDICT_FAIL, "a stack that is not its own");
    recorded_mark("");
    recorded_result(RECORD_STREAM_MAX);
    recorded_ids[3][0] = 'F'; /* the checks of the program that reads are others */
    recorded_read();
    assert_true(contents.foreign);
    assert_string_equal(contents.report.results[12].id, recorded_report.results[12].id);
    assert_string_equal(contents.report.results[0].id, "unknown.check-0");
    assert_int_equal(contents.report.results[12].verdict, VERDICT_FAIL);
}

static void variables_have_names(void **state)
{
    (void)state;
    uint16_t name[RECORD_NAME_MAX];
    record_name(name, 32);
    const char *wanted = "MusterRecord32";
    for (size_t i = 0; i <= strlen(wanted); i++) {
        assert_int_equal(name[i], wanted[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_is_there, recorded_fresh),
        cmocka_unit_test_setup(a_whole_run_comes_back, recorded_fresh),
        cmocka_unit_test_setup(arrivals_and_lost_cpus_come_back, recorded_fresh),
        cmocka_unit_test_setup(scattered_sets_of_4096_cpus_come_back, recorded_fresh),
        cmocka_unit_test_setup(a_mark_tells_what_was_running_and_what_failed_before,
                               recorded_fresh),
        cmocka_unit_test_setup(what_does_not_fit_is_left_out_and_counted, recorded_fresh),
        cmocka_unit_test_setup(every_size_of_store_gives_a_sound_stream, recorded_fresh),
        cmocka_unit_test_setup(another_build_names_what_failed, recorded_fresh),
        cmocka_unit_test(variables_have_names),
    };
    return RUN(tests);
}
