/* The setters: what may stand behind each option, and what is said when something else does. */
#ifndef MUSTER_OPTION_VALUE_H
#define MUSTER_OPTION_VALUE_H

#include <muster/options.h>
#include <muster/text.h>

/* Each as option_row.set. */
bool option_set_help(struct options *options, const char *value, struct text *problem);
bool option_set_version(struct options *options, const char *value, struct text *problem);
bool option_set_list(struct options *options, const char *value, struct text *problem);
bool option_set_cpus(struct options *options, const char *value, struct text *problem);
bool option_set_only(struct options *options, const char *value, struct text *problem);
bool option_set_skip(struct options *options, const char *value, struct text *problem);
bool option_set_repeat(struct options *options, const char *value, struct text *problem);
bool option_set_page(struct options *options, const char *value, struct text *problem);
bool option_set_smi_watch(struct options *options, const char *value, struct text *problem);
bool option_set_dry_run(struct options *options, const char *value, struct text *problem);
bool option_set_bench(struct options *options, const char *value, struct text *problem);
bool option_set_switch_bsp(struct options *options, const char *value, struct text *problem);
bool option_set_record(struct options *options, const char *value, struct text *problem);
bool option_set_collect(struct options *options, const char *value, struct text *problem);
bool option_set_baseline(struct options *options, const char *value, struct text *problem);
bool option_set_format(struct options *options, const char *value, struct text *problem);
bool option_set_console(struct options *options, const char *value, struct text *problem);
bool option_set_serial(struct options *options, const char *value, struct text *problem);
bool option_set_then(struct options *options, const char *value, struct text *problem);
bool option_set_break(struct options *options, const char *value, struct text *problem);
bool option_set_self_test(struct options *options, const char *value, struct text *problem);

/* The word for --then. */
const char *option_then_name(enum then then);

/* Says that `value` is not what is wanted, and returns false. */
bool option_refuse(struct text *problem, const char *value, const char *wanted);

/* Reads a decimal or 0x number at *at and moves on; false where there is none, or one above
 * `max`. */
bool option_number(const char **at, uint64_t max, uint64_t *ret);

#endif
