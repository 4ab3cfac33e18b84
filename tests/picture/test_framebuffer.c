/* The framebuffer sink on the host, with the program's own font: what it writes, and what it leaves
 * alone. */
#include "../unit/unit.h"

#include <font.h>
#include <framebuffer.h>

enum { WIDTH = 330, STRIDE = 352, HEIGHT = 205, COLUMNS = 41, ROWS = 12, UNTOUCHED = 0x5a5a5a5a };

static uint32_t pixels[STRIDE * HEIGHT];
static struct cell shown[COLUMNS * ROWS], cells[COLUMNS * ROWS];
static struct screen screen = {COLUMNS, ROWS, cells};
static struct framebuffer fb;

static void paint(uint32_t value)
{
    for (uint32_t n = 0; n < STRIDE * HEIGHT; n++) {
        pixels[n] = value;
    }
}

static void open_as(enum pixel_order order)
{
    struct framebuffer_claim claim = {
        .order = order,
        .base = (uint64_t)(uintptr_t)pixels,
        .size = sizeof(pixels),
        .width = WIDTH,
        .height = HEIGHT,
        .stride = STRIDE,
    };
    paint(UNTOUCHED);
    framebuffer_open(&fb, &claim, shown);
    for (uint32_t n = 0; n < COLUMNS * ROWS; n++) {
        cells[n] = (struct cell){' ', INK_TEXT, INK_BACKGROUND};
    }
}

static uint32_t count(uint32_t value)
{
    uint32_t count = 0;
    for (uint32_t n = 0; n < STRIDE * HEIGHT; n++) {
        count += pixels[n] == value;
    }
    return count;
}

static void opening_paints_the_display_and_nothing_beside_it(void **state)
{
    (void)state;
    open_as(PIXEL_BGRX);
    assert_int_equal(count(screen_colour(INK_BACKGROUND)), WIDTH * HEIGHT);
    assert_int_equal(count(UNTOUCHED), (STRIDE - WIDTH) * HEIGHT);
}

static void channel_order_is_the_claims(void **state)
{
    (void)state;
    open_as(PIXEL_RGBX);
    cells[0].paper = INK_FAIL;
    framebuffer_show(&fb, &screen);
    uint8_t bytes[4];
    memcpy(bytes, &pixels[fb.layout.left], sizeof(bytes));
    uint32_t colour = screen_colour(INK_FAIL);
    assert_int_equal(bytes[0], colour >> 16);
    assert_int_equal(bytes[1], colour >> 8 & 0xff);
    assert_int_equal(bytes[2], colour & 0xff);
}

static void only_changed_cells_are_written(void **state)
{
    (void)state;
    open_as(PIXEL_BGRX);
    framebuffer_show(&fb, &screen);
    paint(UNTOUCHED);
    framebuffer_show(&fb, &screen);
    assert_int_equal(count(UNTOUCHED), STRIDE * HEIGHT);
    cells[3 * COLUMNS + 5].paper = INK_PASS;
    cells[3 * COLUMNS + 40].ink = INK_PASS;
    framebuffer_show(&fb, &screen);
    assert_int_equal(STRIDE * HEIGHT - count(UNTOUCHED), 2 * CELL_WIDTH * CELL_HEIGHT);
    assert_int_equal(pixels[3 * CELL_HEIGHT * STRIDE + fb.layout.left + 5 * CELL_WIDTH],
                     screen_colour(INK_PASS));
}

static void glyphs_are_the_fonts(void **state)
{
    (void)state;
    open_as(PIXEL_BGRX);
    cells[0] = (struct cell){'A', INK_TEXT, INK_PANEL};
    framebuffer_show(&fb, &screen);
    for (uint32_t y = 0; y < FONT_HEIGHT; y++) {
        for (uint32_t x = 0; x < FONT_WIDTH; x++) {
            bool lit = font_glyphs['A' - FONT_FIRST][y] >> (7 - x) & 1;
            assert_int_equal(pixels[y * STRIDE + fb.layout.left + x],
                             screen_colour(lit ? INK_TEXT : INK_PANEL));
        }
    }
}

static void strange_cells_do_no_harm(void **state)
{
    (void)state;
    open_as(PIXEL_BGRX);
    for (uint32_t n = 0; n < COLUMNS * ROWS; n++) {
        cells[n] = (struct cell){(uint8_t)n, (uint8_t)n, (uint8_t)(n / 2)};
    }
    framebuffer_show(&fb, &screen);
    assert_int_equal(count(UNTOUCHED), (STRIDE - WIDTH) * HEIGHT);
}

static void no_framebuffer_shows_nothing(void **state)
{
    (void)state;
    struct framebuffer_claim none = {.order = PIXEL_NONE};
    framebuffer_open(&fb, &none, NULL);
    framebuffer_show(&fb, &screen);
    assert_int_equal(fb.layout.columns, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_paints_the_display_and_nothing_beside_it),
        cmocka_unit_test(channel_order_is_the_claims),
        cmocka_unit_test(only_changed_cells_are_written),
        cmocka_unit_test(glyphs_are_the_fonts),
        cmocka_unit_test(strange_cells_do_no_harm),
        cmocka_unit_test(no_framebuffer_shows_nothing),
    };
    return RUN(tests);
}
