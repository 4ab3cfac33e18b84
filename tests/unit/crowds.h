/* Crowds of invented CPUs, and a teller that keeps what it is told. */
#ifndef CROWDS_H
#define CROWDS_H

#include "unit.h"

#include <muster/crowd.h>

enum { TOLD_MAX = 8 };

struct told {
    struct cpuset cpus;
    enum verdict verdict;
    struct words words;
};

struct keeper {
    struct teller teller;
    uint32_t count;
    struct told told[TOLD_MAX];
};

static inline void keeper_tell(struct teller *teller, const struct cpuset *cpus,
                               enum verdict verdict, const struct words *words)
{
    struct keeper *keeper = (struct keeper *)teller;
    assert_true(keeper->count < TOLD_MAX);
    keeper->told[keeper->count++] = (struct told){*cpus, verdict, *words};
}

/* Puts the first `count` observations to the judge. */
static inline struct keeper keeper_judge(judge_of_crowd *judge_it, const struct observation *seen,
                                         uint32_t count)
{
    struct keeper keeper = {.teller = {keeper_tell}};
    struct crowd crowd = {.first = seen, .stride = sizeof(*seen)};
    cpuset_fill(&crowd.cpus, count);
    judge_it(&crowd, &keeper.teller);
    return keeper;
}

/* `cpus` as a list, as options take it. */
static inline void assert_told(const struct told *told, enum verdict verdict, const char *cpus)
{
    char list[128];
    struct text text;
    text_init(&text, list, sizeof(list));
    cpuset_print(&text, &told->cpus);
    assert_string_equal(list, cpus);
    assert_int_equal(told->verdict, verdict);
    /* Words are whole: none may have been cut to its room. */
    assert_in_range(strlen(told->words.expected), 0, sizeof(told->words.expected) - 2);
    assert_in_range(strlen(told->words.seen), 0, sizeof(told->words.seen) - 2);
    assert_in_range(strlen(told->words.means), 0, sizeof(told->words.means) - 2);
}

#endif
