/* The table of options: one row says all there is to say about an option. */
#ifndef MUSTER_OPTION_TABLE_H
#define MUSTER_OPTION_TABLE_H

#include <muster/options.h>
#include <muster/text.h>

struct option_row {
    const char *name;    /* "--cpus" */
    const char *letters; /* "h?": -h and -? say the same */
    /* "SET"; "[=each]" where a value may be joined to it; "" where it takes none */
    const char *argument;
    const char *help; /* one line of at most 55 characters */
    /* Writes the value into `options`; false, with what is wrong with it in `problem`, where it
     * cannot. */
    bool (*set)(struct options *options, const char *value, struct text *problem);
};

uint32_t option_row_count(void);
/* `n` below option_row_count(). */
const struct option_row *option_row_get(uint32_t n);

/* The option called by the first `length` characters of `word`, or NULL. */
const struct option_row *option_row_find(const char *word, size_t length);
/* The option that was likely meant by them, or NULL. */
const struct option_row *option_row_guess(const char *word, size_t length);

#endif
