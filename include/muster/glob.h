/* Check ids chosen by patterns: '*' any run of characters, '?' one. */
#ifndef MUSTER_GLOB_H
#define MUSTER_GLOB_H

#include <stdbool.h>

bool glob_match(const char *pattern, const char *id);
/* Whether any pattern of a comma-separated list matches. An empty list matches nothing. */
bool glob_list_match(const char *patterns, const char *id);
/* Copies pattern `n` (from 0) of the list into `ret` (cut at `size`); false when there is none. */
bool glob_list_item(const char *patterns, unsigned n, char *ret, unsigned size);

#endif
