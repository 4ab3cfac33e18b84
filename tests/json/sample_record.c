/* Prints the document that becomes of an invented run's record: written, damaged as the case says,
 * and read back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muster/record_document.h>

#include "../samples/sample.h"

enum { PIECE = RECORD_VARIABLE_MAX - RECORD_OVERHEAD };

static struct sample sample;
static struct handoff handoff;
static struct check_info infos[CHECK_MAX];
static struct record_variables variables;
static struct record_contents contents;
static uint8_t stream[RECORD_STREAM_MAX];
static char scratch[TAP_TEXT_MAX];

static const struct check_info *get(uint32_t n)
{
    return &infos[n];
}

static struct catalogue catalogue_make(void)
{
    const struct report *report = &sample.report;
    for (uint32_t n = 0; n < report->result_count; n++) {
        const struct check_result *result = &report->results[n];
        infos[n] =
            (struct check_info){.id = result->id, .claim = result->claim, .source = result->source};
    }
    return (struct catalogue){.count = report->result_count, .get = get};
}

static uint32_t write_stream(enum record_kind kind, const char *doing, uint32_t size)
{
    const struct catalogue catalogue = catalogue_make();
    const struct record_source source = {
        .handoff = &handoff, .report = &sample.report, .catalogue = &catalogue, .doing = doing};
    return record_write(&source, kind, stream, size);
}

static void put(uint32_t n, uint32_t length)
{
    variables.sizes[n] = record_piece_make(variables.bytes[n], PIECE, n, 7, stream, length);
}

static void put_mark(const char *doing)
{
    put(0, write_stream(RECORD_MARK, doing, PIECE - RECORD_HEADER));
}

static void put_result(uint32_t size)
{
    const uint32_t length = write_stream(RECORD_RESULT, "", size);
    for (uint32_t n = 1; n <= record_pieces(length, PIECE); n++) {
        put(n, length);
    }
}

static void damage(uint32_t n)
{
    variables.bytes[n][RECORD_HEADER] ^= 1;
}

/* --- what became of it --- */

static void whole(void)
{
    put_mark("");
    put_result(28 * (PIECE - RECORD_HEADER));
}

static void mark_alone(void)
{
    put_mark("");
}

static void little_room(void)
{
    put_mark("");
    put_result(240); /* the verdicts, and hardly more */
}

static void start_damaged(void)
{
    whole();
    damage(0);
    damage(1);
}

/* The mark of the end was refused: that which stands was made when `done` checks were done. */
static void mark_running(uint32_t done, const char *doing)
{
    const struct report report = sample.report;
    sample.report.ended = false;
    sample.report.results_done = done;
    sample.report.elapsed_us = 0;
    for (uint32_t n = done; n < report.result_count; n++) {
        sample.report.results[n].verdict = VERDICT_NONE;
        cpuset_clear(&sample.report.results[n].examined);
    }
    put_mark(doing);
    sample.report = report;
}

static void mark_old(void)
{
    whole();
    mark_running(6, sample.report.results[6].id);
    damage(1);
}

static void died(void)
{
    mark_running(6, sample.report.results[6].id);
}

static void died_calling(void)
{
    sample.report.cpus_answered = 0;
    sample.report.arrivals = NULL;
    mark_running(0, "calling the CPUs");
}

/* The program that reads has other checks than the one that wrote. */
static void foreign(void)
{
    whole();
    for (uint32_t n = 0; n < sample.report.result_count; n++) {
        sample.report.results[n].id = "another.check";
    }
}

static bool print(void *context, const char *text)
{
    (void)context;
    fputs(text, stdout);
    return true;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*make)(void);
    } cases[] = {
        {"whole", whole},
        {"mark-alone", mark_alone},
        {"little-room", little_room},
        {"start-damaged", start_damaged},
        {"mark-old", mark_old},
        {"foreign", foreign},
        {"died", died},
        {"died-calling", died_calling},
    };
    const uint32_t cpus = argc == 4 ? (uint32_t)atoi(argv[2]) : 0;
    if (cpus < 1 || cpus > CPU_MAX || !sample_make(&sample, argv[1], cpus)) {
        fprintf(stderr, "usage: sample_record SAMPLE CPUS CASE\n");
        return 2;
    }
    options_default(&handoff.options);
    for (unsigned n = 0; n < sizeof(cases) / sizeof(cases[0]); n++) {
        if (strcmp(cases[n].name, argv[3]) == 0) {
            cases[n].make();
        }
    }
    const struct catalogue catalogue = catalogue_make();
    static uint8_t room[RECORD_STREAM_MAX];
    record_read(&variables, &catalogue, &contents, room);
    return record_document(&contents, &catalogue, scratch, print, NULL) ? 0 : 1;
}
