/* df.table-*: what came of one first exception and every second. */
#ifndef MUSTER_OBSERVE_DF_H
#define MUSTER_OBSERVE_DF_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/df_table.h>

/* One pair: what was wanted and what came, as far as a judge needs it. */
struct df_cell {
    uint8_t first; /* enum df_first */
    uint8_t how;   /* enum df_how */
    uint8_t came;  /* exceptions that arrived, NMIs not counted; 1 is wanted */
    uint8_t nmis, nmis_wanted;
    uint8_t want_vector, seen_vector;
    bool deviates; /* all that differs is a known deviation */
    uint16_t want_error, seen_error;
    uint16_t differs; /* enum fault_field */
    uint16_t changed; /* bits by enum whole_part */
};

struct obs_df {
    uint8_t count; /* of `cells` */
    struct df_cell cells[FIRST_USER_COUNT * HOW_COUNT];
};

#endif
