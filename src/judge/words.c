#include <muster/judge.h>
#include <muster/text.h>

bool words_differ(struct words *ret, const char *name, struct pair pair, const char *means)
{
    struct text expected, seen;

    if (pair.want == pair.seen)
        return false;
    text_init(&expected, ret->expected, sizeof ret->expected);
    text_init(&seen, ret->seen, sizeof ret->seen);
    text_format(&expected, "%s 0x%lx", name, (unsigned long)pair.want);
    text_format(&seen, "%s 0x%lx", name, (unsigned long)pair.seen);
    string_copy(ret->means, sizeof ret->means, means);
    return true;
}
