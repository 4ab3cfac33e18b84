/* Cells to pixels. A framebuffer is slow memory: runs of changed cells are written line by line, so
 * that write-combining buffers fill up. */
#include <font.h>
#include <framebuffer.h>

enum { CELL_UNKNOWN = 0xff }; /* no ink: differs from every cell */

/* 0x00RRGGBB in the byte order of the display. */
static uint32_t pixel_of(enum pixel_order order, uint32_t colour)
{
    if (order == PIXEL_BGRX) {
        return colour;
    }
    return (colour >> 16 & 0xff) | (colour & 0xff00) | (colour & 0xff) << 16;
}

static void clear(const struct framebuffer *fb)
{
    for (uint32_t y = 0; y < fb->height; y++) {
        volatile uint32_t *line = fb->pixels + (uint64_t)y * fb->stride;
        for (uint32_t x = 0; x < fb->width; x++) {
            line[x] = fb->colours[INK_BACKGROUND];
        }
    }
}

void framebuffer_open(struct framebuffer *fb, const struct framebuffer_claim *claim,
                      struct cell *shown)
{
    *fb = (struct framebuffer){
        .pixels = (volatile uint32_t *)claim->base,
        .width = claim->width,
        .height = claim->height,
        .stride = claim->stride,
        .shown = shown,
    };
    framebuffer_lay_out(claim, &fb->layout);
    for (uint32_t ink = 0; ink < INK_COUNT; ink++) {
        fb->colours[ink] = pixel_of(claim->order, screen_colour((enum ink)ink));
    }
    for (uint32_t n = 0; n < fb->layout.columns * fb->layout.rows; n++) {
        shown[n].ink = CELL_UNKNOWN;
    }
    if (fb->layout.columns > 0) {
        clear(fb);
    }
}

static uint32_t colour_of(const struct framebuffer *fb, uint8_t ink)
{
    return fb->colours[ink == CELL_DOTS ? INK_BACKGROUND : ink < INK_COUNT ? ink : INK_TEXT];
}

/* Eight pixels of a cell of dots: each dot is four wide and four high. */
static uint32_t dots_line(uint8_t pattern, uint32_t line)
{
    uint32_t pair = pattern >> line / 4 * 2;
    return (pair & 1 ? 0xf0u : 0) | (pair & 2 ? 0x0fu : 0);
}

static uint32_t glyph_line(const struct cell *cell, uint32_t line)
{
    bool known = cell->glyph >= FONT_FIRST && cell->glyph <= FONT_LAST;
    if (cell->ink == CELL_DOTS) {
        return dots_line(cell->glyph, line);
    }
    return font_glyphs[(known ? cell->glyph : '?') - FONT_FIRST][line];
}

/* One pixel line of one cell; `line` counts a glyph's own lines. */
static volatile uint32_t *cell_line(const struct framebuffer *fb, volatile uint32_t *at,
                                    const struct cell *cell, uint32_t line)
{
    uint32_t bits = glyph_line(cell, line);
    uint32_t ink = colour_of(fb, cell->ink), paper = colour_of(fb, cell->paper);
    for (uint32_t dot = 0; dot < FONT_WIDTH; dot++) {
        uint32_t colour = bits << dot & 0x80 ? ink : paper;
        for (uint32_t n = 0; n < fb->layout.scale; n++) {
            *at++ = colour;
        }
    }
    return at;
}

/* `count` neighbouring cells of one row. */
static void run_show(const struct framebuffer *fb, const struct cell *cells, uint32_t column,
                     uint32_t row, uint32_t count)
{
    uint32_t scale = fb->layout.scale;
    uint64_t x = fb->layout.left + column * FONT_WIDTH * scale;
    uint64_t y = row * FONT_HEIGHT * scale;
    for (uint32_t line = 0; line < FONT_HEIGHT * scale; line++) {
        volatile uint32_t *at = fb->pixels + (y + line) * fb->stride + x;
        for (uint32_t n = 0; n < count; n++) {
            at = cell_line(fb, at, &cells[n], line / scale);
        }
    }
}

static bool cell_equal(const struct cell *a, const struct cell *b)
{
    return a->glyph == b->glyph && a->ink == b->ink && a->paper == b->paper;
}

static void row_show(struct framebuffer *fb, const struct cell *cells, uint32_t columns,
                     uint32_t row)
{
    struct cell *shown = fb->shown + row * fb->layout.columns;
    for (uint32_t at = 0; at < columns;) {
        uint32_t from = at;
        while (at < columns && !cell_equal(&cells[at], &shown[at])) {
            shown[at] = cells[at];
            at++;
        }
        if (at > from) {
            run_show(fb, cells + from, from, row, at - from);
        } else {
            at++;
        }
    }
}

void framebuffer_show(struct framebuffer *fb, const struct screen *screen)
{
    const struct framebuffer_layout *layout = &fb->layout;
    uint32_t columns = screen->columns < layout->columns ? screen->columns : layout->columns;
    uint32_t rows = screen->rows < layout->rows ? screen->rows : layout->rows;
    for (uint32_t row = 0; row < rows; row++) {
        row_show(fb, screen->cells + row * screen->columns, columns, row);
    }
    /* Nothing may wait in a write-combining buffer (SDM vol. 3A, 12.3.1). */
    __asm__ volatile("sfence" ::: "memory");
}
