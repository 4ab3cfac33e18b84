/* Cells for a framebuffer: glyphs grow with the display, so that they stay legible. */
#include <muster/framebuffer_layout.h>

enum { WIDE_PIXELS = 2560, WIDE_STEP = 1920, BYTES_PER_PIXEL = 4 };

/* 1 below 2560 pixels, 2 up to and beyond 4K, 4 at 8K. */
static uint32_t scale_for(uint32_t width)
{
    if (width < WIDE_PIXELS) {
        return 1;
    }
    return width < 2 * WIDE_STEP ? 2 : width / WIDE_STEP;
}

static bool claim_sound(const struct framebuffer_claim *claim)
{
    if (claim->order == PIXEL_NONE || claim->base == 0 || claim->stride < claim->width) {
        return false;
    }
    if (claim->width == 0 || claim->height == 0) {
        return false;
    }
    uint64_t pixels = (uint64_t)claim->stride * (claim->height - 1) + claim->width;
    return pixels <= claim->size / BYTES_PER_PIXEL;
}

static uint32_t at_most(uint32_t value, uint32_t most)
{
    return value < most ? value : most;
}

void framebuffer_lay_out(const struct framebuffer_claim *claim, struct framebuffer_layout *ret)
{
    *ret = (struct framebuffer_layout){.scale = 1};
    if (!claim_sound(claim)) {
        return;
    }
    uint32_t scale = scale_for(claim->width);
    uint32_t width = CELL_WIDTH * scale, height = CELL_HEIGHT * scale;
    uint32_t columns = at_most(claim->width / width, CELL_COLUMNS_MAX);
    uint32_t rows = at_most(claim->height / height, CELL_ROWS_MAX);
    if (columns < CELL_COLUMNS_MIN || rows < CELL_ROWS_MIN) {
        return;
    }
    *ret = (struct framebuffer_layout){
        .scale = scale,
        .columns = columns,
        .rows = rows,
        .left = (claim->width - columns * width) / 2,
    };
}

void framebuffer_cells(const struct framebuffer_claim *claim, uint32_t *ret_columns,
                       uint32_t *ret_rows)
{
    struct framebuffer_layout layout;
    framebuffer_lay_out(claim, &layout);
    *ret_columns = layout.columns;
    *ret_rows = layout.rows;
}
