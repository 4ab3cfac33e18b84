/* What the parts of a TAP report share. */
#ifndef MUSTER_TAP_PARTS_H
#define MUSTER_TAP_PARTS_H

#include <muster/text.h>

/* Appends `string` with a '?' for whatever is not printable ASCII. */
void tap_plain_add(struct text *out, const char *string);
/* A YAML double-quoted scalar (YAML 1.2, 7.3.1). */
void tap_quoted_add(struct text *out, const char *string);

#endif
