/* How a check ended, and the words that tell a person why. */
#ifndef MUSTER_VERDICT_H
#define MUSTER_VERDICT_H

#include <muster/cpuset.h>

/* In rising order: the worst wins. */
enum verdict {
    VERDICT_NONE, /* not run */
    VERDICT_SKIP, /* could not be asked here; the reason is told */
    VERDICT_PASS,
    VERDICT_DEVIATION, /* a recorded deviation of a named emulator; FAIL anywhere else */
    VERDICT_ERROR,     /* muster could not tell */
    VERDICT_FAIL,      /* the machine is wrong */
};

enum { WORDS_EXPECTED_MAX = 128, WORDS_SEEN_MAX = 192, WORDS_MEANS_MAX = 224 };

/* What was wanted, what came, what it means to a person. Empty for a plain PASS. */
struct words {
    char expected[WORDS_EXPECTED_MAX];
    char seen[WORDS_SEEN_MAX];
    char means[WORDS_MEANS_MAX];
};

const char *verdict_name(enum verdict verdict);

#endif
