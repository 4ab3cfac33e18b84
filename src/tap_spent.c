/* What a run's time went to, as comments of a TAP report. */
#include <muster/tap.h>

enum { SLOWEST = 10, US_EACH_MS = 1000 };

static unsigned long ms(uint64_t us)
{
    return (unsigned long)((us + US_EACH_MS / 2) / US_EACH_MS);
}

/* The slowest check behind `before` in the order of what they took, the earlier of two that took as
 * long; NULL: there is none. */
static const struct check_result *slowest_behind(const struct report *report,
                                                 const struct check_result *before)
{
    const struct check_result *found = NULL;
    for (uint32_t n = 0; n < report->results_done; n++) {
        const struct check_result *result = &report->results[n];
        const bool behind =
            !before || result->us < before->us || (result->us == before->us && result > before);
        if (behind && !result->us_unknown && ms(result->us) > 0 &&
            (!found || result->us > found->us)) {
            found = result;
        }
    }
    return found;
}

static void add_slowest(struct text *out, const struct report *report)
{
    const struct check_result *result = slowest_behind(report, NULL);
    const char *before = "# slowest: ";
    for (uint32_t n = 0; n < SLOWEST && result; n++) {
        text_format(out, "%s%s %lu ms", before, result->id, ms(result->us));
        before = ", ";
        result = slowest_behind(report, result);
    }
    text_add(out, before[0] == ',' ? "\n" : "");
}

static void add_outside(struct text *out, const struct time_spent *spent)
{
    const char *before = "";
    if (!spent->known) {
        return;
    }
    text_add(out, "# outside checks: ");
    for (enum time_use use = TIME_CHECKS + 1; use < TIME_USES; use++) {
        if (ms(spent->us[use]) > 0) {
            text_format(out, "%s%s %lu ms", before, time_use_name(use), ms(spent->us[use]));
            before = ", ";
        }
    }
    text_format(out, "%s%s %lu ms; checks: %lu ms\n", before, time_use_name(TIME_OTHER),
                ms(spent->us[TIME_OTHER]), ms(spent->us[TIME_CHECKS]));
}

void tap_spent(struct text *out, const struct report *report, bool always)
{
    if (!always && report->elapsed_us < TAP_SPENT_FROM_US) {
        return;
    }
    add_slowest(out, report);
    add_outside(out, &report->spent);
}
