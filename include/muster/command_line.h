/* A command line in the pieces that firmware hands it over in, made into one line of options. */
#ifndef MUSTER_COMMAND_LINE_H
#define MUSTER_COMMAND_LINE_H

#include <stdint.h>

#include <muster/text.h>

/* Appends one word that the shell has already split, in quotes where it would not stay one word.
 * A '"' within it is dropped: no option holds one. Any phase. */
void command_line_add(struct text *out, const char *word);

/* The rest of `line` after the name of the program, where the first word is one: it ends in ".efi"
 * or is `own_name` (with or without that ending), whatever the case. Else `line` itself. `own_name`
 * may be NULL. */
const char *command_line_options(const char *line, const char *own_name);

#endif
