/* What a record keeps for the document alone: all of it comes back, none of it costs much. */
#include "recorded.h"

#include "../../src/record_table.h"

#include <muster/record_document.h>
#include <stdlib.h>

static struct topology topology;
static struct topology_row rows[CPU_MAX];
static struct state_record states[CPU_MAX];
static uint8_t stream[RECORD_STREAM_MAX];
static char scratch[TAP_TEXT_MAX];
static char document[1 << 22];

/* Two packages, two threads a core; every fourth CPU more is listed, but asleep. */
static void machine_make(uint32_t cpus)
{
    struct inventory *inventory = &recorded_handoff.inventory;
    recorded_run(cpus);
    *inventory = (struct inventory){
        .count = cpus, .disabled = cpus / 4, .mps = CPU_NONE, .madt = cpus + cpus / 4};
    topology = (struct topology){.count = cpus, .known = cpus, .rows = rows};
    memset(rows, 0, sizeof(rows));
    memset(states, 0, sizeof(states));
    for (uint32_t cpu = 0; cpu < cpus; cpu++) {
        const uint32_t package = cpu >= cpus / 2, core = cpu % (cpus / 2) / 2;
        const uint32_t apic_id = package * 1024 + core * 2 + cpu % 2;
        inventory->rows[cpu] = (struct inventory_row){
            apic_id, cpu, package, core, cpu % 2, CLAIMED_BY_MADT | (cpu ? 0 : CLAIMED_BY_ITSELF)};
        rows[cpu] = (struct topology_row){.id = {cpu % 2, core, [TOPOLOGY_PACKAGE] = package},
                                          .domain = cpu % 5 ? package : CPU_NONE,
                                          .levels = 1 << TOPOLOGY_PACKAGE | 3,
                                          .source = TOPOLOGY_BY_LEAF_B,
                                          .kind = 0x40};
        for (uint32_t stage = STAGE_REAL_MODE; cpu > 0 && stage < STAGE_ONLINE; stage++) {
            recorded_arrivals[cpu].stage_us[stage] = 190 + cpu + stage * 8;
        }
        state_set(&states[cpu], STATE_CR0, cpu ? 0x60000010 : 0x80010033);
        state_set(&states[cpu], STATE_TSC_ADJUST, UINT64_C(0xfffffff000000000) + cpu);
    }
    for (uint32_t n = 0; n < cpus / 4; n++) {
        inventory->asleep[inventory->asleep_count++] =
            (struct asleep_row){2000 + n, cpus + n, CLAIMED_BY_MADT, n % 2, n % 2};
    }
    recorded_report.topology = &topology;
    recorded_report.states = states;
    recorded_handoff.claims.smbios.present = true;
    strcpy(recorded_handoff.claims.smbios.identity.name[IDENTITY_PRODUCT], "Type\xae \"1\"");
    options_default(&recorded_handoff.options);
}

static int fresh(void **state)
{
    recorded_fresh(state);
    machine_make(8);
    return 0;
}

static void keep_and_read(void)
{
    recorded_result(RECORD_STREAM_MAX);
    recorded_read();
    assert_int_equal(contents.state, RECORD_ENDED);
    assert_int_equal(contents.damaged + contents.missing + contents.cut, 0);
}

static bool take(void *context, const char *text)
{
    (void)context;
    strcat(document, text);
    return true;
}

static const char *document_of_record(void)
{
    document[0] = '\0';
    assert_true(record_document(&contents, &recorded_catalogue, scratch, take, NULL));
    return document;
}

/* --- all of it comes back --- */

static void same_machine(uint32_t cpus)
{
    const struct inventory *seen = &contents.inventory, *told = &recorded_handoff.inventory;
    assert_true(contents.inventory_known);
    assert_int_equal(seen->count, cpus);
    assert_int_equal(seen->disabled, told->disabled);
    assert_int_equal(seen->mps, told->mps);
    assert_int_equal(seen->madt, told->madt);
    assert_int_equal(seen->asleep_count, told->asleep_count);
    for (uint32_t n = 0; n < told->asleep_count; n++) {
        assert_memory_equal(&seen->asleep[n], &told->asleep[n],
                            offsetof(struct asleep_row, spare) + 1);
    }
    for (uint32_t cpu = 0; cpu < cpus; cpu++) {
        assert_memory_equal(&seen->rows[cpu], &told->rows[cpu],
                            offsetof(struct inventory_row, claimed_by) + 1);
        assert_memory_equal(contents.topology_rows[cpu].id, rows[cpu].id, sizeof(rows[cpu].id));
        assert_int_equal(contents.topology_rows[cpu].domain, rows[cpu].domain);
        assert_int_equal(contents.topology_rows[cpu].levels, rows[cpu].levels);
        assert_int_equal(contents.topology_rows[cpu].source, rows[cpu].source);
        assert_int_equal(contents.topology_rows[cpu].kind, rows[cpu].kind);
        assert_memory_equal(contents.arrivals[cpu].stage_us, recorded_arrivals[cpu].stage_us,
                            sizeof(recorded_arrivals[cpu].stage_us));
        assert_int_equal(contents.arrivals[cpu].first_stage, recorded_arrivals[cpu].first_stage);
    }
    assert_ptr_equal(contents.report.topology, &contents.topology);
    assert_int_equal(contents.topology.known, cpus);
}

static void the_machine_comes_back(void **state)
{
    (void)state;
    recorded_arrivals[3].stage_us[STAGE_IDT] = 0; /* not seen */
    recorded_arrivals[4].stage_us[STAGE_IDT] = 5; /* earlier than the one before */
    recorded_arrivals[5].stage_us[STAGE_IDT] = UINT32_MAX;
    recorded_arrivals[6].stage_us[STAGE_ONLINE] = 0;
    recorded_arrivals[6].lost = true;
    recorded_arrivals[6].stage = STAGE_APIC;
    recorded_arrivals[6].first_stage = STAGE_GDT;
    recorded_arrivals[7].first_stage = STAGE_REAL_MODE;
    keep_and_read();
    same_machine(8);
    assert_int_equal(contents.details_out, 0);
    assert_true(contents.identity_known);
    assert_string_equal(contents.identity.name[IDENTITY_PRODUCT], "Type\xae \"1\"");
    assert_string_equal(contents.identity.name[IDENTITY_VENDOR], "");
}

static void states_come_back_grouped(void **state)
{
    (void)state;
    keep_and_read();
    const struct state_group *groups = contents.states.list;
    assert_int_equal(contents.states.count, 2 + 8);
    assert_int_equal(groups[0].slot, STATE_CR0);
    assert_int_equal(groups[0].value, 0x80010033);
    assert_int_equal(cpuset_count(&groups[1].cpus), 7);
    assert_int_equal(groups[9].slot, STATE_TSC_ADJUST);
    assert_int_equal(groups[9].value, UINT64_C(0xfffffff000000007));
    assert_true(cpuset_has(&groups[9].cpus, 7));
}

static void options_come_back(void **state)
{
    (void)state;
    struct options *options = &recorded_handoff.options;
    options->cpus_given = options->switch_bsp = options->baseline = options->bench = true;
    cpuset_add(&options->cpus, 3);
    options->smi_watch_ms = 50;
    options->then = THEN_SHUTDOWN;
    recorded_report.ended = false;
    recorded_mark("family1.check-8"); /* a run that dies tells them, too */
    recorded_read();
    assert_true(contents.options.cpus_given && contents.options.switch_bsp &&
                contents.options.baseline && contents.options.bench);
    assert_true(cpuset_equal(&contents.options.cpus, &options->cpus));
    assert_int_equal(contents.options.smi_watch_ms, 50);
    assert_int_equal(contents.options.then, THEN_SHUTDOWN);
}

static void times_come_back(void **state)
{
    (void)state;
    recorded_report.results[3].us = 0;
    recorded_report.results[4].us = UINT64_C(1) << 52;
    recorded_report.spent.us[TIME_USES - 1] = 7;
    keep_and_read();
    assert_true(contents.report.spent.known);
    assert_memory_equal(contents.report.spent.us, recorded_report.spent.us,
                        sizeof(recorded_report.spent.us));
    for (uint32_t n = 0; n < recorded_report.result_count; n++) {
        assert_false(contents.report.results[n].us_unknown);
        assert_int_equal(contents.report.results[n].us, recorded_report.results[n].us);
    }
    recorded_run(4);
    recorded_report.spent.known = false; /* it died */
    keep_and_read();
    assert_false(contents.report.spent.known);
}

static void cells_of_any_value_come_back(void **state)
{
    (void)state;
    srand(5);
    for (uint32_t cpu = 0; cpu < 8; cpu++) {
        struct inventory_row *row = &recorded_handoff.inventory.rows[cpu];
        row->apic_id = cpu % 3 ? (uint32_t)rand() * 2 : UINT32_MAX;
        row->uid = cpu % 2 ? UINT32_MAX - cpu : 0;
        row->core = CPU_NONE;
        row->thread = (uint32_t)rand() % 2;
    }
    keep_and_read();
    same_machine(8);
}

static void without_smbios_there_is_no_identity(void **state)
{
    (void)state;
    recorded_handoff.claims.smbios.present = false;
    recorded_report.topology = NULL;
    recorded_report.states = NULL;
    keep_and_read();
    assert_false(contents.identity_known);
    assert_null(contents.report.topology);
    assert_int_equal(contents.states.count, 0);
}

/* --- what it costs --- */

/* The stream without what only the document needs: as programs wrote it that knew no details. */
static uint32_t strip(uint32_t length)
{
    uint32_t to = 0;
    for (uint32_t at = 0, next; at < length; at = next) {
        next = at + ITEM_HEADER + stream[at + 1] + stream[at + 2] * 256u;
        if (stream[at] <= ITEM_END) {
            memmove(stream + to, stream + at, next - at);
            to += next - at;
        }
    }
    return to;
}

static void the_rows_of_many_cpus_take_little(void **state)
{
    (void)state;
    machine_make(256);
    recorded_report.states = NULL;
    recorded_report.arrivals = NULL;
    for (uint32_t cpu = 0; cpu < 256; cpu++) {
        rows[cpu].domain = rows[cpu].id[TOPOLOGY_PACKAGE];
    }
    const uint32_t length = recorded_stream(RECORD_RESULT, "", stream, sizeof(stream));
    assert_in_range(length - strip(length), 100, 600); /* 64 of them are asleep */
    keep_and_read();
    assert_int_equal(contents.inventory.count, 256);
    assert_int_equal(contents.inventory.asleep_count, 64);
}

static void details_take_as_much_as_the_rest_at_most(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {4, 255, 1024, CPU_MAX};
    for (uint32_t n = 0; n < sizeof(sizes) / sizeof(sizes[0]); n++) {
        machine_make(sizes[n]);
        for (uint32_t cpu = 0; cpu < sizes[n]; cpu++) {
            for (uint32_t slot = 0; slot < STATE_SLOTS; slot++) {
                state_set(&states[cpu], slot, cpu % 5 * UINT64_C(0x123456789abcd) + slot);
            }
        }
        const uint32_t length = recorded_stream(RECORD_RESULT, "", stream, sizeof(stream));
        const uint32_t least = strip(length);
        assert_in_range(length, least, least + (least > 4096 ? least : 4096) + 64);
    }
}

static void states_are_the_first_to_be_left_out(void **state)
{
    (void)state;
    machine_make(64);
    const uint32_t length = recorded_stream(RECORD_RESULT, "", stream, sizeof(stream));
    recorded_result(length - 40);
    recorded_read();
    assert_int_equal(contents.details_out, 1);
    assert_int_equal(contents.states.count, 2);
    same_machine(64);
    recorded_result(strip(length) + 150);
    recorded_read();
    assert_true(contents.details_out > 1);
    assert_true(contents.identity_known);
    assert_int_equal(contents.findings_out + contents.remarks_out, 0);
    assert_non_null(strstr(document_of_record(), " parts of the document were left out for want"));
}

/* --- other programs --- */

static void a_record_without_details_is_read(void **state)
{
    (void)state;
    const uint32_t length = recorded_stream(RECORD_RESULT, "", stream, sizeof(stream));
    recorded_put(stream, strip(length));
    recorded_read();
    assert_int_equal(contents.state, RECORD_ENDED);
    assert_false(contents.cut || contents.identity_known || contents.inventory_known);
    assert_int_equal(contents.options.then, THEN_NOT_TOLD);
    assert_int_equal(contents.options.smi_watch_ms, SMI_WATCH_MS);
    assert_int_equal(contents.arrivals[7].stage_us[STAGE_ONLINE], 307);
    assert_null(contents.report.topology);
    assert_false(contents.report.spent.known);
    assert_true(contents.report.results[0].us_unknown);
}

static void states_of_another_program_are_left_out(void **state)
{
    (void)state;
    const uint32_t length = recorded_stream(RECORD_RESULT, "", stream, sizeof(stream));
    for (uint32_t at = 0; at < length; at += ITEM_HEADER + stream[at + 1] + stream[at + 2] * 256u) {
        stream[at + ITEM_HEADER] ^= stream[at] == ITEM_STATES;
    }
    recorded_put(stream, length);
    recorded_read();
    assert_true(contents.states_of_others);
    assert_int_equal(contents.states.count, 0);
    same_machine(8);
}

/* --- the document --- */

static void the_document_tells_them(void **state)
{
    (void)state;
    keep_and_read();
    const char *told = document_of_record();
    assert_non_null(strstr(told, ",\"system\":{\"product\":\"Type\\u00ae \\\"1\\\"\"}\n"));
    assert_non_null(strstr(told, "\"claimed\":8,\"disabled\":2,\"madt\":10,\"cpus\":["));
    assert_non_null(strstr(told, "{\"cpu\":7,\"apic_id\":1027,\"uid\":7,\"package\":1,\"core\":1,"
                                 "\"thread\":1,\"by\":[\"madt\"]}"));
    assert_non_null(strstr(told, "{\"apic_id\":2001,\"uid\":9,\"by\":\"madt\","
                                 "\"online_capable\":true}"));
    assert_non_null(strstr(told, "{\"cpu\":7,\"package\":1,\"core\":1,\"thread\":1,\"domain\":1,"
                                 "\"kind\":\"0x40\",\"by\":\"CPUID leaf 0xb\"}"));
    assert_non_null(strstr(told, "\"us\":[221,229,237,245,253,261,269,277,285,307]}"));
    assert_non_null(
        strstr(told, "{\"name\":\"state.cr0\",\"cpus\":\"1-7\",\"value\":\"0x60000010\"}"));
    assert_non_null(strstr(told, "\"options\":{\"then\":\"wait\"}"));
    assert_non_null(strstr(told, "\"runs\":1,\"us\":2740\n"));
    assert_non_null(strstr(told, "\"spent_us\":{\"other\":12,\"checks\":398000,"));
}

static void what_is_not_known_is_not_told(void **state)
{
    (void)state;
    const uint32_t length = recorded_stream(RECORD_RESULT, "", stream, sizeof(stream));
    recorded_put(stream, strip(length));
    recorded_read();
    const char *told = document_of_record();
    assert_null(strstr(told, "\"system\""));
    assert_null(strstr(told, "\"topology\""));
    assert_null(strstr(told, "\"states\""));
    assert_non_null(strstr(told, "\"options\":{}"));
    assert_non_null(strstr(told, "\"inventory\":{\"claimed\":8}"));
    assert_null(strstr(told, "\"spent_us\""));
    assert_null(strstr(told, ",\"us\":4"));
}

/* Items that lie, in pieces whose checksum is right. */
static void details_that_lie_are_passed_over(void **state)
{
    static const uint8_t lies[][16] = {
        {ITEM_OPTIONS, 3, 0, 1, 9, 0},                       /* no such end of a run */
        {ITEM_OPTIONS, 4, 0, 1, 1, 100, 9},                  /* a set that is short */
        {ITEM_IDENTITY, 2, 0, 9, 'A'},                       /* a string that is short */
        {ITEM_INVENTORY, 4, 0, 0xff, 0xff, 0xff, 0xff},      /* a number that never ends */
        {ITEM_INVENTORY_ROWS, 4, 0, 0xff, 0x1f, 0xff, 0x1f}, /* beyond the last CPU */
        {ITEM_INVENTORY_ROWS, 3, 0, 0, 4, 5},                /* foresees more than there are */
        {ITEM_ASLEEP_ROWS, 5, 0, 0, 2, 0, 1, 1},             /* half a row */
        {ITEM_TOPOLOGY_ROWS, 4, 0, 0x80, 0x20, 1, 0},        /* behind the last */
        {ITEM_STAGES, 4, 0, 0xff, 0x1f, 2, 0},               /* likewise */
        {ITEM_STATES, 2, 0, 0x80, 0x80},                     /* ends in its checksum */
    };
    (void)state;
    for (uint32_t n = 0; n < sizeof(lies) / sizeof(lies[0]); n++) {
        memset(&variables, 0, sizeof(variables));
        recorded_put(lies[n], sizeof(lies[n]));
        recorded_read();
        assert_false(contents.identity_known || contents.inventory_known);
        assert_false(contents.options.cpus_given);
        assert_int_equal(contents.options.then, THEN_NOT_TOLD);
        assert_int_equal(contents.inventory.count + contents.inventory.asleep_count, 0);
        assert_null(contents.report.topology);
        document_of_record();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_machine_comes_back, fresh),
        cmocka_unit_test_setup(states_come_back_grouped, fresh),
        cmocka_unit_test_setup(options_come_back, fresh),
        cmocka_unit_test_setup(times_come_back, fresh),
        cmocka_unit_test_setup(cells_of_any_value_come_back, fresh),
        cmocka_unit_test_setup(without_smbios_there_is_no_identity, fresh),
        cmocka_unit_test_setup(the_rows_of_many_cpus_take_little, fresh),
        cmocka_unit_test_setup(details_take_as_much_as_the_rest_at_most, fresh),
        cmocka_unit_test_setup(states_are_the_first_to_be_left_out, fresh),
        cmocka_unit_test_setup(a_record_without_details_is_read, fresh),
        cmocka_unit_test_setup(states_of_another_program_are_left_out, fresh),
        cmocka_unit_test_setup(the_document_tells_them, fresh),
        cmocka_unit_test_setup(what_is_not_known_is_not_told, fresh),
        cmocka_unit_test_setup(details_that_lie_are_passed_over, fresh),
    };
    return RUN(tests);
}
