/* Text as UEFI holds it, made into plain ASCII. */
#ifndef MUSTER_UCS2_H
#define MUSTER_UCS2_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/text.h>

/* Appends up to `units` UCS-2 units, ending at the first NUL; what is not ASCII becomes `other`.
 * The units need not be aligned. Any phase. */
void ucs2_print(struct text *out, const void *string, uint32_t units, char other);

/* What a unit beyond ASCII becomes in text for options_read(), which refuses it; a '?' would be
 * taken for a pattern. */
enum { UCS2_NOT_AN_OPTION = 0x7f };

/* Whether `size` bytes are text in UCS-2 (UEFI 2.10, 3.1.3 leaves LoadOptions free to be anything):
 * no control characters but white space before the first NUL, and more ASCII than not. An odd last
 * byte is passed over. No bytes at all are text. */
bool ucs2_is_text(const void *bytes, uint32_t size);

/* Appends a text file: UTF-16 little-endian where it begins with that byte order mark, as the UEFI
 * shell writes it, else bytes, with a UTF-8 mark passed over. Returns -1, or the offset of the
 * first byte that no text file has: a control character other than white space. */
long ucs2_print_file(struct text *out, const void *bytes, uint32_t size);

#endif
