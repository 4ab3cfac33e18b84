/* The report's own bookkeeping: the worst verdict wins, and equal findings are told once. */
#include <muster/report.h>
#include <muster/text.h>

/* What result `n` means to the whole run. A check that a finished run never reached is one muster
 * cannot speak for. */
static enum verdict result_weight(const struct report *report, uint32_t n)
{
    enum verdict verdict = report->results[n].verdict;
    if (verdict == VERDICT_NONE && report->ended) {
        return VERDICT_ERROR;
    }
    return verdict >= VERDICT_ERROR ? verdict : VERDICT_PASS;
}

static enum verdict worst_result(const struct report *report)
{
    enum verdict worst = VERDICT_PASS;
    for (uint32_t n = 0; n < report->result_count; n++) {
        enum verdict weight = result_weight(report, n);
        if (weight > worst) {
            worst = weight;
        }
    }
    return worst;
}

/* Whoever is lost has failed a check; were that ever forgotten, it is still no PASS. */
enum verdict report_verdict(const struct report *report)
{
    enum verdict worst = worst_result(report);
    return worst == VERDICT_PASS && !cpuset_empty(&report->lost) ? VERDICT_FAIL : worst;
}

bool report_sound(const struct report *report)
{
    return report_verdict(report) == VERDICT_PASS &&
           (!report->self_test || self_test_passed(report->self_test));
}

bool report_called(const struct report *report)
{
    return report->cpus_answered > 0 || !cpuset_empty(&report->lost);
}

uint32_t report_count(const struct report *report, enum verdict verdict)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < report->result_count; n++) {
        count += report->results[n].verdict == verdict;
    }
    return count;
}

static bool words_equal(const struct words *a, const struct words *b)
{
    return string_equal(a->expected, b->expected) && string_equal(a->seen, b->seen) &&
           string_equal(a->means, b->means);
}

/* The finding of `result` that already says these words of a CPU (or of the machine), or NULL. */
static struct finding *finding_like(struct report *report, const struct check_result *result,
                                    bool of_machine, enum verdict verdict,
                                    const struct words *words)
{
    for (uint32_t n = 0; n < result->finding_count; n++) {
        struct finding *finding = &report->findings[result->first_finding + n];
        if (finding->verdict == verdict && cpuset_empty(&finding->cpus) == of_machine &&
            words_equal(&finding->words, words)) {
            return finding;
        }
    }
    return NULL;
}

/* Makes room behind the findings of `result`, so that they stay contiguous whatever was found in
 * between; NULL when the report is full. */
static struct finding *finding_append(struct report *report, struct check_result *result)
{
    if (report->finding_count >= FINDING_MAX) {
        return NULL;
    }
    if (result->finding_count == 0) {
        result->first_finding = report->finding_count;
    }
    uint32_t at = result->first_finding + result->finding_count++;
    for (uint32_t n = report->finding_count++; n > at; n--) {
        report->findings[n] = report->findings[n - 1];
    }
    for (uint32_t n = 0; n < report->result_count; n++) {
        struct check_result *other = &report->results[n];
        if (other != result && other->finding_count > 0 && other->first_finding >= at) {
            other->first_finding++;
        }
    }
    return &report->findings[at];
}

static void result_raise(struct check_result *result, uint32_t cpu, enum verdict verdict)
{
    if (verdict > result->verdict) {
        result->verdict = verdict;
    }
    if (verdict >= VERDICT_ERROR) {
        cpuset_add(&result->failed, cpu);
    }
}

void report_find(struct report *report, uint32_t result, uint32_t cpu, enum verdict verdict,
                 const struct words *words)
{
    struct check_result *into = &report->results[result];
    bool of_machine = cpu == CPU_NONE;
    result_raise(into, cpu, verdict);

    struct finding *finding = finding_like(report, into, of_machine, verdict, words);
    if (!finding) {
        finding = finding_append(report, into);
        if (!finding) {
            into->findings_dropped++;
            return;
        }
        cpuset_clear(&finding->cpus);
        finding->verdict = verdict;
        finding->words = *words;
    }
    cpuset_add(&finding->cpus, cpu);
}

const char *report_deviation(const struct report *report, const struct check_result *result)
{
    const struct words *words = &report->findings[result->first_finding].words;
    if (result->finding_count == 0) {
        return result->note[0] ? result->note : "known deviation";
    }
    return words->means[0] ? words->means : words->seen;
}
