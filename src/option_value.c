#include "option_value.h"

#include <muster/memory.h>

bool option_refuse(struct text *problem, const char *value, const char *wanted)
{
    text_format(problem, "\"%.60s%s\" is not %s", value, string_length(value) > 60 ? "..." : "",
                wanted);
    return false;
}

static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0');
    }
    const char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? (unsigned)(lower - 'a') + 10 : 16;
}

bool option_number(const char **at, uint64_t max, uint64_t *ret)
{
    const bool hex = string_starts(*at, "0x") || string_starts(*at, "0X");
    const unsigned base = hex ? 16 : 10;
    const char *first = hex ? *at + 2 : *at;
    const char *digit = first;
    uint64_t value = 0;
    for (; digit_value(*digit) < base; digit++) {
        if (value > (max - digit_value(*digit)) / base) {
            return false;
        }
        value = value * base + digit_value(*digit);
    }
    if (digit == first) {
        return false;
    }
    *at = digit;
    *ret = value;
    return true;
}

bool option_set_help(struct options *options, const char *value, struct text *problem)
{
    (void)value;
    (void)problem;
    options->ask = ASK_HELP;
    return true;
}

bool option_set_version(struct options *options, const char *value, struct text *problem)
{
    (void)value;
    (void)problem;
    options->ask = ASK_VERSION;
    return true;
}

bool option_set_list(struct options *options, const char *value, struct text *problem)
{
    (void)value;
    (void)problem;
    options->ask = ASK_LIST;
    return true;
}

bool option_set_page(struct options *options, const char *value, struct text *problem)
{
    (void)value;
    (void)problem;
    options->page = true;
    return true;
}

bool option_set_dry_run(struct options *options, const char *value, struct text *problem)
{
    (void)value;
    (void)problem;
    options->dry_run = true;
    return true;
}

bool option_set_bench(struct options *options, const char *value, struct text *problem)
{
    (void)value;
    (void)problem;
    options->bench = true;
    return true;
}

bool option_set_switch_bsp(struct options *options, const char *value, struct text *problem)
{
    (void)value;
    (void)problem;
    options->switch_bsp = true;
    return true;
}

bool option_set_record(struct options *options, const char *value, struct text *problem)
{
    (void)value;
    (void)problem;
    options->record = true;
    return true;
}

bool option_set_collect(struct options *options, const char *value, struct text *problem)
{
    (void)value;
    (void)problem;
    options->collect = true;
    return true;
}

bool option_set_cpus(struct options *options, const char *value, struct text *problem)
{
    const long wrong = cpuset_parse(value, &options->cpus);
    if (wrong < 0) {
        options->cpus_given = true;
        return true;
    }
    option_refuse(problem, value, "a set of CPU indices such as 0-3,8");
    text_format(problem, ", each below %u: see character %ld", CPU_MAX, wrong + 1);
    return false;
}

static bool is_id_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

/* Whether it is one pattern, or several with a comma between each two. */
static bool is_glob_list(const char *value)
{
    bool empty = true;
    for (; *value != '\0'; value++) {
        if (*value == ',' && empty) {
            return false;
        }
        if (*value != ',' && *value != '*' && *value != '?' && !is_id_char(*value)) {
            return false;
        }
        empty = *value == ',';
    }
    return !empty;
}

static bool add_globs(char list[OPTION_VALUE_MAX], const char *value, struct text *problem)
{
    if (!is_glob_list(value)) {
        return option_refuse(problem, value,
                             "a list of check ids or globs such as df.*,gdt.loaded");
    }
    const size_t length = string_length(list);
    const size_t comma = length > 0 ? 1 : 0;
    if (length + comma + string_length(value) >= OPTION_VALUE_MAX) {
        text_format(problem, "the list is longer than %u characters", OPTION_VALUE_MAX - 1);
        return false;
    }
    list[length] = ',';
    memcpy(list + length + comma, value, string_length(value) + 1);
    return true;
}

bool option_set_only(struct options *options, const char *value, struct text *problem)
{
    return add_globs(options->only, value, problem);
}

bool option_set_skip(struct options *options, const char *value, struct text *problem)
{
    return add_globs(options->skip, value, problem);
}

bool option_set_repeat(struct options *options, const char *value, struct text *problem)
{
    const char *end = value;
    uint64_t times;
    if (!option_number(&end, REPEAT_MAX, &times) || *end != '\0' || times == 0) {
        _Static_assert(REPEAT_MAX == 1000000, "the sentence below says so");
        return option_refuse(problem, value, "a number from 1 to 1000000");
    }
    options->repeat = (uint32_t)times;
    return true;
}

bool option_set_smi_watch(struct options *options, const char *value, struct text *problem)
{
    const char *end = value;
    uint64_t ms;
    if (!option_number(&end, SMI_WATCH_MAX_MS, &ms) || *end != '\0' || ms == 0) {
        _Static_assert(SMI_WATCH_MAX_MS == 60000, "the sentence below says so");
        return option_refuse(problem, value, "a number of milliseconds from 1 to 60000");
    }
    options->smi_watch_ms = (uint32_t)ms;
    return true;
}

bool option_set_console(struct options *options, const char *value, struct text *problem)
{
    const bool both = string_equal(value, "serial,screen") || string_equal(value, "screen,serial");
    const bool serial = both || string_equal(value, "serial");
    const bool screen = both || string_equal(value, "screen");
    if (!serial && !screen) {
        return option_refuse(problem, value, "serial, screen or serial,screen");
    }
    options->console_serial = serial;
    options->console_screen = screen;
    return true;
}

static const struct {
    const char *name;
    enum then then;
} ways[] = {
    {"wait", THEN_WAIT}, {"reset", THEN_RESET},           {"shutdown", THEN_SHUTDOWN},
    {"halt", THEN_HALT}, {"debug-exit", THEN_DEBUG_EXIT},
};

const char *option_then_name(enum then then)
{
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (ways[i].then == then) {
            return ways[i].name;
        }
    }
    return "";
}

bool option_set_then(struct options *options, const char *value, struct text *problem)
{
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (string_equal(value, ways[i].name)) {
            options->then = ways[i].then;
            return true;
        }
    }
    return option_refuse(problem, value, "wait, reset, shutdown, halt or debug-exit");
}

bool option_set_format(struct options *options, const char *value, struct text *problem)
{
    const bool both = string_equal(value, "tap,json") || string_equal(value, "json,tap");
    const bool tap = both || string_equal(value, "tap");
    const bool json = both || string_equal(value, "json");
    if (!tap && !json) {
        return option_refuse(problem, value, "tap, json or tap,json");
    }
    options->format_tap = tap;
    options->format_json = json;
    return true;
}

bool option_set_baseline(struct options *options, const char *value, struct text *problem)
{
    (void)value;
    (void)problem;
    options->baseline = true;
    return true;
}

static bool is_id(const char *value)
{
    size_t length = 0;
    while (is_id_char(value[length])) {
        length++;
    }
    return value[length] == '\0' && length > 0 && length < OPTION_ID_MAX;
}

bool option_set_break(struct options *options, const char *value, struct text *problem)
{
    return is_id(value) ? string_copy(options->break_id, OPTION_ID_MAX, value)
                        : option_refuse(problem, value, "a check's id such as df.guard-page");
}

bool option_set_self_test(struct options *options, const char *value, struct text *problem)
{
    if (value[0] != '\0' && !string_equal(value, "each")) {
        return option_refuse(problem, value, "each, the one word that may stand behind it");
    }
    options->self_test = value[0] != '\0' ? SELF_TEST_EACH : SELF_TEST_USUAL;
    return true;
}
