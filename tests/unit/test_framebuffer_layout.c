#include "unit.h"

#include <muster/framebuffer_layout.h>

static struct framebuffer_claim claim_of(uint32_t width, uint32_t height)
{
    return (struct framebuffer_claim){
        .order = PIXEL_BGRX,
        .base = 0x80000000,
        .size = (uint64_t)width * height * 4,
        .width = width,
        .height = height,
        .stride = width,
    };
}

static void assert_cells(const struct framebuffer_claim *claim, uint32_t columns, uint32_t rows)
{
    uint32_t seen_columns = 77, seen_rows = 77;
    framebuffer_cells(claim, &seen_columns, &seen_rows);
    assert_int_equal(seen_columns, columns);
    assert_int_equal(seen_rows, rows);
}

static void glyphs_grow_with_the_display(void **state)
{
    (void)state;
    static const struct {
        uint32_t width, height, columns, rows, scale;
    } displays[] = {
        {320, 200, 40, 12, 1},    {640, 480, 80, 30, 1},    {800, 600, 100, 37, 1},
        {1280, 800, 160, 50, 1},  {1920, 1080, 240, 67, 1}, {2560, 1440, 160, 45, 2},
        {3840, 2160, 240, 67, 2}, {5120, 2880, 320, 90, 2}, {7680, 4320, 240, 67, 4},
    };
    for (unsigned n = 0; n < sizeof(displays) / sizeof(displays[0]); n++) {
        struct framebuffer_claim claim = claim_of(displays[n].width, displays[n].height);
        struct framebuffer_layout layout;
        framebuffer_lay_out(&claim, &layout);
        assert_int_equal(layout.scale, displays[n].scale);
        assert_cells(&claim, displays[n].columns, displays[n].rows);
    }
}

static void every_cell_lies_on_the_display(void **state)
{
    (void)state;
    for (uint32_t width = 1; width < 9000; width += 37) {
        for (uint32_t height = 1; height < 9000; height += 211) {
            struct framebuffer_claim claim = claim_of(width, height);
            struct framebuffer_layout layout;
            framebuffer_lay_out(&claim, &layout);
            assert_true(layout.left + layout.columns * CELL_WIDTH * layout.scale <= width);
            assert_true(layout.rows * CELL_HEIGHT * layout.scale <= height);
            assert_true(layout.columns <= CELL_COLUMNS_MAX && layout.rows <= CELL_ROWS_MAX);
            assert_int_equal(layout.columns == 0, layout.rows == 0);
        }
    }
}

static void a_claim_that_cannot_be_shows_nothing(void **state)
{
    (void)state;
    struct framebuffer_claim sound = claim_of(1280, 800), claim = sound;
    claim.order = PIXEL_NONE;
    assert_cells(&claim, 0, 0);
    claim = sound;
    claim.base = 0;
    assert_cells(&claim, 0, 0);
    claim = sound;
    claim.stride = 1279;
    assert_cells(&claim, 0, 0);
    claim = sound;
    claim.size--;
    assert_cells(&claim, 0, 0);
    claim = claim_of(0, 0);
    assert_cells(&claim, 0, 0);
    claim = claim_of(1280, 0);
    assert_cells(&claim, 0, 0);
    claim = claim_of(319, 200);
    assert_cells(&claim, 0, 0);
    claim = sound;
    claim.width = claim.stride = claim.height = UINT32_MAX;
    claim.size = UINT64_MAX;
    assert_cells(&claim, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(glyphs_grow_with_the_display),
        cmocka_unit_test(every_cell_lies_on_the_display),
        cmocka_unit_test(a_claim_that_cannot_be_shows_nothing),
    };
    return RUN(tests);
}
