#include <muster/glob.h>

static const char *item_end(const char *item)
{
    while (*item != '\0' && *item != ',') {
        item++;
    }
    return item;
}

/* Matches the pattern [at, end). On a mismatch the last '*' takes one more character, which is
 * enough: an earlier one could only take what the last can take as well. */
static bool match(const char *at, const char *end, const char *id)
{
    const char *star = 0;
    const char *star_id = 0;
    while (*id != '\0') {
        if (at < end && *at == '*') {
            star = ++at;
            star_id = id;
        } else if (at < end && (*at == '?' || *at == *id)) {
            at++;
            id++;
        } else if (star) {
            at = star;
            id = ++star_id;
        } else {
            return false;
        }
    }
    while (at < end && *at == '*') {
        at++;
    }
    return at == end;
}

bool glob_match(const char *pattern, const char *id)
{
    const char *end = pattern;
    while (*end != '\0') {
        end++;
    }
    return match(pattern, end, id);
}

bool glob_list_match(const char *patterns, const char *id)
{
    while (*patterns != '\0') {
        const char *end = item_end(patterns);
        if (match(patterns, end, id)) {
            return true;
        }
        patterns = *end == ',' ? end + 1 : end;
    }
    return false;
}

bool glob_list_item(const char *patterns, unsigned n, char *ret, unsigned size)
{
    for (; n > 0; n--) {
        patterns = item_end(patterns);
        if (*patterns == '\0') {
            return false;
        }
        patterns++;
    }
    if (*patterns == '\0') {
        return false;
    }
    const char *end = item_end(patterns);
    while (patterns < end && size > 1) {
        *ret++ = *patterns++;
        size--;
    }
    *ret = '\0';
    return true;
}
