#include "flaws.h"

void flaws_begin(struct flaws *flaws, struct words *words)
{
    *words = (struct words){0};
    flaws->count = 0;
    text_init(&flaws->seen, words->seen, sizeof(words->seen));
}

bool flaws_add(struct flaws *flaws)
{
    return flaws->count++ == 0;
}

enum verdict flaws_end(struct flaws *flaws, struct words *words, const char *expected,
                       const char *means)
{
    if (flaws->count == 0) {
        return VERDICT_PASS;
    }
    if (flaws->count > 1) {
        text_format(&flaws->seen, " (+%u more)", flaws->count - 1);
    }
    string_copy(words->expected, sizeof(words->expected), expected);
    string_copy(words->means, sizeof(words->means), means);
    return VERDICT_FAIL;
}

enum verdict flaws_end_in(const struct memory_map *map, struct flaws *flaws, struct words *words,
                          const char *expected, const char *means)
{
    if (flaws->count == 0 && map->beyond > 0) {
        text_format(&flaws->seen, "%u descriptors, of which muster holds %u",
                    map->count + map->beyond, map->count);
        return VERDICT_ERROR;
    }
    return flaws_end(flaws, words, expected, means);
}
