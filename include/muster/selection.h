/* Which checks the options choose, and whether what they name exists. */
#ifndef MUSTER_SELECTION_H
#define MUSTER_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/check.h>
#include <muster/options.h>

/* The catalogue of checks as a value, so that this stays pure. */
struct catalogue {
    uint32_t count;
    const struct check_info *(*get)(uint32_t n);
    int (*breakable)(const char *id);
    const char *(*left_out)(const struct options *options); /* catalogue_left_out() */
};

/* Whether --only and --skip leave check `id` in. Any phase. */
bool selection_has(const struct options *options, const char *id);

/* Whether each pattern of --only and --skip matches a check, --break names something that can be
 * planted, a check is left to run, and with it the one where --break plants. On error `ret_error`
 * is one line that names `source`: "muster.cfg", or "" for the command line. */
bool selection_check(const struct options *options, const struct catalogue *catalogue,
                     const char *source, struct option_error *ret_error);

/* Whether --cpus stays within the `cpus` CPUs there are; else as above. */
bool selection_check_cpus(const struct options *options, uint32_t cpus, const char *source,
                          struct option_error *ret_error);

#endif
