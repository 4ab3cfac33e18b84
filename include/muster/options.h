/* What the user asked for: the command line and muster.cfg, read into plain data. */
#ifndef MUSTER_OPTIONS_H
#define MUSTER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/cpuset.h>
#include <muster/text.h>

enum { OPTION_VALUE_MAX = 256, OPTION_ID_MAX = 32, REPEAT_MAX = 1000000 };
enum { SMI_WATCH_MS = 100, SMI_WATCH_MAX_MS = 60000 };

enum ask { ASK_RUN, ASK_HELP, ASK_VERSION, ASK_LIST };

/* What happens after the last line of the report. */
enum then { THEN_WAIT, THEN_RESET, THEN_SHUTDOWN, THEN_HALT, THEN_DEBUG_EXIT };

/* Whether each check's defect is planted when the checks are over, and on whom. */
enum self_test_wanted { SELF_TEST_NO, SELF_TEST_USUAL, SELF_TEST_EACH };

enum serial_kind { SERIAL_DEFAULT, SERIAL_NONE, SERIAL_PORT, SERIAL_MMIO };

struct options {
    enum ask ask;
    bool page; /* words for a person stop after each screenful */
    bool cpus_given;
    struct cpuset cpus;
    char only[OPTION_VALUE_MAX]; /* comma-separated globs; empty: all */
    char skip[OPTION_VALUE_MAX]; /* comma-separated globs; empty: none */
    uint32_t repeat;             /* 1 to REPEAT_MAX */
    bool dry_run;
    uint32_t smi_watch_ms; /* 1 to SMI_WATCH_MAX_MS: how long smi.* watch */
    bool bench;            /* print the benchmark figures as well */
    bool switch_bsp;       /* mps.switch is asked, too */
    bool baseline;         /* tell what stays the same from boot to boot */
    bool record;           /* keep the report in non-volatile variables */
    bool collect;          /* write what such a record holds to files, then return */
    bool format_tap;
    bool format_json;
    bool console_serial;
    bool console_screen;
    struct {
        enum serial_kind kind;
        uint64_t address; /* I/O port or physical address */
        uint32_t baud;    /* 0: leave the line as it is */
    } serial;
    enum then then;
    char break_id[OPTION_ID_MAX];    /* the planted defect; empty: none */
    enum self_test_wanted self_test; /* on the usual CPU, or on each in turn */
};

/* Where option text came from; decides what a stray word means. */
enum option_source {
    OPTION_SOURCE_SHELL,  /* typed: every stray word is an error */
    OPTION_SOURCE_LOADER, /* LoadOptions without a shell: words that are not ours are passed over,
                             but for those that begin with "--" */
    OPTION_SOURCE_FILE,   /* muster.cfg: an option and its value on one line, '#' comments */
};

struct option_error {
    /* One line that names source, place, thing and remedy:
     * muster: muster.cfg:3: --repeat: "0" is not a number from 1 to 1000000 */
    char message[OPTION_VALUE_MAX];
};

void options_default(struct options *ret);

/* Adds what `text` says to `options` (later words win). Text is split at white space; "double
 * quotes" keep a word together. Words passed over (loader only) are appended to `passed_over`, with
 * a space between; it may be NULL. A second --only or --skip adds to the first. False on error,
 * with `ret_error` filled and `options` unchanged. Any phase. */
bool options_read(struct options *options, enum option_source source, const char *text,
                  struct text *passed_over, struct option_error *ret_error);

/* The text of --help. */
void options_help(struct text *out);

#endif
