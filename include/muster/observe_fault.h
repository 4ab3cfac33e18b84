/* fault.rf: RFLAGS.RF as each exception saved it. */
#ifndef MUSTER_OBSERVE_FAULT_H
#define MUSTER_OBSERVE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

enum { RF_CASES_MAX = 40 };

struct obs_rf {
    uint32_t count; /* exceptions taken one after the other */
    struct rf_case {
        uint8_t want_vector, seen_vector; /* RF_NOTHING_CAME: no exception */
        bool want_rf, seen_rf;
    } cases[RF_CASES_MAX];
    bool tcg; /* under QEMU software emulation */
};

enum { RF_NOTHING_CAME = 0xff };

#endif
