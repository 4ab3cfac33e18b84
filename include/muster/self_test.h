/* What --self-test found: whether each check sees its own defect on this very machine. Filled by
 * src/checks/self_test.c, read by every renderer. */
#ifndef MUSTER_SELF_TEST_H
#define MUSTER_SELF_TEST_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/cpuset.h>
#include <muster/text.h>
#include <muster/verdict.h>

/* What the self-test is called where checks have their ids. */
#define SELF_TEST_NAME "self-test"

enum planting_outcome {
    PLANTING_OPEN,     /* not come to yet */
    PLANTING_UNTESTED, /* not planted, or it could tell nothing; `why` says why */
    PLANTING_CAUGHT, /* the check failed on the planted CPU alone, and was itself again after it */
    PLANTING_MISSED, /* it did not */
};

/* Why a defect was not self-tested. The numbers stand in records. */
enum untested {
    UNTESTED_NOT,
    UNTESTED_BRING_UP,   /* only bring-up can plant it */
    UNTESTED_ENDS_CPU,   /* it takes a CPU away, or the whole run */
    UNTESTED_SKIPPED,    /* the check cannot be asked on this machine */
    UNTESTED_FAILED,     /* it failed by itself on every CPU that it was put to */
    UNTESTED_DEVIATION,  /* a known deviation of this emulator or firmware hides it */
    UNTESTED_ALONE,      /* it compares CPUs, and there is only one */
    UNTESTED_NO_CPU,     /* no CPU is left that could be planted */
    UNTESTED_BROKEN_OFF, /* the self-test ended before it */
    UNTESTED_UNHEALED,   /* an earlier defect outlived its removal on that CPU */
    UNTESTED_COUNT,
};

enum { PLANTINGS_MAX = 384, MISSES_MAX = 24 };

/* One defect that --break can plant. */
struct planting {
    const char *id; /* what --break calls it */
    enum planting_outcome outcome;
    enum untested why;
    uint32_t planted, caught; /* times */
    uint32_t untold;          /* times besides that could tell nothing, for the last time `why` */
    uint32_t cpu;             /* the first that it was planted on; CPU_NONE: the claims */
};

/* What a check did that did not see its defect. */
struct planting_miss {
    uint32_t planting; /* its number */
    struct words words;
};

struct self_test {
    bool each;      /* planted on each CPU in turn */
    uint32_t count; /* of `plantings`; 0: no self-test was asked for */
    uint32_t done;  /* those before it have their outcome */
    struct planting plantings[PLANTINGS_MAX];
    uint32_t miss_count;
    struct planting_miss misses[MISSES_MAX]; /* in the order of their plantings */
    struct cpuset lost;                      /* CPUs that a planted defect brought down */
    /* CPUs on which one outlived its removal: nothing more is planted there. */
    struct cpuset unhealed;
    uint64_t elapsed_us;
};

/* Defects with this outcome. */
uint32_t self_test_count(const struct self_test *test, enum planting_outcome outcome);

/* Whether any planted defect was caught or missed. */
bool self_test_told(const struct self_test *test);

/* False where a planted defect was missed, or the self-test did not come to its end. */
bool self_test_passed(const struct self_test *test);

/* Planting `n` is missed, for this reason; the first reason of a planting is kept. */
void self_test_miss(struct self_test *test, uint32_t n, const struct words *words);

/* The words of planting `n`, or NULL: it was not missed, or there was no room for them. */
const struct words *self_test_words(const struct self_test *test, uint32_t n);

/* "caught", "missed", "not tested"; "open" where it has not been come to. */
const char *planting_outcome_name(enum planting_outcome outcome);

/* Half a sentence: "the check cannot be asked here". */
const char *untested_sentence(enum untested why);

/* "214 of 214 planted defects caught on this machine; not self-tested: 17", with those missed by
 * name, as far as `names_max` characters hold them. */
void self_test_summary(struct text *out, const struct self_test *test, uint32_t names_max);

#endif
