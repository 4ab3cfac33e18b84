#include <muster/self_test.h>

uint32_t self_test_count(const struct self_test *test, enum planting_outcome outcome)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < test->count; n++) {
        count += test->plantings[n].outcome == outcome;
    }
    return count;
}

bool self_test_told(const struct self_test *test)
{
    return self_test_count(test, PLANTING_CAUGHT) + self_test_count(test, PLANTING_MISSED) > 0;
}

static bool broken_off(const struct self_test *test)
{
    for (uint32_t n = 0; n < test->count; n++) {
        if (test->plantings[n].outcome == PLANTING_OPEN ||
            test->plantings[n].why == UNTESTED_BROKEN_OFF) {
            return true;
        }
    }
    return false;
}

bool self_test_passed(const struct self_test *test)
{
    return self_test_count(test, PLANTING_MISSED) == 0 && !broken_off(test);
}

void self_test_miss(struct self_test *test, uint32_t n, const struct words *words)
{
    struct planting *planting = &test->plantings[n];
    if (planting->outcome == PLANTING_MISSED) {
        return;
    }
    planting->outcome = PLANTING_MISSED;
    if (test->miss_count == MISSES_MAX) {
        return;
    }
    test->misses[test->miss_count++] = (struct planting_miss){.planting = n, .words = *words};
}

const struct words *self_test_words(const struct self_test *test, uint32_t n)
{
    for (uint32_t i = 0; i < test->miss_count; i++) {
        if (test->misses[i].planting == n) {
            return &test->misses[i].words;
        }
    }
    return NULL;
}

const char *planting_outcome_name(enum planting_outcome outcome)
{
    static const char *const names[] = {
        [PLANTING_OPEN] = "open",
        [PLANTING_UNTESTED] = "not tested",
        [PLANTING_CAUGHT] = "caught",
        [PLANTING_MISSED] = "missed",
    };
    return names[outcome];
}

const char *untested_sentence(enum untested why)
{
    static const char *const sentences[UNTESTED_COUNT] = {
        [UNTESTED_NOT] = "",
        [UNTESTED_BRING_UP] = "only bring-up can plant it: --break does, in a run of its own",
        [UNTESTED_ENDS_CPU] = "it takes a CPU or the run away: --break does, in a run of its own",
        [UNTESTED_SKIPPED] = "the check cannot be asked here",
        [UNTESTED_FAILED] = "the check failed before anything was planted",
        [UNTESTED_DEVIATION] = "a known deviation hides it here",
        [UNTESTED_ALONE] = "the check compares CPUs, and was put to one alone",
        [UNTESTED_NO_CPU] = "no CPU is left to plant it on",
        [UNTESTED_BROKEN_OFF] = "the self-test ended before it",
        [UNTESTED_UNHEALED] = "an earlier defect outlived its removal there",
    };
    return why < UNTESTED_COUNT ? sentences[why] : "a reason that this program does not know";
}

/* "; missed: df.storm, gs.base and 3 more" */
static void missed_add(struct text *out, const struct self_test *test, uint32_t names_max)
{
    const uint32_t missed = self_test_count(test, PLANTING_MISSED);
    const char *before = "; missed: ";
    uint32_t told = 0;
    size_t room = names_max;
    for (uint32_t n = 0; n < test->count; n++) {
        const struct planting *planting = &test->plantings[n];
        const size_t length = string_length(planting->id) + 2;
        if (planting->outcome != PLANTING_MISSED || length > room) {
            continue;
        }
        text_format(out, "%s%s", before, planting->id);
        before = ", ";
        room -= length;
        told++;
    }
    if (told < missed) {
        text_format(out, "%s%u%s", told > 0 ? " and " : before, missed - told,
                    told > 0 ? " more" : "");
    }
}

void self_test_summary(struct text *out, const struct self_test *test, uint32_t names_max)
{
    const uint32_t caught = self_test_count(test, PLANTING_CAUGHT);
    const uint32_t planted = caught + self_test_count(test, PLANTING_MISSED);
    text_format(out, "%u of %u planted defects caught on this machine", caught, planted);
    missed_add(out, test, names_max);
    text_format(out, "; not self-tested: %u",
                self_test_count(test, PLANTING_UNTESTED) + self_test_count(test, PLANTING_OPEN));
    if (broken_off(test)) {
        text_add(out, "; the self-test did not come to its end");
    }
}
