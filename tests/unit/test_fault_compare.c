#include "sound_probe.h"
#include "unit.h"

#include <muster/judge_probe.h>

struct spoilt_field {
    uint32_t bit;
    size_t offset, size;
};

#define FIELD(bit, name)                                                                           \
    {                                                                                              \
        bit, offsetof(struct fault, name), sizeof(((struct fault *)0)->name)                       \
    }

static const struct spoilt_field fields[] = {
    FIELD(FAULT_VECTOR, vector), FIELD(FAULT_ERROR, error), FIELD(FAULT_ERROR, soft),
    FIELD(FAULT_RIP, rip),       FIELD(FAULT_CS, cs),       FIELD(FAULT_RFLAGS, rflags),
    FIELD(FAULT_RSP, rsp),       FIELD(FAULT_SS, ss),       FIELD(FAULT_CR2, cr2),
    FIELD(FAULT_FRAME, frame),   FIELD(FAULT_CPU, cpu),
};
enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* The lowest and the highest bit of each field: none is compared in part only. */
static void each_field_differs_alone(void **state)
{
    (void)state;
    uint32_t all = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        const size_t bits = fields[i].offset == offsetof(struct fault, soft) ? 1 : 8;
        const struct fault want = sound_probe().probe.want;
        for (size_t end = 0; end < 2; end++) {
            struct fault seen = want;
            uint8_t *bytes = (uint8_t *)&seen + fields[i].offset;
            bytes[end ? fields[i].size - 1 : 0] ^= 1u << (end ? bits - 1 : 0);
            assert_int_equal(fault_compare(&want, &seen, FAULT_ALL), fields[i].bit);
            assert_int_equal(fault_compare(&want, &seen, FAULT_ALL & ~fields[i].bit), 0);
            assert_int_equal(fault_compare(&want, &seen, fields[i].bit), fields[i].bit);
        }
        all |= fields[i].bit;
    }
    assert_int_equal(all, FAULT_ALL);
}

static void all_fields_differ_together(void **state)
{
    (void)state;
    const struct fault want = sound_probe().probe.want;
    struct fault seen = want;
    for (size_t i = 0; i < FIELDS; i++) {
        ((uint8_t *)&seen)[fields[i].offset] ^= 1;
    }
    assert_int_equal(fault_compare(&want, &seen, FAULT_ALL), FAULT_ALL);
    assert_int_equal(fault_compare(&want, &seen, 0), 0);
}

static uint32_t cr2_differs(uint64_t want, uint64_t slack, uint64_t seen)
{
    const struct fault wanted = {.cr2 = want, .cr2_slack = slack}, came = {.cr2 = seen};
    return fault_compare(&wanted, &came, FAULT_ALL);
}

static void cr2_may_lie_less_than_its_slack_below(void **state)
{
    (void)state;
    const uint64_t want = 0xffffa00000040ff8;
    assert_int_equal(cr2_differs(want, FRAME, want), 0);
    assert_int_equal(cr2_differs(want, FRAME, want - 1), 0);
    assert_int_equal(cr2_differs(want, FRAME, want - (FRAME - 1)), 0);
    assert_int_equal(cr2_differs(want, FRAME, want - FRAME), FAULT_CR2);
    assert_int_equal(cr2_differs(want, FRAME, want + 1), FAULT_CR2);
    assert_int_equal(cr2_differs(want, FRAME, want + FRAME), FAULT_CR2);
    assert_int_equal(cr2_differs(want, FRAME, 0), FAULT_CR2);
    assert_int_equal(cr2_differs(want, FRAME, UINT64_MAX), FAULT_CR2);
}

static void rip_may_lie_less_than_its_slack_above(void **state)
{
    (void)state;
    const struct fault exact = {.rip = 0x1000}, loose = {.rip = 0x1000, .rip_slack = 0x20};
    for (uint64_t above = 0; above < 0x30; above++) {
        const struct fault came = {.rip = 0x1000 + above};
        assert_int_equal(fault_compare(&loose, &came, FAULT_ALL), above < 0x20 ? 0 : FAULT_RIP);
        assert_int_equal(fault_compare(&exact, &came, FAULT_ALL), above ? FAULT_RIP : 0);
    }
    assert_int_equal(fault_compare(&loose, &(struct fault){.rip = 0xfff}, FAULT_ALL), FAULT_RIP);
}

static void dr6_counts_where_it_is_asked_for(void **state)
{
    (void)state;
    const struct fault want = {.dr6 = 0x4000}, came = {.dr6 = 1};
    assert_int_equal(fault_compare(&want, &came, FAULT_ALL), 0);
    assert_int_equal(fault_compare(&want, &came, FAULT_ALL | FAULT_DR6), FAULT_DR6);
    assert_int_equal(fault_compare(&want, &want, FAULT_ALL | FAULT_DR6), 0);
}

static void cr2_without_slack_is_exact(void **state)
{
    (void)state;
    for (uint64_t slack = 0; slack <= 1; slack++) {
        assert_int_equal(cr2_differs(0x1000, slack, 0x1000), 0);
        assert_int_equal(cr2_differs(0x1000, slack, 0xfff), FAULT_CR2);
        assert_int_equal(cr2_differs(0x1000, slack, 0x1001), FAULT_CR2);
    }
    assert_int_equal(cr2_differs(0, 0, UINT64_MAX), FAULT_CR2);
    assert_int_equal(cr2_differs(UINT64_MAX, 0, 0), FAULT_CR2);
}

/* EXT alone, and only where it is said to be open. */
static void ext_may_be_open(void **state)
{
    (void)state;
    struct fault want = {.error = 0x33}, seen = {.error = 0x32};
    assert_int_equal(fault_compare(&want, &seen, FAULT_ERROR), FAULT_ERROR);
    want.ext_open = true;
    assert_int_equal(fault_compare(&want, &seen, FAULT_ERROR), 0);
    seen.error = 0x33;
    assert_int_equal(fault_compare(&want, &seen, FAULT_ERROR), 0);
    seen.error = 0x30;
    assert_int_equal(fault_compare(&want, &seen, FAULT_ERROR), FAULT_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_differs_alone),
        cmocka_unit_test(all_fields_differ_together),
        cmocka_unit_test(cr2_may_lie_less_than_its_slack_below),
        cmocka_unit_test(rip_may_lie_less_than_its_slack_above),
        cmocka_unit_test(dr6_counts_where_it_is_asked_for),
        cmocka_unit_test(cr2_without_slack_is_exact),
        cmocka_unit_test(ext_may_be_open),
    };
    return RUN(tests);
}
