/* What the run tells, step by step, in each format that was asked for. BSP. */
#ifndef CHECKS_TELL_H
#define CHECKS_TELL_H

#include "run.h"

/* Before the CPUs are called: what is planned, and what firmware claims. */
void tell_begin(struct run *run);
/* Who came, and how. */
void tell_arrivals(struct run *run);
/* Check `result` begins; it may be the last that is heard. */
void tell_start(struct run *run, uint32_t result);
/* It has its verdict. */
void tell_result(struct run *run, uint32_t result);
/* No more checks: remarks are about the run as a whole. */
void tell_closing(struct run *run);
/* The self-test: its plan, that planting `n` begins, how it ended, and the whole. */
void tell_self_test_begin(struct run *run);
void tell_planting_start(struct run *run, uint32_t n);
void tell_planting(struct run *run, uint32_t n);
void tell_self_test_end(struct run *run);
/* The report has ended: what was measured; the document's end and what TAP has at length; the last
 * line. */
void tell_time(struct run *run);
void tell_details(struct run *run);
void tell_end(struct run *run);
/* The run cannot go on; `why` is half a sentence. */
void tell_bail(struct run *run, const char *why);

#endif
