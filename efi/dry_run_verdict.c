#include "dry_run_verdict.h"
#include "console.h"

void dry_run_print_verdict(struct firmware *firmware, const char *id, enum verdict verdict,
                           const char *remark, const struct words *words)
{
    switch (verdict) {
    case VERDICT_NONE:
        return;
    case VERDICT_PASS:
        console_format(firmware, "ok - %s%s\n", id, remark);
        return;
    case VERDICT_SKIP:
        console_format(firmware, "ok - %s # SKIP %s\n", id, words->seen);
        return;
    case VERDICT_DEVIATION:
        console_format(firmware, "not ok - %s # TODO %s: %s\n", id, words->seen, words->means);
        return;
    case VERDICT_ERROR:
    case VERDICT_FAIL:
        console_format(firmware, "not ok - %s\n  expected: %s\n  seen: %s\n  means: %s\n", id,
                       words->expected, words->seen, words->means);
    }
}
