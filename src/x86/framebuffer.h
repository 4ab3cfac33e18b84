/* The framebuffer as a sink for pictures made of character cells. */
#ifndef MUSTER_X86_FRAMEBUFFER_H
#define MUSTER_X86_FRAMEBUFFER_H

#include <muster/framebuffer_layout.h>
#include <muster/screen.h>

struct framebuffer {
    volatile uint32_t *pixels;
    uint32_t width, height, stride; /* pixels */
    struct framebuffer_layout layout;
    uint32_t colours[INK_COUNT]; /* in the framebuffer's channel order */
    struct cell *shown;          /* what stands in each cell now */
};

/* Prepares `fb` and paints the whole display in the background colour once. `shown`: memory for
 * columns * rows cells, as framebuffer_cells() says. The claim's base must be mapped at its own
 * address, best write-combining. Where no cell fits, `shown` may be NULL and nothing is ever shown.
 * BSP, after the door. */
void framebuffer_open(struct framebuffer *fb, const struct framebuffer_claim *claim,
                      struct cell *shown);

/* Shows the screen: only cells that differ from what was shown last are written, in 32-bit stores,
 * and the framebuffer is never read. A screen larger than the framebuffer is clipped. BSP. */
void framebuffer_show(struct framebuffer *fb, const struct screen *screen);

#endif
