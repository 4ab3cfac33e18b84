/* How far two words are apart, for "did you mean …?". */
#ifndef MUSTER_SPELLING_H
#define MUSTER_SPELLING_H

#include <stdbool.h>

/* Letters to change, insert or drop to make `b` of `a`, upper and lower case being the same; only
 * the first 31 of each count. Any phase. */
unsigned spelling_distance(const char *a, const char *b);

/* Whether `typed` is near enough to `meant` to ask: a beginning of it of three letters or more, or
 * about one slip in four letters. */
bool spelling_near(const char *typed, const char *meant);

#endif
