/* Whether a graphics mode has a framebuffer that can be drawn into after the door. */
#ifndef MUSTER_GRAPHICS_MODE_H
#define MUSTER_GRAPHICS_MODE_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/handoff.h>

/* EFI_GRAPHICS_PIXEL_FORMAT (UEFI 2.10, 12.9). */
enum graphics_format { GRAPHICS_RGBX, GRAPHICS_BGRX, GRAPHICS_MASKS, GRAPHICS_BLT_ONLY };

struct graphics_mode {
    uint32_t format; /* enum graphics_format as firmware gave it */
    uint32_t red_mask, green_mask, blue_mask;
    uint32_t width, height; /* pixels */
    uint32_t stride;        /* pixels from one line to the next */
    uint64_t base, size;    /* bytes */
};

/* True when the mode has a linear framebuffer of 32 bits a pixel, in either channel order, large
 * enough for its own lines; `ret` is written only then. Any phase. */
bool graphics_mode_read(const struct graphics_mode *mode, struct framebuffer_claim *ret);

#endif
