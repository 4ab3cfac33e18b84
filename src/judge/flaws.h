/* Many flaws of one kind in a sentence: the first in words, the others counted. */
#ifndef MUSTER_FLAWS_H
#define MUSTER_FLAWS_H

#include <muster/handoff.h>
#include <muster/text.h>
#include <muster/verdict.h>

struct flaws {
    struct text seen;
    uint32_t count;
};

/* Clears `words`; the flaws are told in words->seen. */
void flaws_begin(struct flaws *flaws, struct words *words);

/* Counts a flaw; true for the first, which the caller puts into flaws->seen. */
bool flaws_add(struct flaws *flaws);

/* PASS where there was none, else FAIL with the words filled in. */
enum verdict flaws_end(struct flaws *flaws, struct words *words, const char *expected,
                       const char *means);

/* The same for what was looked for in `map`: where none was found, but the map was cut, ERROR. */
enum verdict flaws_end_in(const struct memory_map *map, struct flaws *flaws, struct words *words,
                          const char *expected, const char *means);

#endif
