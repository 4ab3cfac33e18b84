/* A number wanted and the number seen. */
#ifndef MUSTER_PAIR_H
#define MUSTER_PAIR_H

#include <stdint.h>

struct pair {
    uint64_t want, seen;
};

#endif
