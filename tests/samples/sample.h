/* Invented runs of muster, for looking at what the renderers make of them. Host only. */
#ifndef MUSTER_TESTS_SAMPLE_H
#define MUSTER_TESTS_SAMPLE_H

#include <muster/screen.h>

struct sample {
    struct report report;
    struct arrival arrivals[CPU_MAX];
    uint8_t looks[CPU_MAX];
    struct screen_model model;
    struct qr qr;
    struct topology topology; /* of "packages" */
    struct topology_row topology_rows[CPU_MAX];
    uint32_t topology_order[CPU_MAX], topology_seats[CPU_MAX];
    struct self_test self_test; /* of "planted" */
};

/* The names sample_make knows, separated by spaces. */
extern const char sample_names[];

/* Makes the run called `name` with `cpus` CPUs (1 to CPU_MAX); false for an unknown name. */
bool sample_make(struct sample *sample, const char *name, uint32_t cpus);

#endif
