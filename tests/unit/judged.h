/* What every judge promises: words that name the field and both values, and none on a PASS. */
#ifndef JUDGED_H
#define JUDGED_H

#include "unit.h"

#include <stdio.h>

#include <muster/judge.h>

static inline void assert_holds(const char *text, const char *part)
{
    if (!strstr(text, part)) {
        fail_msg("\"%s\" does not hold \"%s\"", text, part);
    }
}

/* A PASS must not write one byte of the words. */
static inline void assert_passes(judge *judge_it, const struct observation *observation)
{
    struct words words, before;
    memset(&words, 0x5a, sizeof(words));
    before = words;
    assert_int_equal(judge_it(observation, &words), VERDICT_PASS);
    assert_memory_equal(&words, &before, sizeof(words));
}

/* `means`: a part of the sentence. The words held other text before, as they may. */
static inline void assert_judged(judge *judge_it, const struct observation *observation,
                                 enum verdict verdict, const char *expected, const char *seen,
                                 const char *means)
{
    struct words words;
    memset(&words, 'x', sizeof(words));
    assert_int_equal(judge_it(observation, &words), verdict);
    assert_string_equal(words.expected, expected);
    assert_string_equal(words.seen, seen);
    assert_holds(words.means, means);
    /* Whole: a sentence that was cut off fills its room to the last byte. */
    assert_true(strlen(words.means) < sizeof(words.means) - 1);
}

static inline void assert_fails(judge *judge_it, const struct observation *observation,
                                const char *expected, const char *seen, const char *means)
{
    assert_judged(judge_it, observation, VERDICT_FAIL, expected, seen, means);
}

/* One pair of an observation: where it lies, and what the judge says when it differs. */
struct judged_pair {
    size_t offset;
    const char *name;
    const char *means;
};

/* Spoils each pair of `sound` alone, to 0x5eed; each must fail in its own name. */
static inline void assert_each_pair_fails(judge *judge_it, const struct observation *sound,
                                          const struct judged_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct observation spoilt = *sound;
        struct pair *pair = (struct pair *)((char *)&spoilt + pairs[i].offset);
        char expected[128], seen[128];
        assert_int_equal(pair->want, pair->seen);
        pair->seen = 0x5eed;
        snprintf(expected, sizeof(expected), "%s 0x%llx", pairs[i].name,
                 (unsigned long long)pair->want);
        snprintf(seen, sizeof(seen), "%s 0x5eed", pairs[i].name);
        assert_fails(judge_it, &spoilt, expected, seen, pairs[i].means);
    }
}

#endif
