/* Prose set into lines of a given width. */
#ifndef MUSTER_PARAGRAPH_H
#define MUSTER_PARAGRAPH_H

#include <stdint.h>

#include <muster/text.h>

/* Appends `words` behind `label` in lines of at most `width` characters, each line indented by
 * `indent` and ended by a newline; lines after the first are indented below the first word. A word
 * longer than a line stands alone on one. Any phase. */
void paragraph_print(struct text *out, uint32_t indent, uint32_t width, const char *label,
                     const char *words);

#endif
