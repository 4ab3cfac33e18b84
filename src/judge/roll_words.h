/* What the judges of the roll have in common: how they skip, fail, and quote the notes. */
#ifndef MUSTER_ROLL_WORDS_H
#define MUSTER_ROLL_WORDS_H

#include <muster/claims.h>
#include <muster/verdict.h>

/* VERDICT_SKIP with its reason. */
enum verdict roll_skip(struct words *ret, const char *reason);
/* VERDICT_FAIL; ret->seen has been written. */
enum verdict roll_fail(struct words *ret, const char *expected, const char *means);
/* Whether the note taken for `check` is there; quotes the first into ret->seen, and counts the
 * others. */
bool roll_quote(const struct notes *notes, const char *check, struct words *ret);

#endif
