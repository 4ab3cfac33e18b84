/* A crowd of invented observations, and what its judge tells. */
#ifndef CROWDED_H
#define CROWDED_H

#include "judged.h"

#include <muster/judge_time.h>

enum { CROWD = 6, TOLD_MAX = 8 };

struct told {
    struct cpuset cpus;
    enum verdict verdict;
    struct words words;
};

static struct observation crowd_of[CROWD];
static struct told told[TOLD_MAX];
static uint32_t told_count;

static void take_told(struct teller *teller, const struct cpuset *cpus, enum verdict verdict,
                      const struct words *words)
{
    (void)teller;
    assert_true(told_count < TOLD_MAX);
    told[told_count++] = (struct told){*cpus, verdict, *words};
}

/* Puts the first `count` of crowd_of to the judge. */
static inline void judge_them(judge_of_crowd *judge_it, uint32_t count)
{
    struct teller teller = {take_told};
    struct crowd crowd = {.first = crowd_of, .stride = sizeof(crowd_of[0])};
    cpuset_fill(&crowd.cpus, count);
    told_count = 0;
    judge_it(&crowd, &teller);
}

/* What was told `n`th: of the CPUs of `cpus` ("" : the machine), with these parts. */
static inline void assert_told(uint32_t n, enum verdict verdict, const char *cpus,
                               const char *expected, const char *seen, const char *means)
{
    char buffer[128];
    struct text text;
    assert_true(n < told_count);
    text_init(&text, buffer, sizeof(buffer));
    cpuset_print(&text, &told[n].cpus);
    assert_string_equal(buffer, cpus);
    assert_int_equal(told[n].verdict, verdict);
    assert_holds(told[n].words.expected, expected);
    assert_holds(told[n].words.seen, seen);
    assert_holds(told[n].words.means, means);
    assert_true(strlen(told[n].words.expected) < sizeof(told[n].words.expected) - 1);
    assert_true(strlen(told[n].words.seen) < sizeof(told[n].words.seen) - 1);
    assert_true(strlen(told[n].words.means) < sizeof(told[n].words.means) - 1);
}

#endif
