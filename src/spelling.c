#include <muster/spelling.h>

#include <muster/text.h>

enum { COMPARED_MAX = 31 };

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Levenshtein's table, of which one row is kept: row[j] is the distance from what of `a` has been
 * read to the first j letters of `b`. */
unsigned spelling_distance(const char *a, const char *b)
{
    const unsigned width = least((unsigned)string_length(b), COMPARED_MAX);
    unsigned row[COMPARED_MAX + 1];
    for (unsigned j = 0; j <= width; j++) {
        row[j] = j;
    }
    for (unsigned i = 0; i < COMPARED_MAX && a[i] != '\0'; i++) {
        unsigned diagonal = row[0];
        row[0] = i + 1;
        for (unsigned j = 0; j < width; j++) {
            const unsigned change = diagonal + (lower(a[i]) != lower(b[j]));
            diagonal = row[j + 1];
            row[j + 1] = least(change, least(row[j], diagonal) + 1);
        }
    }
    return row[width];
}

bool spelling_near(const char *typed, const char *meant)
{
    const unsigned length = (unsigned)string_length(typed);
    if (length >= 3 && string_starts(meant, typed)) {
        return true;
    }
    return spelling_distance(typed, meant) <= least(1 + length / 4, length / 2);
}
