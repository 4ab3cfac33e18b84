/* What a judge of mps.* says of a record, compared with what it should say. */
#ifndef MPS_JUDGED_H
#define MPS_JUDGED_H

#include "mps_sound.h"

static struct mps_record record;

static inline void assert_verdict(enum mps_check check, enum verdict wanted, const char *expected,
                                  const char *seen)
{
    struct words words;
    memset(&words, 'x', sizeof(words));
    const enum verdict verdict = mps_judge(&record, check, &words);
    if (verdict != wanted || !strstr(words.seen, seen) || !strstr(words.expected, expected)) {
        fail_msg("%s: %s, expected \"%s\", seen \"%s\"", mps_check_id(check), verdict_name(verdict),
                 words.expected, words.seen);
    }
    /* Whole: a sentence that was cut off fills its room to the last byte. */
    assert_true(strlen(words.expected) < sizeof(words.expected) - 1);
    assert_true(strlen(words.seen) < sizeof(words.seen) - 1);
    assert_true(strlen(words.means) < sizeof(words.means) - 1);
    assert_int_equal(words.means[0] != '\0',
                     verdict == VERDICT_FAIL || verdict == VERDICT_DEVIATION);
}

static inline void assert_fails(enum mps_check check, const char *expected, const char *seen)
{
    assert_verdict(check, VERDICT_FAIL, expected, seen);
}

static inline void assert_skips(enum mps_check check, const char *why)
{
    assert_verdict(check, VERDICT_SKIP, "", why);
}

static inline void assert_passes(enum mps_check check)
{
    assert_verdict(check, VERDICT_PASS, "", "");
}

#endif
