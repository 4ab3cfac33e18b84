/* The verdict of the whole run, and what it rests on. */
#include <muster/cpu_words.h>
#include <muster/summary.h>

/* "PASS 29 checks", "FAIL 1 of 58 checks" */
static void verdict_add(struct text *out, const struct report *report)
{
    enum verdict verdict = report_verdict(report);
    text_add(out, verdict_name(verdict));
    if (verdict == VERDICT_FAIL) {
        text_format(out, " %u of", report_count(report, VERDICT_FAIL));
    } else if (verdict == VERDICT_ERROR) {
        text_format(out, " %u of",
                    report_count(report, VERDICT_ERROR) + report_count(report, VERDICT_NONE));
    }
    text_format(out, " %u check%s", report->result_count, report->result_count == 1 ? "" : "s");
}

static void extra_add(struct text *out, uint32_t count, const char *one, const char *many)
{
    if (count > 0) {
        text_format(out, "; %u %s", count, count == 1 ? one : many);
    }
}

static void extras_add(struct text *out, const struct report *report)
{
    if (report_verdict(report) == VERDICT_FAIL) {
        extra_add(out, report_count(report, VERDICT_ERROR), "error", "errors");
    }
    extra_add(out, report_count(report, VERDICT_NONE), "not run", "not run");
    extra_add(out, report_count(report, VERDICT_DEVIATION), "known deviation", "known deviations");
    extra_add(out, report_count(report, VERDICT_SKIP), "skipped", "skipped");
    extra_add(out, cpuset_count(&report->lost), "CPU lost", "CPUs lost");
}

void summary_add(struct text *out, const struct report *report)
{
    verdict_add(out, report);
    if (report->cpus_claimed > 0) {
        text_add(out, "; ");
        cpu_words_count(out, report->cpus_claimed);
    }
    text_format(out, "; %llu ms", (unsigned long long)(report->elapsed_us / 1000));
    extras_add(out, report);
}
