#include "unit.h"

#include "descriptors.h"

enum { RESERVED = 0, LOADER_DATA = 2, BOOT_CODE = 3, BOOT_DATA = 4, FREE = 7, UNUSABLE = 8 };

static struct memory_map map;

static int reset(void **state)
{
    (void)state;
    memset(&map, 0, sizeof(map));
    return 0;
}

static void reads_descriptors_at_their_stride(void **state)
{
    (void)state;
    uint8_t *bytes = malloc(3 * 48);
    memset(bytes, 0xaa, 3 * 48);
    put_descriptor(bytes, FREE, 0x1000, 2, 0xf);
    put_descriptor(bytes + 48, 11, 0xfee00000, 1, UINT64_C(0x8000000000000001));
    put_descriptor(bytes + 96, BOOT_DATA, UINT64_C(0x100000000), 0x100000, 0xf);
    memory_map_read(bytes, 3 * 48, 48, &map);
    free(bytes);
    assert_int_equal(map.count, 3);
    assert_int_equal(map.beyond, 0);
    assert_int_equal(map.regions[0].size, 0x2000);
    assert_int_equal(map.regions[1].type, MEMORY_MAPPED_IO);
    assert_int_equal(map.regions[1].attribute, UINT64_C(0x8000000000000001));
    assert_int_equal(map.regions[2].base, UINT64_C(0x100000000));
    assert_int_equal(map.regions[2].size, UINT64_C(0x100000000));
}

static void reads_nothing_at_a_stride_too_short_or_from_a_cut_descriptor(void **state)
{
    (void)state;
    uint8_t bytes[48];
    put_descriptor(bytes, FREE, 0x1000, 2, 0);
    memory_map_read(bytes, 48, 39, &map);
    assert_int_equal(map.count, 0);
    memory_map_read(bytes, 48, 0, &map);
    assert_int_equal(map.count, 0);
    memory_map_read(bytes, 39, 48, &map);
    assert_int_equal(map.count, 0);
    memory_map_read(bytes, 40, 48, &map);
    assert_int_equal(map.count, 1);
}

static void leaves_out_what_is_empty_or_wraps(void **state)
{
    (void)state;
    uint8_t bytes[3 * 40];
    put_descriptor(bytes, FREE, 0x1000, 0, 0);
    put_descriptor(bytes + 40, FREE, 0x1000, UINT64_MAX, 0);
    put_descriptor(bytes + 80, FREE, UINT64_MAX - 0xfff, 1, 0);
    memory_map_read(bytes, sizeof(bytes), 40, &map);
    assert_int_equal(map.count, 0);
}

static void counts_what_does_not_fit(void **state)
{
    (void)state;
    const size_t count = MEMORY_REGION_MAX + 5;
    uint8_t *bytes = malloc(count * 40);
    for (size_t i = 0; i < count; i++) {
        put_descriptor(bytes + i * 40, FREE, i * 0x2000, 1, 0);
    }
    memory_map_read(bytes, count * 40, 40, &map);
    free(bytes);
    assert_int_equal(map.count, MEMORY_REGION_MAX);
    assert_int_equal(map.beyond, 5);
    assert_int_equal(memory_map_readable(&map, (count - 6) * 0x2000, 36), 36);
    assert_int_equal(memory_map_readable(&map, (count - 5) * 0x2000, 36), 0);
    assert_int_equal(memory_map_readable(&map, UINT64_C(0x1000000000), 36), 0);
}

static void readable_ends_at_the_first_gap(void **state)
{
    (void)state;
    /* Out of order on purpose. */
    map_add(&map, RESERVED, 0x203000, 0x1000, 0);
    map_add(&map, FREE, 0x200000, 0x2000, 0);
    map_add(&map, BOOT_DATA, 0x202000, 0x1000, 0);
    assert_int_equal(memory_map_readable(&map, 0x200010, 0x100), 0x100);
    assert_int_equal(memory_map_readable(&map, 0x200010, 0x10000), 0x3ff0);
    assert_int_equal(memory_map_readable(&map, 0x203fff, 2), 1);
    assert_int_equal(memory_map_readable(&map, 0x204000, 1), 0);
    assert_int_equal(memory_map_readable(&map, 0x1fffff, 1), 0);
    assert_int_equal(memory_map_readable(&map, 0x200000, 0), 0);
}

static void device_and_broken_memory_is_not_readable(void **state)
{
    (void)state;
    map_add(&map, MEMORY_MAPPED_IO, 0xfee00000, 0x1000, 0);
    map_add(&map, UNUSABLE, 0x200000, 0x1000, 0);
    map_add(&map, 15, 0x300000, 0x1000, 0);
    assert_int_equal(memory_map_readable(&map, 0xfee00000, 4), 0);
    assert_int_equal(memory_map_readable(&map, 0x200000, 4), 0);
    assert_int_equal(memory_map_readable(&map, 0x300000, 4), 0);
}

static void the_legacy_bios_area_is_always_readable(void **state)
{
    (void)state;
    assert_int_equal(memory_map_readable(&map, 0xf0000, 36), 36);
    assert_int_equal(memory_map_readable(&map, 0xffff0, 36), 16);
    assert_int_equal(memory_map_readable(&map, 0xdffff, 36), 0);
    assert_int_equal(memory_map_readable(&map, UINT64_MAX, 36), 0);
}

static void the_largest_free_range_stops_at_the_limit(void **state)
{
    (void)state;
    assert_int_equal(memory_map_largest_free(&map, UINT64_C(1) << 32), 0);
    map_add(&map, BOOT_DATA, 0x100000, 0x9000000, 0);
    map_add(&map, FREE, 0xa000000, 0x100000, 0);
    map_add(&map, FREE, 0xfff00000, 0x10000000, 0);
    map_add(&map, FREE, UINT64_C(0x200000000), 0x40000000, 0);
    assert_int_equal(memory_map_largest_free(&map, UINT64_C(1) << 32), 0x100000);
    assert_int_equal(memory_map_largest_free(&map, UINT64_C(1) << 33), 0x10000000);
}

static void low_memory_prefers_enough_pages_then_the_higher_range(void **state)
{
    (void)state;
    struct low_memory low;
    map_add(&map, BOOT_CODE, 0x1000, 0x3000, 0);
    map_add(&map, BOOT_DATA, 0x50000, 0x1000, 0);
    map_add(&map, LOADER_DATA, 0x60000, 0x10000, 0);
    assert_true(memory_map_choose_low(&map, 2, &low));
    assert_int_equal(low.base, 0x2000);
    assert_int_equal(low.pages, 2);
    assert_true(low.from_final_map);
    assert_true(memory_map_choose_low(&map, 1, &low));
    assert_int_equal(low.base, 0x50000);
    assert_true(memory_map_choose_low(&map, 17, &low));
    assert_int_equal(low.base, 0x1000);
    assert_int_equal(low.pages, 3);
}

static void low_memory_is_never_page_0_and_ends_below_1_mib(void **state)
{
    (void)state;
    struct low_memory low = {.base = 7};
    map_add(&map, BOOT_DATA, 0, 0x1000, 0);
    map_add(&map, BOOT_DATA, 0x100000, 0x100000, 0);
    assert_false(memory_map_choose_low(&map, 1, &low));
    assert_int_equal(low.base, 7);
    map.regions[0].size = 0x2000;
    assert_true(memory_map_choose_low(&map, 4, &low));
    assert_int_equal(low.base, 0x1000);
    assert_int_equal(low.pages, 1);
    map_add(&map, FREE, 0xff000, 0x10000, 0);
    assert_true(memory_map_choose_low(&map, 4, &low));
    assert_int_equal(low.base, 0xff000);
    assert_int_equal(low.pages, 1);
}

static void what_lies_low_is_told_by_name(void **state)
{
    (void)state;
    char buffer[128];
    struct text out;
    text_init(&out, buffer, sizeof(buffer));
    memory_map_print_low(&out, &map);
    assert_string_equal(buffer, "nothing");
    map_add(&map, RESERVED, 0, 0xa0000, 0);
    map_add(&map, 0x70000000, 0xa0000, 0x60000, 0);
    map_add(&map, FREE, 0x100000, 0x1000, 0);
    text_init(&out, buffer, sizeof(buffer));
    memory_map_print_low(&out, &map);
    assert_string_equal(buffer, "0x0-0x9ffff Reserved, 0xa0000-0xfffff Other");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(reads_descriptors_at_their_stride, reset),
        cmocka_unit_test_setup(reads_nothing_at_a_stride_too_short_or_from_a_cut_descriptor, reset),
        cmocka_unit_test_setup(leaves_out_what_is_empty_or_wraps, reset),
        cmocka_unit_test_setup(counts_what_does_not_fit, reset),
        cmocka_unit_test_setup(readable_ends_at_the_first_gap, reset),
        cmocka_unit_test_setup(device_and_broken_memory_is_not_readable, reset),
        cmocka_unit_test_setup(the_legacy_bios_area_is_always_readable, reset),
        cmocka_unit_test_setup(the_largest_free_range_stops_at_the_limit, reset),
        cmocka_unit_test_setup(low_memory_prefers_enough_pages_then_the_higher_range, reset),
        cmocka_unit_test_setup(low_memory_is_never_page_0_and_ends_below_1_mib, reset),
        cmocka_unit_test_setup(what_lies_low_is_told_by_name, reset),
    };
    return RUN(tests);
}
