#include "roll_words.h"

#include <muster/text.h>

enum verdict roll_skip(struct words *ret, const char *reason)
{
    string_copy(ret->seen, sizeof(ret->seen), reason);
    return VERDICT_SKIP;
}

enum verdict roll_fail(struct words *ret, const char *expected, const char *means)
{
    string_copy(ret->expected, sizeof(ret->expected), expected);
    string_copy(ret->means, sizeof(ret->means), means);
    return VERDICT_FAIL;
}

bool roll_quote(const struct notes *notes, const char *check, struct words *ret)
{
    uint32_t more = notes->dropped;
    struct text out;
    text_init(&out, ret->seen, sizeof(ret->seen));
    for (uint32_t i = 0; i < notes->count; i++) {
        if (!string_equal(notes->list[i].check, check)) {
            continue;
        }
        if (out.length == 0) {
            text_add(&out, notes->list[i].text);
        } else {
            more++;
        }
    }
    if (out.length > 0 && more > 0) {
        text_format(&out, " (+%u more)", more);
    }
    return out.length > 0;
}
