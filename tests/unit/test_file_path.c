#include "unit.h"

#include <muster/file_path.h>

static char buffer[64];

/* Prints the path of `size` device path bytes, allocated to the byte. */
static const char *print(const char *nodes, uint32_t size)
{
    struct text out;
    char *exact = malloc(size > 0 ? size : 1);
    memcpy(exact, nodes, size);
    text_init(&out, buffer, sizeof(buffer));
    file_path_print(&out, exact, size);
    free(exact);
    return buffer;
}

#define NODES(string) (string), sizeof(string) - 1
#define END           "\x7f\xff\x04\0"

static void one_node_is_printed_as_it_is(void **state)
{
    (void)state;
    assert_string_equal(print(NODES("\x04\x04\x0c\0\\\0a\0b\0\0\0" END)), "\\ab");
}

static void nodes_are_joined_by_one_backslash(void **state)
{
    (void)state;
    assert_string_equal(print(NODES("\x04\x04\x08\0\\\0A\0"
                                    "\x04\x04\x06\0b\0" END)),
                        "\\A\\b");
    assert_string_equal(print(NODES("\x04\x04\x0a\0A\0\\\0\0\0"
                                    "\x04\x04\x06\0b\0" END)),
                        "A\\b");
}

static void other_nodes_are_passed_over(void **state)
{
    (void)state;
    assert_string_equal(print(NODES("\x01\x04\x08\0xxxx"
                                    "\x04\x04\x06\0b\0" END)),
                        "b");
    assert_string_equal(print(NODES(END)), "");
}

static void malformed_nodes_end_the_walk(void **state)
{
    (void)state;
    assert_string_equal(print(NODES("")), "");
    assert_string_equal(print(NODES("\x04\x04\x03\0b\0")), "");
    assert_string_equal(print(NODES("\x04\x04\0\0b\0")), "");
    assert_string_equal(print(NODES("\x04\x04\x08\0b\0")), "");
    assert_string_equal(print(NODES("\x04\x04\x06\0b\0\x04\x04")), "b");
    assert_string_equal(print(NODES("\x04\x04\x07\0b\0c" END)), "b");
}

static const char *beside(const char *path, const char *name)
{
    struct text out;
    text_init(&out, buffer, sizeof(buffer));
    text_add(&out, path);
    return file_path_beside(&out, name) ? buffer : NULL;
}

static void a_neighbour_lies_in_the_same_folder(void **state)
{
    (void)state;
    assert_string_equal(beside("\\EFI\\BOOT\\BOOTX64.EFI", "muster.cfg"),
                        "\\EFI\\BOOT\\muster.cfg");
    assert_string_equal(beside("/efi\\boot/x", "muster.cfg"), "/efi\\boot/muster.cfg");
    assert_string_equal(beside("\\x", "muster.cfg"), "\\muster.cfg");
    assert_string_equal(beside("kernel", "muster.cfg"), "\\muster.cfg");
    assert_string_equal(beside("", "muster.cfg"), "\\muster.cfg");
}

static void a_path_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    char longest[sizeof(buffer)];
    memset(longest, 'a', sizeof(longest));
    longest[54] = '\\';
    longest[sizeof(longest) - 1] = '\0';
    assert_null(beside(longest, "muster.cfg"));
    longest[54] = 'a';
    longest[50] = '\\';
    assert_non_null(beside(longest, "muster.cfg"));
}

static void a_name_is_what_follows_the_folders(void **state)
{
    (void)state;
    assert_string_equal(file_path_name("\\EFI\\muster.efi"), "muster.efi");
    assert_string_equal(file_path_name("/a/b"), "b");
    assert_string_equal(file_path_name("kernel"), "kernel");
    assert_string_equal(file_path_name("a\\"), "");
    assert_string_equal(file_path_name(""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_node_is_printed_as_it_is),
        cmocka_unit_test(nodes_are_joined_by_one_backslash),
        cmocka_unit_test(other_nodes_are_passed_over),
        cmocka_unit_test(malformed_nodes_end_the_walk),
        cmocka_unit_test(a_neighbour_lies_in_the_same_folder),
        cmocka_unit_test(a_path_that_does_not_fit_is_refused),
        cmocka_unit_test(a_name_is_what_follows_the_folders),
    };
    return RUN(tests);
}
