#include "unit.h"

#include <muster/graphics_mode.h>

static struct graphics_mode mode;
static struct framebuffer_claim claim;

static int reset(void **state)
{
    (void)state;
    memset(&claim, 0, sizeof(claim));
    mode = (struct graphics_mode){
        .format = GRAPHICS_BGRX,
        .width = 1280,
        .height = 800,
        .stride = 1344,
        .base = UINT64_C(0x4000000000),
        .size = 1344 * 800 * 4,
    };
    return 0;
}

static void linear_modes_are_taken(void **state)
{
    (void)state;
    assert_true(graphics_mode_read(&mode, &claim));
    assert_int_equal(claim.order, PIXEL_BGRX);
    assert_int_equal(claim.base, UINT64_C(0x4000000000));
    assert_int_equal(claim.size, 1344 * 800 * 4);
    assert_int_equal(claim.width, 1280);
    assert_int_equal(claim.height, 800);
    assert_int_equal(claim.stride, 1344);
    mode.format = GRAPHICS_RGBX;
    assert_true(graphics_mode_read(&mode, &claim));
    assert_int_equal(claim.order, PIXEL_RGBX);
}

static void masks_are_taken_where_they_say_the_same(void **state)
{
    (void)state;
    mode.format = GRAPHICS_MASKS;
    mode.red_mask = 0xff;
    mode.green_mask = 0xff00;
    mode.blue_mask = 0xff0000;
    assert_true(graphics_mode_read(&mode, &claim));
    assert_int_equal(claim.order, PIXEL_RGBX);
    mode.red_mask = 0xff0000;
    mode.blue_mask = 0xff;
    assert_true(graphics_mode_read(&mode, &claim));
    assert_int_equal(claim.order, PIXEL_BGRX);
    mode.green_mask = 0x7e0;
    assert_false(graphics_mode_read(&mode, &claim));
    mode.green_mask = 0xff00;
    mode.red_mask = 0xff;
    assert_false(graphics_mode_read(&mode, &claim));
}

static void what_cannot_be_drawn_into_is_not_taken(void **state)
{
    (void)state;
    mode.format = GRAPHICS_BLT_ONLY;
    assert_false(graphics_mode_read(&mode, &claim));
    mode.format = 17;
    assert_false(graphics_mode_read(&mode, &claim));
    reset(NULL);
    mode.base = 0;
    assert_false(graphics_mode_read(&mode, &claim));
    assert_int_equal(claim.width, 0);
}

static void sizes_that_contradict_each_other_are_not_taken(void **state)
{
    (void)state;
    mode.size--;
    assert_false(graphics_mode_read(&mode, &claim));
    reset(NULL);
    mode.stride = 1279;
    assert_false(graphics_mode_read(&mode, &claim));
    reset(NULL);
    mode.height = 0;
    assert_false(graphics_mode_read(&mode, &claim));
    reset(NULL);
    mode.width = mode.stride = mode.height = UINT32_MAX;
    assert_false(graphics_mode_read(&mode, &claim));
    reset(NULL);
    mode.base = UINT64_MAX - 4096;
    assert_false(graphics_mode_read(&mode, &claim));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(linear_modes_are_taken, reset),
        cmocka_unit_test_setup(masks_are_taken_where_they_say_the_same, reset),
        cmocka_unit_test_setup(what_cannot_be_drawn_into_is_not_taken, reset),
        cmocka_unit_test_setup(sizes_that_contradict_each_other_are_not_taken, reset),
    };
    return RUN(tests);
}
