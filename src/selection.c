#include <muster/glob.h>
#include <muster/selection.h>

bool selection_has(const struct options *options, const char *id)
{
    return (options->only[0] == '\0' || glob_list_match(options->only, id)) &&
           !glob_list_match(options->skip, id);
}

__attribute__((format(printf, 3, 4))) static bool
refuse(struct option_error *error, const char *source, const char *format, ...)
{
    struct text line;
    va_list args;
    text_init(&line, error->message, sizeof(error->message));
    text_format(&line, "muster: %s%s", source, *source != '\0' ? ": " : "");
    va_start(args, format);
    text_vformat(&line, format, args);
    va_end(args);
    return false;
}

static bool matches_any(const char *pattern, const struct catalogue *catalogue)
{
    for (uint32_t n = 0; n < catalogue->count; n++) {
        if (glob_match(pattern, catalogue->get(n)->id)) {
            return true;
        }
    }
    return false;
}

static bool check_patterns(const char *option, const char *patterns,
                           const struct catalogue *catalogue, const char *source,
                           struct option_error *error)
{
    char pattern[OPTION_VALUE_MAX];
    for (unsigned n = 0; glob_list_item(patterns, n, pattern, sizeof(pattern)); n++) {
        if (!matches_any(pattern, catalogue)) {
            return refuse(error, source, "%s %s: matches no check; --list names them all", option,
                          pattern);
        }
    }
    return true;
}

static bool leaves_a_check(const struct options *options, const struct catalogue *catalogue)
{
    for (uint32_t n = 0; n < catalogue->count; n++) {
        if (selection_has(options, catalogue->get(n)->id)) {
            return true;
        }
    }
    return false;
}

/* Nothing would be planted, and all of it called a run with a defect. */
static bool check_planted(const struct options *options, const struct catalogue *catalogue,
                          const char *source, struct option_error *error)
{
    const char *check = options->break_id[0] != '\0' ? catalogue->left_out(options) : NULL;
    if (check == NULL) {
        return true;
    }
    if (string_equal(check, options->break_id)) {
        return refuse(error, source,
                      "--break %s: --only and --skip leave this check out; choose it, too", check);
    }
    return refuse(error, source,
                  "--break %s: happens in %s, which --only and --skip leave out; choose it, too",
                  options->break_id, check);
}

bool selection_check(const struct options *options, const struct catalogue *catalogue,
                     const char *source, struct option_error *ret_error)
{
    if (!check_patterns("--only", options->only, catalogue, source, ret_error) ||
        !check_patterns("--skip", options->skip, catalogue, source, ret_error)) {
        return false;
    }
    if (options->break_id[0] != '\0' && !catalogue->breakable(options->break_id)) {
        return refuse(ret_error, source,
                      "--break %s: no such defect; give a check's id from --list, or up.STAGE",
                      options->break_id);
    }
    if (!leaves_a_check(options, catalogue)) {
        return refuse(ret_error, source,
                      "--only and --skip leave no check to run; widen one of them");
    }
    return check_planted(options, catalogue, source, ret_error);
}

bool selection_check_cpus(const struct options *options, uint32_t cpus, const char *source,
                          struct option_error *ret_error)
{
    const uint32_t beyond = options->cpus_given ? cpuset_next(&options->cpus, cpus) : CPU_NONE;
    if (beyond == CPU_NONE) {
        return true;
    }
    return refuse(ret_error, source,
                  "--cpus: CPU %u is beyond the %u CPU%s there %s; highest index: %u", beyond, cpus,
                  cpus == 1 ? "" : "s", cpus == 1 ? "is" : "are", cpus - 1);
}
