#include "unit.h"

#include <muster/claims.h>

static struct smbios_claims claims;
static struct notes notes;

/* Reads a table of these bytes from memory of just that size. */
static void read_table(const char *bytes, uint32_t size)
{
    const struct smbios_entry entry = {.address = 0x1000, .size = size, .major = 3};
    char *copy = malloc(size);
    memcpy(copy, bytes, size);
    notes.count = 0;
    smbios_read(&entry, copy, size, &claims, &notes);
    free(copy);
}

#define END         "\x7f\x04\xff\xff\0\0"
#define READ(bytes) read_table(bytes, sizeof(bytes) - 1)

static const char *name(enum identity_name n)
{
    return claims.identity.name[n];
}

static void the_three_types(void **state)
{
    (void)state;
    READ("\x00\x09\x00\x00\x01\x02\x00\xe8\x03"
         "Vendor\0"
         "1.2\0"
         "02/06/2015\0\0"
         "\x01\x1b\x01\x00\x01\x02\x03\x04"
         "0123456789abcdef\x06\x05\x02"
         "Maker\0"
         "Box  \0"
         "rev\0"
         "SERIAL\0"
         "SKU\0\0"
         "\x02\x08\x02\x00\x01\x00\x03\x02"
         "Board\0"
         "SERIAL\0\0" END);
    assert_string_equal(name(IDENTITY_BIOS_VENDOR), "Vendor");
    assert_string_equal(name(IDENTITY_BIOS_VERSION), "1.2");
    assert_string_equal(name(IDENTITY_BIOS_DATE), "02/06/2015");
    assert_string_equal(name(IDENTITY_VENDOR), "Maker");
    assert_string_equal(name(IDENTITY_PRODUCT), "Box");
    assert_string_equal(name(IDENTITY_VERSION), "rev");
    assert_string_equal(name(IDENTITY_SKU), "SKU");
    assert_string_equal(name(IDENTITY_FAMILY), "Box");
    assert_string_equal(name(IDENTITY_BOARD_VENDOR), "Board");
    assert_string_equal(name(IDENTITY_BOARD_PRODUCT), "");
    for (uint32_t n = 0; n < IDENTITY_NAMES; n++) {
        assert_null(strstr(name(n), "SERIAL"));
    }
}

static void the_first_of_a_type_counts(void **state)
{
    (void)state;
    READ("\x02\x08\x02\x00\x01\x02\x00\x00"
         "A\0"
         "B\0\0"
         "\x02\x08\x03\x00\x01\x02\x00\x00"
         "C\0"
         "D\0\0" END);
    assert_string_equal(name(IDENTITY_BOARD_VENDOR), "A");
    assert_string_equal(name(IDENTITY_BOARD_PRODUCT), "B");
}

static void fields_beyond_a_short_structure_are_not_there(void **state)
{
    (void)state;
    READ("\x01\x05\x01\x00\x01"
         "A\0\0" END);
    assert_string_equal(name(IDENTITY_VENDOR), "A");
    assert_string_equal(name(IDENTITY_PRODUCT), "");
    assert_string_equal(name(IDENTITY_FAMILY), "");
}

static void strings_that_are_not_there_are_empty(void **state)
{
    (void)state;
    READ("\x01\x08\x01\x00\x09\xff\x00\x00"
         "A\0\0" END);
    assert_string_equal(name(IDENTITY_VENDOR), "");
    assert_string_equal(name(IDENTITY_PRODUCT), "");
}

static void a_long_string_is_cut(void **state)
{
    (void)state;
    READ("\x02\x08\x02\x00\x01\x00\x00\x00"
         "0123456789012345678901234567890123456789012345678901234567890123456789\0\0" END);
    assert_int_equal(strlen(name(IDENTITY_BOARD_VENDOR)), IDENTITY_NAME_MAX - 1);
}

static void strings_that_never_end_are_not_read(void **state)
{
    (void)state;
    READ("\x01\x08\x01\x00\x01\x02\x00\x00"
         "never ends");
    assert_string_equal(name(IDENTITY_VENDOR), "");
    assert_int_equal(notes.count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_three_types),
        cmocka_unit_test(the_first_of_a_type_counts),
        cmocka_unit_test(fields_beyond_a_short_structure_are_not_there),
        cmocka_unit_test(strings_that_are_not_there_are_empty),
        cmocka_unit_test(a_long_string_is_cut),
        cmocka_unit_test(strings_that_never_end_are_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
