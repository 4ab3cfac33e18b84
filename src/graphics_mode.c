#include <muster/graphics_mode.h>

enum { BYTES_PER_PIXEL = 4 };

static enum pixel_order mask_order(const struct graphics_mode *mode)
{
    if (mode->green_mask != 0xff00) {
        return PIXEL_NONE;
    }
    if (mode->red_mask == 0xff && mode->blue_mask == 0xff0000) {
        return PIXEL_RGBX;
    }
    if (mode->red_mask == 0xff0000 && mode->blue_mask == 0xff) {
        return PIXEL_BGRX;
    }
    return PIXEL_NONE;
}

static enum pixel_order pixel_order(const struct graphics_mode *mode)
{
    switch (mode->format) {
    case GRAPHICS_RGBX:
        return PIXEL_RGBX;
    case GRAPHICS_BGRX:
        return PIXEL_BGRX;
    case GRAPHICS_MASKS:
        return mask_order(mode);
    default:
        return PIXEL_NONE;
    }
}

static bool is_linear(const struct graphics_mode *mode)
{
    /* 32-bit factors, so the product of two cannot wrap; times four it can. */
    const uint64_t pixels = (uint64_t)mode->stride * mode->height;
    return mode->base != 0 && mode->width > 0 && mode->height > 0 && mode->stride >= mode->width &&
           pixels <= mode->size / BYTES_PER_PIXEL && mode->size <= UINT64_MAX - mode->base;
}

bool graphics_mode_read(const struct graphics_mode *mode, struct framebuffer_claim *ret)
{
    const enum pixel_order order = pixel_order(mode);
    if (order == PIXEL_NONE || !is_linear(mode)) {
        return false;
    }
    *ret = (struct framebuffer_claim){
        .order = order,
        .base = mode->base,
        .size = mode->size,
        .width = mode->width,
        .height = mode->height,
        .stride = mode->stride,
    };
    return true;
}
