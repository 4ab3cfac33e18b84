/* The whole run in one line, the same on every console. */
#ifndef MUSTER_SUMMARY_H
#define MUSTER_SUMMARY_H

#include <muster/report.h>
#include <muster/text.h>

/* Appends "FAIL 1 of 58 checks; 4 CPUs; 412 ms; 1 known deviation; 2 skipped; 1 CPU lost", without
 * the parts that are zero. Pure; any phase. */
void summary_add(struct text *out, const struct report *report);

#endif
