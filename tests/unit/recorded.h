/* An invented run and its record, for the tests of both. */
#ifndef UNIT_RECORDED_H
#define UNIT_RECORDED_H

#include "unit.h"

#include <muster/crc32.h>
#include <muster/record.h>
#include <stdio.h>

enum { RECORDED_CHECKS = 60, RECORDED_PIECE = RECORD_VARIABLE_MAX - RECORD_OVERHEAD };

static struct check_info recorded_infos[RECORDED_CHECKS];
static char recorded_ids[RECORDED_CHECKS][OPTION_ID_MAX];
static struct handoff recorded_handoff;
static struct report recorded_report;
static struct arrival recorded_arrivals[CPU_MAX];
static bool recorded_last_mark;
static struct record_variables variables;
static struct record_contents contents;
static uint8_t room[RECORD_STREAM_MAX];

static const struct check_info *recorded_get(uint32_t n)
{
    return &recorded_infos[n];
}

static const struct catalogue recorded_catalogue = {.count = RECORDED_CHECKS, .get = recorded_get};

static inline void recorded_names(void)
{
    for (uint32_t n = 0; n < RECORDED_CHECKS; n++) {
        snprintf(recorded_ids[n], OPTION_ID_MAX, "family%u.check-%u", n / 8, n);
        recorded_infos[n] = (struct check_info){
            .id = recorded_ids[n],
            .claim = "a claim",
            .source = "a manual",
            .hazard = n < 8    ? HAZARD_READS
                      : n < 48 ? HAZARD_TAKES_FAULT
                               : HAZARD_MAY_HANG,
        };
    }
}

/* A run of `cpus` CPUs whose plan leaves out every seventh check, all passed. */
static inline void recorded_run(uint32_t cpus)
{
    struct report *report = &recorded_report;
    recorded_names();
    memset(report, 0, sizeof(*report));
    memset(&recorded_handoff, 0, sizeof(recorded_handoff));
    memset(recorded_arrivals, 0, sizeof(recorded_arrivals));
    report->version = "0.1";
    report->build = "1a2b3c4d";
    report->break_id = "";
    strcpy(report->firmware, "EDK II");
    report->firmware_revision = 0x10000;
    report->cpus_claimed = report->cpus_answered = cpus;
    report->arrivals = recorded_arrivals;
    for (uint32_t n = 0; n < RECORDED_CHECKS; n++) {
        if (n % 7 == 6) {
            continue;
        }
        struct check_result *result = &report->results[report->result_count++];
        result->id = recorded_ids[n];
        result->verdict = VERDICT_PASS;
        result->runs = 1;
        result->us = 40 + n * n * n * 100;
        if (n >= 4) {
            cpuset_fill(&result->examined, cpus);
        }
    }
    for (uint32_t cpu = 0; cpu < cpus; cpu++) {
        recorded_arrivals[cpu].apic_id = cpu * 2;
        recorded_arrivals[cpu].stage = cpu ? STAGE_ONLINE : STAGE_APIC;
        recorded_arrivals[cpu].stage_us[STAGE_ONLINE] = cpu ? 300 + cpu : 0;
    }
    report->results_done = report->result_count;
    report->elapsed_us = 412000;
    report->spent =
        (struct time_spent){.known = true, .us = {12, 398000, 9000, 3000, 0, 1500, 488}};
    report->ended = true;
    recorded_handoff.record =
        (struct record_claim){.id = 0xcafe, .began = {2026, 11, 20, 15, 4, 5}};
    strcpy(recorded_handoff.record.system, "Standard PC (Q35)");
    recorded_handoff.options.repeat = 1;
}

static inline void recorded_fail(uint32_t n, uint32_t cpu, enum verdict verdict, const char *seen)
{
    struct words words = {.expected = "what was wanted", .means = "what it means"};
    strcpy(words.seen, seen);
    report_find(&recorded_report, n, cpu, verdict, &words);
}

static inline uint32_t recorded_stream(enum record_kind kind, const char *doing, uint8_t *stream,
                                       uint32_t size)
{
    const struct record_source source = {.handoff = &recorded_handoff,
                                         .report = &recorded_report,
                                         .catalogue = &recorded_catalogue,
                                         .doing = doing,
                                         .last_mark = recorded_last_mark};
    return record_write(&source, kind, stream, size);
}

/* Puts the mark into its variable. */
static inline void recorded_mark(const char *doing)
{
    uint8_t stream[RECORDED_PIECE - RECORD_HEADER];
    const uint32_t length = recorded_stream(RECORD_MARK, doing, stream, sizeof(stream));
    variables.sizes[0] = record_piece_make(variables.bytes[0], RECORDED_PIECE, 0,
                                           recorded_handoff.record.id, stream, length);
}

/* Puts a result's stream into its variables; returns how many. */
static inline uint32_t recorded_put(const uint8_t *stream, uint32_t length)
{
    const uint32_t count = record_pieces(length, RECORDED_PIECE);
    for (uint32_t n = 1; n <= count; n++) {
        variables.sizes[n] = record_piece_make(variables.bytes[n], RECORDED_PIECE, n,
                                               recorded_handoff.record.id, stream, length);
    }
    return count;
}

/* The result of `size` bytes at most, and of what all variables hold; returns how many. */
static inline uint32_t recorded_result(uint32_t size)
{
    static uint8_t stream[RECORD_STREAM_MAX];
    const uint32_t most = (RECORD_PIECES - 1) * (RECORDED_PIECE - RECORD_HEADER);
    return recorded_put(stream,
                        recorded_stream(RECORD_RESULT, "", stream, size < most ? size : most));
}

static inline void recorded_read(void)
{
    record_read(&variables, &recorded_catalogue, &contents, room);
}

static int recorded_fresh(void **state)
{
    (void)state;
    memset(&variables, 0, sizeof(variables));
    recorded_last_mark = false;
    recorded_run(4);
    return 0;
}

#endif
