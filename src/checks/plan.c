/* Which checks a run consists of. */
#include "rehearsal.h"
#include "run.h"
#include <muster/glob.h>
#include <muster/selection.h>

/* Whether a chosen check asks for check `n`, directly or through others: a CPU is not sent into a
 * fault before what the fault relies on has been looked at. */
static bool needed(const struct options *options, uint32_t n, const bool chosen[CHECK_MAX])
{
    for (uint32_t other = n + 1; other < catalogue_count(); other++) {
        if (chosen[other] && glob_list_match(catalogue_get(other)->needs, catalogue_get(n)->id))
            return !glob_list_match(options->skip, catalogue_get(n)->id);
    }
    return false;
}

static void add_result(struct run *run, uint32_t n)
{
    const struct check_info *info = catalogue_get(n);
    uint32_t result = run->report.result_count++;

    run->planned[result] = n;
    run->report.results[result].id = info->id;
    run->report.results[result].claim = info->claim;
    run->report.results[result].source = info->source;
}

/* From the end: what a check needs stands before it. */
static void choose(const struct options *options, bool chosen[CHECK_MAX])
{
    for (uint32_t n = catalogue_count(); n-- > 0;)
        chosen[n] = check_get(n)->always || selection_has(options, catalogue_get(n)->id) ||
                    needed(options, n, chosen);
}

uint32_t catalogue_planned(const struct options *options)
{
    bool chosen[CHECK_MAX] = {false};
    uint32_t count = 0;

    choose(options, chosen);
    for (uint32_t n = 0; n < catalogue_count(); n++)
        count += chosen[n];
    return count;
}

/* What is planted as the CPUs are called, or outside all checks, is in every run. */
const char *catalogue_left_out(const struct options *options)
{
    const char *where = rehearsal_where(options->break_id);
    bool chosen[CHECK_MAX] = {false};

    choose(options, chosen);
    for (uint32_t n = 0; n < catalogue_count(); n++) {
        if (!chosen[n] && string_equal(catalogue_get(n)->id, where))
            return catalogue_get(n)->id;
    }
    return NULL;
}

void plan_make(struct run *run)
{
    bool chosen[CHECK_MAX] = {false};

    choose(&run->handoff->options, chosen);
    for (uint32_t n = 0; n < catalogue_count(); n++) {
        if (chosen[n])
            add_result(run, n);
    }
}
