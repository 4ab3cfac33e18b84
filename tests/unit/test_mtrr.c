#include "unit.h"

#include <muster/mtrr.h>

/* As OVMF leaves a machine with 2 GiB: WB but for the hole below 4 GiB and the legacy region. */
static struct mtrr_registers sound(void)
{
    struct mtrr_registers mtrr = {
        .cap = MTRR_CAP_FIXED | 8,
        .def_type = MTRR_E | MTRR_FE | MEMORY_TYPE_WB,
        .fixed = {UINT64_C(0x0606060606060606), UINT64_C(0x0606060606060606)},
        .variable = {{0x80000000, UINT64_C(0xff80000000) | MTRR_VALID}},
        .address_bits = 40,
        .variable_read = 8,
    };
    return mtrr;
}

static void assert_range(const struct mtrr_registers *mtrr, uint64_t at, uint64_t last,
                         uint32_t type)
{
    const struct mtrr_range range = mtrr_range_at(mtrr, at);
    assert_int_equal(range.base, at);
    assert_int_equal(range.last, last);
    assert_int_equal(range.type, type);
}

static void ranges_are_merged_and_follow_each_other(void **state)
{
    (void)state;
    const struct mtrr_registers mtrr = sound();
    assert_range(&mtrr, 0, 0x9ffff, MEMORY_TYPE_WB);
    assert_range(&mtrr, 0xa0000, 0xfffff, MEMORY_TYPE_UC);
    assert_range(&mtrr, 0x100000, 0x7fffffff, MEMORY_TYPE_WB);
    assert_range(&mtrr, 0x80000000, 0xffffffff, MEMORY_TYPE_UC);
    assert_range(&mtrr, UINT64_C(0x100000000), UINT64_C(0xffffffffff), MEMORY_TYPE_WB);
    assert_range(&mtrr, 0x12345, 0x9ffff, MEMORY_TYPE_WB);
}

static void each_fixed_register_has_its_place(void **state)
{
    (void)state;
    static const struct {
        uint32_t base, size;
    } places[] = {{0x00000, 0x10000}, {0x80000, 0x4000}, {0xa0000, 0x4000}, {0xc0000, 0x1000},
                  {0xc8000, 0x1000},  {0xd0000, 0x1000}, {0xd8000, 0x1000}, {0xe0000, 0x1000},
                  {0xe8000, 0x1000},  {0xf0000, 0x1000}, {0xf8000, 0x1000}};
    for (uint32_t n = 0; n < MTRR_FIXED_COUNT; n++) {
        for (uint32_t slot = 0; slot < 8; slot++) {
            struct mtrr_registers mtrr = sound();
            memset(mtrr.fixed, 0, sizeof(mtrr.fixed));
            mtrr.fixed[n] = UINT64_C(5) << (8 * slot);
            const uint64_t base = places[n].base + slot * places[n].size;
            assert_range(&mtrr, base, base + places[n].size - 1, MEMORY_TYPE_WP);
        }
    }
}

static void enable_bits_decide(void **state)
{
    (void)state;
    struct mtrr_registers mtrr = sound();
    mtrr.def_type &= ~MTRR_FE;
    assert_range(&mtrr, 0, 0x7fffffff, MEMORY_TYPE_WB);
    mtrr = sound();
    mtrr.cap = 8;
    assert_range(&mtrr, 0, 0x7fffffff, MEMORY_TYPE_WB);
    mtrr = sound();
    mtrr.def_type &= ~MTRR_E;
    assert_range(&mtrr, 0, UINT64_C(0xffffffffff), MEMORY_TYPE_UC);
    mtrr = sound();
    mtrr.variable[0].mask &= ~MTRR_VALID;
    assert_range(&mtrr, 0x100000, UINT64_C(0xffffffffff), MEMORY_TYPE_WB);
    mtrr = sound();
    mtrr.variable_read = 0;
    assert_range(&mtrr, 0x100000, UINT64_C(0xffffffffff), MEMORY_TYPE_WB);
}

/* SDM vol. 3A, 12.11.4.1. */
static void overlaps_combine_as_the_manual_says(void **state)
{
    (void)state;
    static const struct {
        uint32_t a, b, both;
    } rows[] = {
        {MEMORY_TYPE_UC, MEMORY_TYPE_WB, MEMORY_TYPE_UC},
        {MEMORY_TYPE_WC, MEMORY_TYPE_UC, MEMORY_TYPE_UC},
        {MEMORY_TYPE_WT, MEMORY_TYPE_WB, MEMORY_TYPE_WT},
        {MEMORY_TYPE_WB, MEMORY_TYPE_WT, MEMORY_TYPE_WT},
        {MEMORY_TYPE_WP, MEMORY_TYPE_WP, MEMORY_TYPE_WP},
        {MEMORY_TYPE_WC, MEMORY_TYPE_WB, MEMORY_TYPE_UNDEFINED},
        {MEMORY_TYPE_WP, MEMORY_TYPE_WT, MEMORY_TYPE_UNDEFINED},
    };
    for (size_t n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
        struct mtrr_registers mtrr = sound();
        struct mtrr_range where;
        uint32_t number;
        mtrr.def_type = MTRR_E | MEMORY_TYPE_WP;
        mtrr.variable[2].base = 0x40000000 | rows[n].a;
        mtrr.variable[2].mask = UINT64_C(0xffc0000000) | MTRR_VALID;
        mtrr.variable[5].base = 0x50000000 | rows[n].b;
        mtrr.variable[5].mask = UINT64_C(0xfff0000000) | MTRR_VALID;
        assert_int_equal(mtrr_range_at(&mtrr, 0x40000000).type, rows[n].a);
        assert_int_equal(mtrr_range_at(&mtrr, 0x50000000).type, rows[n].both);
        assert_int_equal(mtrr_range_at(&mtrr, 0x5fffffff).type, rows[n].both);
        assert_int_equal(mtrr_range_at(&mtrr, 0x60000000).type, rows[n].a);
        const bool undefined = rows[n].both == MEMORY_TYPE_UNDEFINED;
        assert_int_equal(mtrr_flaw(&mtrr, &number, &where),
                         undefined ? MTRR_FLAW_OVERLAP : MTRR_SOUND);
        if (undefined) {
            assert_int_equal(where.base, 0x50000000);
            assert_int_equal(where.last, 0x5fffffff);
        }
    }
}

/* APM vol. 2, 7.9.1: another default up to TOM2, which variable ranges override. */
static void amd_has_another_default_above_4_gib(void **state)
{
    (void)state;
    struct mtrr_registers mtrr = sound();
    mtrr.def_type = MTRR_E;
    mtrr.syscfg = SYSCFG_TOM2 | SYSCFG_TOM2_WB;
    mtrr.tom2 = UINT64_C(0x280000000);
    mtrr.variable[1].base = UINT64_C(0x200000000) | MEMORY_TYPE_WC;
    mtrr.variable[1].mask = UINT64_C(0xfff0000000) | MTRR_VALID;
    assert_range(&mtrr, 0, UINT64_C(0xffffffff), MEMORY_TYPE_UC);
    assert_range(&mtrr, UINT64_C(0x100000000), UINT64_C(0x1ffffffff), MEMORY_TYPE_WB);
    assert_range(&mtrr, UINT64_C(0x200000000), UINT64_C(0x20fffffff), MEMORY_TYPE_WC);
    assert_range(&mtrr, UINT64_C(0x210000000), UINT64_C(0x27fffffff), MEMORY_TYPE_WB);
    assert_range(&mtrr, UINT64_C(0x280000000), UINT64_C(0xffffffffff), MEMORY_TYPE_UC);
    mtrr.syscfg = SYSCFG_TOM2;
    assert_range(&mtrr, 0, UINT64_C(0x1ffffffff), MEMORY_TYPE_UC);
}

static void amd_routes_fixed_ranges_where_it_shows_them(void **state)
{
    (void)state;
    struct mtrr_registers mtrr = sound();
    mtrr.fixed[3] = 0x1e;
    assert_int_equal(mtrr_range_at(&mtrr, 0xc0000).type, MEMORY_TYPE_WB);
    mtrr.syscfg = SYSCFG_FIX_DRAM_MODIFY;
    assert_int_equal(mtrr_range_at(&mtrr, 0xc0000).type, 0x1e);
}

static void registers_that_mean_the_same_do_not_differ(void **state)
{
    (void)state;
    const struct mtrr_registers a = sound();
    struct mtrr_registers b = sound();
    struct mtrr_range in_a, in_b;
    uint64_t at = 0;
    /* The same hole in two pieces, in other registers; bits that nobody compares. */
    b.variable[0].mask = 0;
    b.variable[6].base = 0x80000000;
    b.variable[6].mask = UINT64_C(0xffc0000000) | MTRR_VALID;
    b.variable[3].base = 0xc0000000;
    b.variable[3].mask = UINT64_C(0xffc0000000) | MTRR_VALID;
    b.variable[4].base = 0xdeadbeef;
    assert_false(mtrr_differ(&a, &b, &at, &in_a, &in_b));
}

static void each_difference_is_told_once(void **state)
{
    (void)state;
    const struct mtrr_registers a = sound();
    struct mtrr_registers b = sound();
    struct mtrr_range in_a, in_b;
    uint64_t at = 0;
    b.fixed[0] = UINT64_C(0x0606060606060600);
    b.variable[0].mask = UINT64_C(0xffc0000000) | MTRR_VALID;
    assert_true(mtrr_differ(&a, &b, &at, &in_a, &in_b));
    assert_int_equal(in_a.base, 0);
    assert_int_equal(in_a.last, 0xffff);
    assert_int_equal(in_a.type, MEMORY_TYPE_WB);
    assert_int_equal(in_b.type, MEMORY_TYPE_UC);
    assert_true(mtrr_differ(&a, &b, &at, &in_a, &in_b));
    assert_int_equal(in_b.base, 0xc0000000);
    assert_int_equal(in_b.last, 0xffffffff);
    assert_int_equal(in_a.type, MEMORY_TYPE_UC);
    assert_int_equal(in_b.type, MEMORY_TYPE_WB);
    assert_false(mtrr_differ(&a, &b, &at, &in_a, &in_b));
}

static void assert_flaw(const struct mtrr_registers *mtrr, enum mtrr_flaw wanted, uint32_t n)
{
    struct mtrr_range where;
    uint32_t number = 99;
    assert_int_equal(mtrr_flaw(mtrr, &number, &where), wanted);
    if (wanted != MTRR_FLAW_DEFAULT_TYPE) {
        assert_int_equal(number, n);
    }
}

static void every_flaw_is_found(void **state)
{
    (void)state;
    struct mtrr_range where;
    uint32_t number;
    struct mtrr_registers mtrr = sound();
    assert_int_equal(mtrr_flaw(&mtrr, &number, &where), MTRR_SOUND);
    mtrr.def_type = MTRR_E | 2;
    assert_flaw(&mtrr, MTRR_FLAW_DEFAULT_TYPE, 0);
    mtrr = sound();
    mtrr.fixed[9] = UINT64_C(0x0300000000000000);
    assert_flaw(&mtrr, MTRR_FLAW_FIXED_TYPE, 9);
    mtrr = sound();
    mtrr.variable[0].base = 0x80000007;
    assert_flaw(&mtrr, MTRR_FLAW_VARIABLE_TYPE, 0);
    mtrr = sound();
    mtrr.variable[7].base = 0x10000000;
    mtrr.variable[7].mask = UINT64_C(0xfef0000000) | MTRR_VALID;
    assert_flaw(&mtrr, MTRR_FLAW_MASK, 7);
    mtrr.variable[7].mask = UINT64_C(0x0ff0000000) | MTRR_VALID; /* 36 of 40 bits */
    assert_flaw(&mtrr, MTRR_FLAW_NARROW, 7);
    mtrr.variable[6] = mtrr.variable[7];
    assert_flaw(&mtrr, MTRR_FLAW_NARROW, 6);
    assert_int_equal(mtrr_range_at(&mtrr, 0x10000000).last, 0x1fffffff);
    mtrr.variable[9 - 1].mask = UINT64_C(0xfef0000000) | MTRR_VALID;
    mtrr.variable_read = 9; /* a graver one behind them */
    assert_flaw(&mtrr, MTRR_FLAW_MASK, 8);
    mtrr = sound();
    mtrr.variable[0].base = 0xc0000000;
    assert_flaw(&mtrr, MTRR_FLAW_BASE, 0);
    mtrr = sound();
    mtrr.syscfg = SYSCFG_FIX_DRAM_MODIFY;
    assert_int_equal(mtrr_flaw(&mtrr, &number, &where), MTRR_FLAW_OPEN);
    mtrr.variable[0].base = 0xc0000000;
    mtrr.def_type = 0; /* nothing is in use */
    assert_int_equal(mtrr_flaw(&mtrr, &number, &where), MTRR_SOUND);
}

/* Whatever the registers hold, the walk gets from 0 to the end. */
static void any_registers_have_an_end(void **state)
{
    (void)state;
    uint64_t random = 88172645463325252u;
    for (int round = 0; round < 3000; round++) {
        struct mtrr_registers mtrr;
        uint8_t *bytes = (uint8_t *)&mtrr;
        for (size_t n = 0; n < sizeof(mtrr); n++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            bytes[n] = (uint8_t)random;
        }
        mtrr.address_bits = 32 + round % 21;
        mtrr.variable_read = (uint32_t)round % (MTRR_VARIABLE_MAX + 1);
        for (uint32_t n = 0; n < MTRR_VARIABLE_MAX && round % 2; n++) {
            mtrr.variable[n].mask |= UINT64_MAX << (12 + random % 30);
        }
        uint64_t at = 0;
        uint32_t ranges = 0;
        do {
            const struct mtrr_range range = mtrr_range_at(&mtrr, at);
            assert_int_equal(range.base, at);
            assert_true(range.last >= at && range.last <= mtrr_address_last(&mtrr));
            at = range.last + 1;
            assert_true(++ranges < 200);
        } while (at <= mtrr_address_last(&mtrr));
    }
}

static void types_have_names(void **state)
{
    (void)state;
    static const struct {
        uint32_t type;
        const char *name;
    } rows[] = {{0, "UC"},
                {1, "WC"},
                {4, "WT"},
                {5, "WP"},
                {6, "WB"},
                {MEMORY_TYPE_UNDEFINED, "undefined"},
                {0x16, "WB+RdMem"},
                {0x18, "UC+RdMem+WrMem"},
                {2, "reserved type 0x2"},
                {0x45, "reserved type 0x45"}};
    for (size_t n = 0; n < sizeof(rows) / sizeof(rows[0]); n++) {
        char buffer[32];
        struct text out;
        text_init(&out, buffer, sizeof(buffer));
        memory_type_print(&out, rows[n].type);
        assert_string_equal(buffer, rows[n].name);
    }
    char buffer[64];
    struct text out;
    const struct mtrr_range range = {0xc0000000, 0xffffffff, MEMORY_TYPE_UC};
    text_init(&out, buffer, sizeof(buffer));
    mtrr_range_print(&out, &range);
    assert_string_equal(buffer, "0xc0000000-0xffffffff UC");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_merged_and_follow_each_other),
        cmocka_unit_test(each_fixed_register_has_its_place),
        cmocka_unit_test(enable_bits_decide),
        cmocka_unit_test(overlaps_combine_as_the_manual_says),
        cmocka_unit_test(amd_has_another_default_above_4_gib),
        cmocka_unit_test(amd_routes_fixed_ranges_where_it_shows_them),
        cmocka_unit_test(registers_that_mean_the_same_do_not_differ),
        cmocka_unit_test(each_difference_is_told_once),
        cmocka_unit_test(every_flaw_is_found),
        cmocka_unit_test(any_registers_have_an_end),
        cmocka_unit_test(types_have_names),
    };
    return RUN(tests);
}
