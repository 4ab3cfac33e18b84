/* The console font: the printable ASCII glyphs, 8 pixels wide and 16 high, embedded at build time.
 */
#ifndef MUSTER_X86_FONT_H
#define MUSTER_X86_FONT_H

#include <stdint.h>

enum { FONT_FIRST = 0x20, FONT_LAST = 0x7e, FONT_WIDTH = 8, FONT_HEIGHT = 16 };

/* One byte a line, the leftmost pixel in the highest bit. */
extern const uint8_t font_glyphs[FONT_LAST - FONT_FIRST + 1][FONT_HEIGHT]
    __attribute__((visibility("hidden")));

#endif
