/* Prints an invented run as TAP: what tests/tap/parsed.t gives to an independent parser. */
#include <stdio.h>
#include <stdlib.h>

#include <muster/tap.h>

#include "../samples/sample.h"

static char buffer[TAP_TEXT_MAX];

static int print(const struct text *text)
{
    fputs(text->at, stdout);
    if (text->cut) {
        fputs("sample_tap: the text was cut\n", stderr);
    }
    return text->cut;
}

static int print_self_test(const struct report *report)
{
    struct text text;
    int bad = 0;
    if (!report->self_test) {
        return 0;
    }
    text_init(&text, buffer, sizeof(buffer));
    tap_self_test_begin(&text, report);
    bad |= print(&text);
    for (uint32_t n = 0; n < report->self_test->count; n++) {
        text_init(&text, buffer, sizeof(buffer));
        tap_planting(&text, report, n);
        bad |= print(&text);
    }
    text_init(&text, buffer, sizeof(buffer));
    tap_self_test_end(&text, report);
    return bad | print(&text);
}

int main(int argc, char **argv)
{
    static struct sample sample;
    struct text text;
    uint32_t cpus = argc == 3 ? (uint32_t)atoi(argv[2]) : 0;
    int bad = 0;
    if (cpus < 1 || cpus > CPU_MAX || !sample_make(&sample, argv[1], cpus)) {
        fprintf(stderr, "usage: sample_tap SAMPLE CPUS\nsamples: %s\n", sample_names);
        return 2;
    }
    text_init(&text, buffer, sizeof(buffer));
    tap_begin(&text, &sample.report);
    bad |= print(&text);
    text_init(&text, buffer, sizeof(buffer));
    tap_arrivals(&text, &sample.report);
    bad |= print(&text);
    for (uint32_t n = 0; n < sample.report.result_count; n++) {
        text_init(&text, buffer, sizeof(buffer));
        tap_point(&text, &sample.report, n);
        bad |= print(&text);
    }
    bad |= print_self_test(&sample.report);
    text_init(&text, buffer, sizeof(buffer));
    tap_end(&text, &sample.report);
    return bad | print(&text);
}
