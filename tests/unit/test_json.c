#include "unit.h"

#include <muster/json.h>

static char told[4096], buffer[256];
static struct json json;
static uint32_t pieces;

static void keep(void *context, const char *piece)
{
    struct text text = {told, sizeof(told), strlen(told), false};
    assert_ptr_equal(context, &json);
    text_add(&text, piece);
    assert_false(text.cut);
    pieces++;
}

static int fresh(void **state)
{
    (void)state;
    told[0] = '\0';
    pieces = 0;
    json_init(&json, buffer, sizeof(buffer), keep, &json);
    return 0;
}

static void assert_told(const char *expected)
{
    json_flush(&json);
    assert_string_equal(told, expected);
}

static void values_of_every_kind(void **state)
{
    struct cpuset cpus = {{0}};
    (void)state;
    json_object(&json, NULL);
    json_string(&json, "s", "a");
    json_string(&json, "n", NULL);
    json_number(&json, "i", 9007199254740991);
    json_hex(&json, "h", UINT64_MAX);
    json_bool(&json, "t", true);
    json_bool(&json, "f", false);
    json_known(&json, "k", 7);
    json_known(&json, "u", CPU_NONE);
    json_cpus(&json, "none", &cpus);
    cpuset_fill(&cpus, 4);
    cpuset_add(&cpus, 7);
    cpuset_add(&cpus, CPU_MAX - 1);
    json_cpus(&json, "c", &cpus);
    json_object_end(&json);
    assert_told("{\"s\":\"a\",\"n\":null,\"i\":9007199254740991,\"h\":\"0xffffffffffffffff\","
                "\"t\":true,\"f\":false,\"k\":7,\"u\":null,\"none\":\"\",\"c\":\"0-3,7,4095\"}");
}

static void lists_in_lists(void **state)
{
    (void)state;
    json_array(&json, NULL);
    json_array(&json, NULL);
    json_array_end(&json);
    json_object(&json, NULL);
    json_array(&json, "a");
    json_number(&json, NULL, 0);
    json_number(&json, NULL, 1);
    json_array_end(&json);
    json_object(&json, "o");
    json_object_end(&json);
    json_object_end(&json);
    json_array_end(&json);
    assert_told("[[],{\"a\":[0,1],\"o\":{}}]");
}

static void strings_are_escaped(void **state)
{
    (void)state;
    json_string(&json, "k\"", "\"\\\n\x01\x7f\xc3\xa9\xff\xf0\x9f\x98\x80\xc3");
    assert_told("\"k\\\"\":\"\\\"\\\\\\u000a\\u0001\\u007f\\u00e9\\u00ff\\ud83d\\ude00\\u00c3\"");
}

static void pieces_of_a_string(void **state)
{
    (void)state;
    json_array(&json, NULL);
    json_piece(&json, NULL, "abcdef", 3);
    json_piece(&json, NULL, "", 0);
    json_array_end(&json);
    assert_told("[\"abc\",\"\"]");
}

/* Whoever reads only the lines so far has to close brackets, and nothing else. */
static void a_comma_stands_at_the_head_of_its_line(void **state)
{
    (void)state;
    json_array(&json, NULL);
    json_break(&json);
    json_break(&json);
    json_number(&json, NULL, 1);
    json_break(&json);
    json_number(&json, NULL, 2);
    json_break(&json);
    json_array_end(&json);
    json_break(&json);
    assert_told("[\n1\n,2\n]\n");
}

static void every_line_has_the_prefix(void **state)
{
    (void)state;
    json.prefix = "# json ";
    json_marker(&json, "begin");
    json_object(&json, NULL);
    json_break(&json);
    json_bool(&json, "a", true);
    json_object_end(&json);
    json_marker(&json, "end");
    assert_told("# json begin\n# json {\n# json \"a\":true}\n# json end\n");
}

static void a_marker_begins_anew(void **state)
{
    (void)state;
    json_object(&json, NULL);
    json_object_end(&json);
    json_marker(&json, "end");
    json_object(&json, NULL);
    json_object_end(&json);
    assert_told("{}\nend\n{}");
}

static void a_small_buffer_makes_more_pieces_of_the_same(void **state)
{
    static char small[16];
    (void)state;
    json_init(&json, small, sizeof(small), keep, &json);
    json_string(&json, "key", "a string that is much longer than the buffer");
    assert_told("\"key\":\"a string that is much longer than the buffer\"");
    assert_in_range(pieces, 4, 5);
}

static void nothing_is_not_sent(void **state)
{
    (void)state;
    json_flush(&json);
    json_break(&json);
    json_flush(&json);
    assert_int_equal(pieces, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(values_of_every_kind, fresh),
        cmocka_unit_test_setup(lists_in_lists, fresh),
        cmocka_unit_test_setup(strings_are_escaped, fresh),
        cmocka_unit_test_setup(pieces_of_a_string, fresh),
        cmocka_unit_test_setup(a_comma_stands_at_the_head_of_its_line, fresh),
        cmocka_unit_test_setup(every_line_has_the_prefix, fresh),
        cmocka_unit_test_setup(a_marker_begins_anew, fresh),
        cmocka_unit_test_setup(a_small_buffer_makes_more_pieces_of_the_same, fresh),
        cmocka_unit_test_setup(nothing_is_not_sent, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
