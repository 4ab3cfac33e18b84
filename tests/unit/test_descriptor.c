#include "unit.h"

#include <muster/descriptor.h>

/*
 * Read back by code that shares nothing with the encoder: bit fields as the manual draws them, and
 * the constants that Linux boots with.
 */

/* SDM vol. 3A, figure 3-8. */
struct segment_bits {
    uint64_t limit_low : 16, base_low : 24;
    uint64_t accessed : 1, writable_readable : 1, conforming_down : 1, executable : 1;
    uint64_t not_system : 1, dpl : 2, present : 1;
    uint64_t limit_high : 4, available : 1, long_mode : 1, default_big : 1, granularity : 1;
    uint64_t base_high : 8;
};

/* SDM vol. 3A, figure 8-4: a TSS descriptor in 64-bit mode. */
struct tss_bits {
    uint64_t limit_low : 16, base_low : 24;
    uint64_t type : 4, zero : 1, dpl : 2, present : 1;
    uint64_t limit_high : 4, available : 1, zeroes : 2, granularity : 1;
    uint64_t base_middle : 8;
    uint64_t base_high : 32, reserved : 32;
};

/* SDM vol. 3A, figure 6-8. */
struct gate_bits {
    uint64_t offset_low : 16, selector : 16;
    uint64_t ist : 3, zeroes : 5, type : 4, zero : 1, dpl : 2, present : 1;
    uint64_t offset_middle : 16;
    uint64_t offset_high : 32, reserved : 32;
};

_Static_assert(sizeof(struct segment_bits) == 8, "a code or data descriptor is 8 bytes");
_Static_assert(sizeof(struct tss_bits) == 16, "a system descriptor is 16 bytes in 64-bit mode");
_Static_assert(sizeof(struct gate_bits) == 16, "a 64-bit gate is 16 bytes");

/* Only the address counts: nothing is read there. */
static const struct tss_block *block_at(uint64_t address)
{
    return (const struct tss_block *)(uintptr_t)address;
}

static const uint64_t addresses[] = {
    0,
    0x1000,
    0x00fff000,
    0x01000000,
    0x7fe04000,
    0xff123000,
    0xffffffff00000000,
    0x123456789abcdef0,
    0xfedcba9876543210,
    UINT64_MAX - 4095,
};
enum { ADDRESSES = sizeof(addresses) / sizeof(addresses[0]) };

static void segments_are_those_that_linux_loads(void **state)
{
    (void)state;
    uint64_t gdt[GDT_SLOTS];
    memset(gdt, 0xa5, sizeof(gdt));
    gdt_encode(gdt, block_at(0x7fe04000));
    assert_int_equal(gdt[0], 0);
    assert_int_equal(gdt[SELECTOR_KERNEL_CODE / 8], 0x00af9b000000ffff);
    assert_int_equal(gdt[SELECTOR_KERNEL_DATA / 8], 0x00cf93000000ffff);
    assert_int_equal(gdt[SELECTOR_USER_CODE32 / 8], 0x00cffb000000ffff);
    assert_int_equal(gdt[SELECTOR_USER_DATA / 8], 0x00cff3000000ffff);
    assert_int_equal(gdt[SELECTOR_USER_CODE64 / 8], 0x00affb000000ffff);
    assert_int_equal(gdt[0x30 / 8], 0);
}

struct segment_wanted {
    uint32_t selector;
    unsigned dpl;
    bool executable, long_mode;
};

static void assert_flat(uint64_t descriptor, const struct segment_wanted *wanted)
{
    struct segment_bits bits;
    memcpy(&bits, &descriptor, sizeof(bits));
    assert_int_equal(bits.base_low | (uint64_t)bits.base_high << 24, 0);
    assert_int_equal(bits.limit_low | bits.limit_high << 16, 0xfffff);
    assert_int_equal(bits.granularity, 1);
    assert_int_equal(bits.present, 1);
    assert_int_equal(bits.not_system, 1);
    assert_int_equal(bits.accessed, 1);
    assert_int_equal(bits.writable_readable, 1);
    assert_int_equal(bits.conforming_down, 0);
    assert_int_equal(bits.available, 0);
    assert_int_equal(bits.dpl, wanted->dpl);
    assert_int_equal(bits.executable, wanted->executable);
    assert_int_equal(bits.long_mode, wanted->long_mode);
    /* L and D both set is reserved (SDM vol. 3A, 3.4.5). */
    assert_int_equal(bits.default_big, !wanted->long_mode);
}

static void segments_say_what_the_manual_asks(void **state)
{
    (void)state;
    static const struct segment_wanted wanted[] = {
        {SELECTOR_KERNEL_CODE, 0, true, true},  {SELECTOR_KERNEL_DATA, 0, false, false},
        {SELECTOR_USER_CODE32, 3, true, false}, {SELECTOR_USER_DATA, 3, false, false},
        {SELECTOR_USER_CODE64, 3, true, true},
    };
    uint64_t gdt[GDT_SLOTS];
    gdt_encode(gdt, block_at(0x7fe04000));
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        assert_flat(gdt[wanted[i].selector / 8], &wanted[i]);
    }
}

/* SDM vol. 3A, 5.8.8: what SYSCALL and SYSRET add to the selectors in STAR. */
static void selectors_stand_where_syscall_looks(void **state)
{
    (void)state;
    const unsigned syscall_cs = SELECTOR_KERNEL_CODE, sysret_cs = SELECTOR_USER_CODE32;
    assert_int_equal(syscall_cs + 8, SELECTOR_KERNEL_DATA);
    assert_int_equal(sysret_cs + 8, SELECTOR_USER_DATA);
    assert_int_equal(sysret_cs + 16, SELECTOR_USER_CODE64);
    assert_int_equal(SELECTOR_TSS / 8 + 2, GDT_SLOTS);
}

static void assert_tss_descriptor(const uint64_t *slots, uint64_t base)
{
    struct tss_bits bits;
    memcpy(&bits, slots, sizeof(bits));
    assert_int_equal(
        bits.base_low | (uint64_t)bits.base_middle << 24 | (uint64_t)bits.base_high << 32, base);
    assert_int_equal(bits.limit_low | bits.limit_high << 16, 104 + 129 - 1);
    assert_int_equal(bits.type, 9); /* 64-bit TSS, available */
    assert_int_equal(bits.zero, 0);
    assert_int_equal(bits.dpl, 0);
    assert_int_equal(bits.present, 1);
    assert_int_equal(bits.available, 0);
    assert_int_equal(bits.zeroes, 0);
    assert_int_equal(bits.granularity, 0);
    assert_int_equal(bits.reserved, 0);
}

static void the_tss_descriptor_covers_its_block(void **state)
{
    (void)state;
    for (size_t i = 0; i < ADDRESSES; i++) {
        uint64_t gdt[GDT_SLOTS];
        gdt_encode(gdt, block_at(addresses[i]));
        assert_tss_descriptor(&gdt[SELECTOR_TSS / 8], addresses[i]);
    }
}

/* LTR marked it busy: only these two slots are written anew, and it is available again. */
static void the_tss_descriptor_is_written_alone(void **state)
{
    (void)state;
    uint64_t gdt[GDT_SLOTS];
    memset(gdt, 0xa5, sizeof(gdt));
    gdt_encode_tss(gdt, block_at(0x123456789abcdef0));
    assert_tss_descriptor(&gdt[SELECTOR_TSS / 8], 0x123456789abcdef0);
    for (size_t slot = 0; slot < SELECTOR_TSS / 8; slot++) {
        assert_int_equal(gdt[slot], 0xa5a5a5a5a5a5a5a5);
    }
}

static void the_tss_descriptor_reads_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < ADDRESSES; i++) {
        uint64_t gdt[GDT_SLOTS];
        gdt_encode(gdt, block_at(addresses[i]));
        const struct system_segment segment = gdt_decode_tss(gdt);
        assert_int_equal(segment.base, addresses[i]);
        assert_int_equal(segment.limit, sizeof(struct tss_block) - 1);
        assert_int_equal(segment.type, TSS_AVAILABLE);
        assert_true(segment.present);
    }
}

/* Made with the manual's bit fields, read by the code under test. */
static void any_system_descriptor_is_read(void **state)
{
    (void)state;
    uint64_t gdt[GDT_SLOTS] = {0};
    assert_false(gdt_decode_tss(gdt).present);
    const struct tss_bits bits = {.limit_low = 0x4321,
                                  .limit_high = 0xd,
                                  .base_low = 0xbcdef0,
                                  .base_middle = 0x9a,
                                  .base_high = 0xfedc5678,
                                  .type = 0xb,
                                  .present = 1};
    memcpy(&gdt[SELECTOR_TSS / 8], &bits, sizeof(bits));
    const struct system_segment segment = gdt_decode_tss(gdt);
    assert_int_equal(segment.base, 0xfedc56789abcdef0);
    assert_int_equal(segment.limit, 0xd4321);
    assert_int_equal(segment.type, TSS_BUSY);
    assert_true(segment.present);
}

static void each_bit_of_a_descriptor_counts(void **state)
{
    (void)state;
    uint64_t gdt[GDT_SLOTS];
    gdt_encode(gdt, block_at(0x7fe04000));
    gdt[SELECTOR_TSS / 8] &= ~(UINT64_C(1) << 47);
    assert_false(gdt_decode_tss(gdt).present);
    gdt[SELECTOR_TSS / 8] |= UINT64_C(2) << 40;
    assert_int_equal(gdt_decode_tss(gdt).type, TSS_BUSY);
    /* With the S bit set it is no system segment, whatever the type says. */
    gdt[SELECTOR_TSS / 8] |= UINT64_C(1) << 44;
    assert_int_not_equal(gdt_decode_tss(gdt).type, TSS_BUSY);
}

static void assert_gate(uint64_t handler, uint8_t ist, uint8_t type)
{
    const struct gate gate = gate_encode(handler, ist, type);
    struct gate_bits bits;
    memcpy(&bits, &gate, sizeof(bits));
    assert_int_equal(bits.offset_low | (uint64_t)bits.offset_middle << 16 |
                         (uint64_t)bits.offset_high << 32,
                     handler);
    assert_int_equal(bits.selector, SELECTOR_KERNEL_CODE);
    assert_int_equal(bits.ist, ist);
    assert_int_equal(bits.zeroes, 0);
    assert_int_equal(bits.type, 0xe); /* 64-bit interrupt gate: IF is cleared */
    assert_int_equal(bits.zero, 0);
    assert_int_equal(bits.dpl, 0);
    assert_int_equal(bits.present, type == GATE_INTERRUPT);
    assert_int_equal(bits.reserved, 0);
    assert_int_equal(gate_handler(&gate), handler);
}

static void gates_lead_to_their_handler(void **state)
{
    (void)state;
    for (size_t i = 0; i < ADDRESSES; i++) {
        for (uint8_t ist = 0; ist < 8; ist++) {
            assert_gate(addresses[i], ist, GATE_INTERRUPT);
            assert_gate(addresses[i], ist, GATE_ABSENT);
        }
    }
}

/* SDM vol. 3A, figure 8-11, byte by byte. */
static void the_tss_lies_as_the_manual_draws_it(void **state)
{
    (void)state;
    struct tss_block block;
    uint8_t *const bytes = (uint8_t *)&block;
    tss_encode(&block);
    for (unsigned n = 0; n < 3; n++) {
        block.tss.rsp[n] = UINT64_C(0x1111111111111111) * (n + 1);
        assert_int_equal(bytes[4 + 8 * n], 0x11 * (n + 1));
        assert_int_equal(bytes[4 + 8 * n + 7], 0x11 * (n + 1));
    }
    for (unsigned n = 0; n < 7; n++) {
        block.tss.ist[n] = UINT64_C(0x1111111111111111) * (n + 8);
        assert_int_equal(bytes[36 + 8 * n], 0x11 * (n + 8));
        assert_int_equal(bytes[36 + 8 * n + 7], 0x11 * (n + 8));
    }
    static const struct {
        unsigned from, to;
    } reserved[] = {{0, 4}, {28, 36}, {92, 102}};
    for (unsigned i = 0; i < 3; i++) {
        for (unsigned at = reserved[i].from; at < reserved[i].to; at++) {
            assert_int_equal(bytes[at], 0);
        }
    }
}

static void a_new_tss_is_empty_and_denies_every_port(void **state)
{
    (void)state;
    struct {
        struct tss_block block;
        uint8_t beyond;
    } memory;
    memset(&memory, 0x77, sizeof(memory));
    tss_encode(&memory.block);
    assert_int_equal(memory.beyond, 0x77);
    const uint8_t *const bytes = (const uint8_t *)&memory.block;
    for (unsigned at = 0; at < 102; at++) {
        assert_int_equal(bytes[at], 0);
    }
    const unsigned map = bytes[102] | bytes[103] << 8;
    const unsigned limit = sizeof(struct tss_block) - 1;
    assert_int_equal(map, 104);
    /* As the CPU reads it: two bytes from the port's own on, both within the limit. */
    for (unsigned port = 0; port < IO_MAP_PORTS; port++) {
        const unsigned at = map + port / 8;
        assert_true(at + 1 <= limit);
        assert_true(bytes[at] >> port % 8 & 1);
    }
    assert_int_equal(bytes[limit], 0xff);
    /* The next port has no bit of its own: its second byte is beyond the limit, so it faults. */
    assert_int_equal(map + IO_MAP_PORTS / 8 + 1, limit + 1);
}

/* SDM vol. 3A, table 6-1; #HV, #VC and #SX from APM vol. 2, table 8-1. */
static void exceptions_have_the_manuals_names(void **state)
{
    (void)state;
    static const struct {
        uint32_t vector;
        const char *name;
    } names[] = {
        {0, "#DE"},  {1, "#DB"},  {2, "NMI"},  {3, "#BP"},  {4, "#OF"},  {5, "#BR"},
        {6, "#UD"},  {7, "#NM"},  {8, "#DF"},  {10, "#TS"}, {11, "#NP"}, {12, "#SS"},
        {13, "#GP"}, {14, "#PF"}, {16, "#MF"}, {17, "#AC"}, {18, "#MC"}, {19, "#XM"},
        {20, "#VE"}, {21, "#CP"}, {28, "#HV"}, {29, "#VC"}, {30, "#SX"},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_string_equal(vector_name(names[i].vector), names[i].name);
    }
    for (uint32_t vector = 0; vector < VECTOR_EXCEPTIONS; vector++) {
        assert_true(strlen(vector_name(vector)) >= 3);
    }
    assert_string_equal(vector_name(15), "#15");
    assert_string_equal(vector_name(31), "#31");
    assert_string_equal(vector_name(32), "interrupt");
    assert_string_equal(vector_name(255), "interrupt");
    assert_string_equal(vector_name(UINT32_MAX), "interrupt");
}

/* SDM vol. 3A, table 6-1; APM vol. 2, table 8-1 for #VC and #SX. */
static void error_codes_come_with_these_exceptions(void **state)
{
    (void)state;
    static const uint8_t with[] = {8, 10, 11, 12, 13, 14, 17, 21, 29, 30};
    for (uint32_t vector = 0; vector < 64; vector++) {
        assert_int_equal(vector_has_error_code(vector),
                         vector <= 30 && memchr(with, (int)vector, sizeof(with)) != NULL);
    }
    assert_false(vector_has_error_code(UINT32_MAX));
}

static void ports_are_closed_again(void **state)
{
    (void)state;
    struct tss_block block, fresh;
    tss_encode(&fresh);
    block = fresh;
    block.tss.rsp[0] = 0x1000;
    block.tss.io_map_base = 0x1234;
    memset(block.io_map, 0, sizeof(block.io_map));
    tss_close_ports(&block);
    assert_int_equal(block.tss.rsp[0], 0x1000);
    block.tss.rsp[0] = 0;
    assert_memory_equal(&block, &fresh, sizeof(block));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_are_those_that_linux_loads),
        cmocka_unit_test(segments_say_what_the_manual_asks),
        cmocka_unit_test(selectors_stand_where_syscall_looks),
        cmocka_unit_test(the_tss_descriptor_covers_its_block),
        cmocka_unit_test(the_tss_descriptor_is_written_alone),
        cmocka_unit_test(the_tss_descriptor_reads_back),
        cmocka_unit_test(any_system_descriptor_is_read),
        cmocka_unit_test(each_bit_of_a_descriptor_counts),
        cmocka_unit_test(gates_lead_to_their_handler),
        cmocka_unit_test(the_tss_lies_as_the_manual_draws_it),
        cmocka_unit_test(a_new_tss_is_empty_and_denies_every_port),
        cmocka_unit_test(exceptions_have_the_manuals_names),
        cmocka_unit_test(error_codes_come_with_these_exceptions),
        cmocka_unit_test(ports_are_closed_again),
    };
    return RUN(tests);
}
