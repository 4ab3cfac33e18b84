/* A record as the TAP report that its run made, or would have made. Pure. */
#ifndef MUSTER_RECORD_TAP_H
#define MUSTER_RECORD_TAP_H

#include <muster/record.h>
#include <muster/tap.h>

/* Takes the next part of the report; false: it could not, and nothing more is wanted. */
typedef bool record_take(void *context, const char *text);

/* Hands the report to `take`, part by part; `scratch` has TAP_TEXT_MAX bytes. A died run ends in
 * "Bail out!" with record_death()'s words. False when `take` gave up. */
bool record_tap(const struct record_contents *contents, const struct catalogue *catalogue,
                char *scratch, record_take *take, void *context);

#endif
