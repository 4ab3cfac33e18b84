/* The report as TAP 14, line by line as it becomes known. Pure: text in, text out. */
#ifndef MUSTER_TAP_H
#define MUSTER_TAP_H

#include <muster/report.h>
#include <muster/text.h>

/* "TAP version 14" and the plan; printed before the CPUs are called, so that a lost tail shows. */
void tap_begin(struct text *out, const struct report *report);
/* "# muster 0.1 build …; firmware …; 4 CPUs claimed, 4 answered", one line for each lost CPU, and
 * how long bring-up took: every CPU where there are at most 16, else least, median, most, and the
 * slowest. */
void tap_arrivals(struct text *out, const struct report *report);
/* The point of result `n` (from 0), with its findings as one YAML block. */
void tap_point(struct text *out, const struct report *report, uint32_t n);
/* --self-test, as a subtest whose point comes behind those of the checks: its plan; how planting
 * `n` (from 0) ended; the point, and the same in one line. */
void tap_self_test_begin(struct text *out, const struct report *report);
void tap_planting(struct text *out, const struct report *report, uint32_t n);
void tap_self_test_end(struct text *out, const struct report *report);
/* The double-fault table as comment lines; nothing where no check of it has run. */
void tap_df(struct text *out, const struct report *report);
/* What was measured about time: rates, offsets, gaps; nothing where no check of it has run. */
void tap_time(struct text *out, const struct report *report);
/* The slowest checks, and what else took time: of runs of 10 s or more, or `always`. Nothing where
 * a record does not tell. */
enum { TAP_SPENT_FROM_US = 10000000 };
void tap_spent(struct text *out, const struct report *report, bool always);
/* "# muster: PASS 29 checks; 4 CPUs; 412 ms": the last line of every complete run. */
void tap_end(struct text *out, const struct report *report);

/* The longest text any of these makes. */
enum { TAP_TEXT_MAX = 32768 };

#endif
