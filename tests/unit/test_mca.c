#include "unit.h"

#include <muster/mca.h>

static void assert_code(uint16_t code, const char *wanted)
{
    char buffer[128];
    struct text out;
    text_init(&out, buffer, sizeof(buffer));
    mca_print_code(&out, code);
    assert_string_equal(buffer, wanted);
}

/* SDM vol. 3B, table 16-15. */
static void simple_codes(void **state)
{
    (void)state;
    assert_code(0x0000, "no error code");
    assert_code(0x0001, "unclassified");
    assert_code(0x0002, "microcode ROM parity");
    assert_code(0x0003, "external error of another CPU");
    assert_code(0x0004, "functional redundancy check");
    assert_code(0x0005, "internal parity");
    assert_code(0x0006, "SMM handler code outside SMRR");
    assert_code(0x0400, "internal timer");
    assert_code(0x0401, "internal, unclassified");
    assert_code(0x0e0b, "I/O error");
}

/* Table 16-16, and the fields of tables 16-17 to 16-20. */
static void compound_codes(void **state)
{
    (void)state;
    assert_code(0x000c, "cache hierarchy, L0");
    assert_code(0x000f, "cache hierarchy, any level");
    assert_code(0x0010, "L0 instruction TLB");
    assert_code(0x0015, "L1 data TLB");
    assert_code(0x001a, "L2 generic TLB");
    assert_code(0x008f, "memory controller, generic request");
    assert_code(0x0093, "memory controller, read, channel 3");
    assert_code(0x00af, "memory controller, write");
    assert_code(0x00b0, "memory controller, address or command, channel 0");
    assert_code(0x00cf, "memory controller, scrubbing");
    assert_code(0x00df, "memory controller, reserved");
    assert_code(0x0136, "L2 data cache, data read");
    assert_code(0x0151, "L1 instruction cache, instruction fetch");
    assert_code(0x0172, "L2 instruction cache, eviction");
    assert_code(0x0280, "extended memory, generic request, channel 0");
    assert_code(0x0800, "bus or interconnect, L0, generic error, by this CPU, memory");
    assert_code(0x0b1b,
                "bus or interconnect, any level, generic read, to this CPU, I/O, timed out");
    assert_code(0x0e8f, "bus or interconnect, any level, snoop, generic, other");
    assert_code(0x8000, "unknown code");
    assert_code(0x0200, "unknown code");
}

static void the_filter_bit_is_no_part_of_the_code(void **state)
{
    (void)state;
    assert_code(0x1136, "L2 data cache, data read");
    assert_code(0x1093, "memory controller, read, channel 3");
}

static void every_code_has_words(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= UINT16_MAX; code++) {
        char buffer[128];
        struct text out;
        text_init(&out, buffer, sizeof(buffer));
        mca_print_code(&out, (uint16_t)code);
        assert_true(out.length > 0 && !out.cut);
    }
}

static void assert_status(uint64_t status, bool amd, const char *wanted)
{
    char buffer[128];
    struct text out;
    text_init(&out, buffer, sizeof(buffer));
    mca_print_status(&out, status, amd);
    assert_string_equal(buffer, wanted);
}

static void the_status_says_how_bad_it_was(void **state)
{
    (void)state;
    const uint64_t sound = MCI_STATUS_VAL | MCI_STATUS_EN | 0x93;
    assert_status(sound, false, "corrected: memory controller, read, channel 3");
    assert_status(sound | MCI_STATUS_UC, false, "uncorrected: memory controller, read, channel 3");
    assert_status(sound | MCI_STATUS_UC | MCI_STATUS_PCC | MCI_STATUS_OVER, false,
                  "uncorrected, context corrupt, more were overwritten: memory controller, read, "
                  "channel 3");
    assert_status(MCI_STATUS_VAL | 0x400, false, "corrected, reporting was off: internal timer");
    assert_status(sound | MCI_STATUS_DEFERRED, true,
                  "deferred: memory controller, read, channel 3");
    assert_status(sound | MCI_STATUS_DEFERRED, false,
                  "corrected: memory controller, read, channel 3");
}

static void only_what_lost_nothing_is_corrected(void **state)
{
    (void)state;
    assert_true(mca_corrected(MCI_STATUS_VAL, false));
    assert_true(mca_corrected(MCI_STATUS_VAL | MCI_STATUS_DEFERRED, false));
    assert_false(mca_corrected(MCI_STATUS_VAL | MCI_STATUS_DEFERRED, true));
    assert_false(mca_corrected(MCI_STATUS_VAL | MCI_STATUS_UC, false));
    assert_false(mca_corrected(MCI_STATUS_VAL | MCI_STATUS_PCC, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simple_codes),
        cmocka_unit_test(compound_codes),
        cmocka_unit_test(the_filter_bit_is_no_part_of_the_code),
        cmocka_unit_test(every_code_has_words),
        cmocka_unit_test(the_status_says_how_bad_it_was),
        cmocka_unit_test(only_what_lost_nothing_is_corrected),
    };
    return RUN(tests);
}
