/* A spoilt probe, compared as the machine compares it, and what the judge says of it. */
#ifndef PROBED_H
#define PROBED_H

#include "judged.h"
#include "sound_probe.h"

#include <muster/judge_probe.h>

/* As the machine does when the fault comes in. */
static inline void compare(struct observation *observation)
{
    struct obs_probe *probe = &observation->probe;
    probe->differs = fault_compare(&probe->want, &probe->seen, probe->fields);
}

static inline void assert_probe_fails(struct observation *observation, const char *expected,
                                      const char *seen, const char *means)
{
    compare(observation);
    assert_fails(judge_probe, observation, expected, seen, means);
}

#endif
