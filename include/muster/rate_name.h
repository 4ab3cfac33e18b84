/* What a TSC rate is told by, in words. Pure; any phase. */
#ifndef MUSTER_RATE_NAME_H
#define MUSTER_RATE_NAME_H

#include <stdint.h>

/* By enum rate_source. */
const char *rate_name(uint32_t source);

#endif
