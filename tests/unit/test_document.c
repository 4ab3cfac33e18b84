/* The order of the document's pieces, as a run tells them; what is in them is for tests/json. */
#include "unit.h"

#include <muster/document.h>

#include "../samples/sample.c"

static struct sample sample;
static struct handoff handoff;
static struct document document;
static char told[262144], buffer[64];

static void keep(void *context, const char *piece)
{
    (void)context;
    assert_in_range(strlen(told) + strlen(piece), 0, sizeof(told) - 1);
    strcat(told, piece);
}

static int fresh(void **state)
{
    (void)state;
    told[0] = '\0';
    assert_true(sample_make(&sample, "running", 2));
    handoff.inventory.count = 2;
    document = (struct document){0};
    document_of_run(&document, &sample.report, &handoff);
    json_init(&document.json, buffer, sizeof(buffer), keep, NULL);
    return 0;
}

static void remark(const char *line)
{
    document_remark(&document, line, strlen(line));
}

/* Where `what` stands; it stands there alone. */
static size_t place(const char *what)
{
    const char *at = strstr(told, what);
    assert_non_null(at);
    assert_null(strstr(at + 1, what));
    return (size_t)(at - told) + 1;
}

static void remarks_stand_where_they_were_made(void **state)
{
    (void)state;
    document_begin(&document);
    remark("one");
    remark("two");
    document_arrivals(&document);
    remark("three");
    document_check_begin(&document, 0);
    remark("four");
    document_check_end(&document, 0);
    remark("five");
    document_check_begin(&document, 1);
    document_check_end(&document, 1);
    document_closing(&document);
    remark("six");
    document_end(&document, NULL);
    place(",\"calling\":[\"one\"\n,\"two\"\n]\n,\"arrivals\":");
    place(",\"ground\":[\"three\"\n]\n,\"checks\":[\n{\"id\":\"roll.madt\"");
    place("\n,\"remarks\":[\"four\"\n]\n,\"verdict\":\"PASS\"");
    place(",\"afterwards\":[\"five\"\n]\n}\n,{\"id\":\"roll.agree\"");
    place("}\n]\n,\"closing\":[\"six\"\n]\n,\"result\":");
}

static void a_check_that_never_began_is_begun(void **state)
{
    (void)state;
    document_begin(&document);
    document_check_end(&document, 0);
    document_check_end(&document, 1);
    document_end(&document, NULL);
    assert_true(place("{\"id\":\"roll.madt\"") < place(",{\"id\":\"roll.agree\""));
}

static void a_run_that_bails_out_is_whole(void **state)
{
    (void)state;
    sample.report.arrivals = NULL;
    document_begin(&document);
    remark("one");
    document_end(&document, "no memory");
    place("\n,\"calling\":[\"one\"\n]\n,\"checks\":[]\n,\"died\":\"no "
          "memory\"\n,\"result\":{\"counts\"");
    place(",\"ended\":false}\n" DOCUMENT_END "\n");
}

/* docs/muster-1.schema.json wants arrivals of each run that has ended. */
static void a_run_that_ends_before_anybody_came_says_so(void **state)
{
    (void)state;
    sample.report.arrivals = NULL;
    sample.report.cpus_answered = 0;
    document_begin(&document);
    document_arrivals(&document);
    place("\n,\"arrivals\":{\"answered\":0,\"stages\":[\"real-mode\",");
    place("],\"cpus\":[\n]}\n");
    told[0] = '\0';
    document.made_from = "record"; /* it may have had no room for them */
    document_begin(&document);
    document_arrivals(&document);
    assert_null(strstr(told, "arrivals"));
}

static void each_piece_leaves_whole_lines(void **state)
{
    (void)state;
    document_begin(&document);
    assert_int_equal(told[strlen(told) - 1], '\n');
    remark("one");
    assert_int_equal(told[strlen(told) - 1], '\n');
    document_check_begin(&document, 0);
    assert_int_equal(told[strlen(told) - 1], '\n');
    place("{\"id\":\"roll.madt\"");
    document_check_end(&document, 0);
    assert_int_equal(told[strlen(told) - 1], '\n');
}

/* Options at their default are not told, the others as they were understood. */
static void options_are_told(void **state)
{
    (void)state;
    options_default(&handoff.options);
    handoff.options.cpus_given = true;
    cpuset_add(&handoff.options.cpus, 1);
    strcpy(handoff.options.only, "df.*");
    handoff.options.repeat = 3;
    handoff.options.then = THEN_HALT;
    handoff.options.smi_watch_ms = 50;
    handoff.options.switch_bsp = true;
    document_begin(&document);
    place("\"options\":{\"cpus\":\"1\",\"only\":\"df.*\",\"repeat\":3,\"smi_watch_ms\":50,"
          "\"switch_bsp\":true,\"then\":\"halt\"}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(remarks_stand_where_they_were_made, fresh),
        cmocka_unit_test_setup(a_check_that_never_began_is_begun, fresh),
        cmocka_unit_test_setup(a_run_that_bails_out_is_whole, fresh),
        cmocka_unit_test_setup(a_run_that_ends_before_anybody_came_says_so, fresh),
        cmocka_unit_test_setup(each_piece_leaves_whole_lines, fresh),
        cmocka_unit_test_setup(options_are_told, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
