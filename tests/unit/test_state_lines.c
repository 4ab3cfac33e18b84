#include "unit.h"

#include <muster/state_lines.h>

enum { CPUS = 8 };

static struct state_record records[CPUS];
static struct cpuset cpus;
static char line[256];

static int fresh(void **state)
{
    (void)state;
    memset(records, 0, sizeof(records));
    cpuset_fill(&cpus, CPUS);
    return 0;
}

static void assert_line(const char *wanted)
{
    struct text text;
    text_init(&text, line, sizeof(line));
    state_groups_print(&text, records, &cpus, STATE_CR4);
    assert_string_equal(line, wanted);
}

static void groups_are_told_by_value(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CPUS; n++) {
        state_set(&records[n], STATE_CR4, n ? 0 : 0x668);
    }
    records[5].presence[STATE_CR4] = STATE_UNASKED;
    assert_line("cr4 0x668 on CPU 0; 0x0 on CPUs 1-4,6-7");
    assert_int_equal(state_holders(records, &cpus, STATE_CR4), 7);
}

static void many_values_are_counted(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CPUS; n++) {
        state_set(&records[n], STATE_CR4, n);
    }
    assert_line("cr4 0x0 on CPU 0; 0x1 on CPU 1; 0x2 on CPU 2; 0x3 on CPU 3; other values on 4 "
                "CPUs");
}

static void common_is_what_all_have_alike(void **state)
{
    (void)state;
    assert_false(state_common(records, &cpus, STATE_CR4));
    for (uint32_t n = 0; n < CPUS; n++) {
        state_set(&records[n], STATE_CR4, 0x20);
    }
    assert_true(state_common(records, &cpus, STATE_CR4));
    records[7].value[STATE_CR4] = 0;
    assert_false(state_common(records, &cpus, STATE_CR4));
    cpuset_remove(&cpus, 7);
    assert_true(state_common(records, &cpus, STATE_CR4));
    records[6].presence[STATE_CR4] = STATE_ABSENT;
    assert_false(state_common(records, &cpus, STATE_CR4));
}

static void switches_are_told_by_name(void **state)
{
    (void)state;
    struct text text;
    text_init(&text, line, sizeof(line));
    state_switches_print(&text, &records[0]);
    assert_string_equal(line, "nothing");
    state_set(&records[0], STATE_CR0, 0x80010033);
    state_set(&records[0], STATE_CR4, 0x101801668);
    state_set(&records[0], STATE_EFER, 0xd00);
    text_init(&text, line, sizeof(line));
    state_switches_print(&text, &records[0]);
    assert_string_equal(line, "CR0.WP CR4.DE CR4.LA57 CR4.CET CR4.PKS CR4.FRED EFER.NXE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(groups_are_told_by_value, fresh),
        cmocka_unit_test_setup(many_values_are_counted, fresh),
        cmocka_unit_test_setup(common_is_what_all_have_alike, fresh),
        cmocka_unit_test_setup(switches_are_told_by_name, fresh),
    };
    return RUN(tests);
}
