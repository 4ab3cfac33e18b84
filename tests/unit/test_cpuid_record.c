#include "unit.h"

#include <muster/cpuid_record.h>

/* An invented CPU: what it answers, by leaf and subleaf. */
static struct {
    uint32_t leaf, subleaf;
    struct cpuid_result result;
} answers[64];
static uint32_t count, asked_beyond;

static void answer(uint32_t leaf, uint32_t subleaf, struct cpuid_result result)
{
    answers[count].leaf = leaf;
    answers[count].subleaf = subleaf;
    answers[count++].result = result;
}

/* Beyond the highest leaf a CPU answers with rubbish: nobody may keep that. */
static struct cpuid_result read(uint32_t leaf, uint32_t subleaf)
{
    for (uint32_t n = 0; n < count; n++) {
        if (answers[n].leaf == leaf && answers[n].subleaf == subleaf) {
            return answers[n].result;
        }
    }
    bool beyond = leaf & 0x80000000 ? leaf > 0x80000008 : leaf > answers[0].result.eax;
    asked_beyond += beyond;
    return beyond ? (struct cpuid_result){0xbad, 0xbad, 0xbad, 0xbad}
                  : (struct cpuid_result){0, 0, 0, 0};
}

static int fresh(void **state)
{
    (void)state;
    count = 0;
    asked_beyond = 0;
    answer(0, 0, (struct cpuid_result){0xd, 1, 2, 3});
    answer(0x80000000, 0, (struct cpuid_result){0x80000008, 0, 0, 0});
    answer(1, 0, (struct cpuid_result){0x906ea, 0x03100800, 0x7ffafbbf, 0xbfebfbff});
    return 0;
}

static struct cpuid_record taken(void)
{
    struct cpuid_record record;
    memset(&record, 0xa5, sizeof(record));
    cpuid_record_take(&record, read);
    assert_int_equal(asked_beyond, 0);
    for (uint32_t n = 1; n < record.count; n++) {
        const struct cpuid_row *a = &record.rows[n - 1], *b = &record.rows[n];
        assert_true(a->leaf < b->leaf || (a->leaf == b->leaf && a->subleaf < b->subleaf));
    }
    return record;
}

static uint32_t rows_of(const struct cpuid_record *record, uint32_t leaf)
{
    uint32_t rows = 0;
    for (uint32_t n = 0; n < record->count; n++) {
        rows += record->rows[n].leaf == leaf;
    }
    return rows;
}

static void every_leaf_is_taken_once(void **state)
{
    (void)state;
    struct cpuid_record record = taken();
    assert_int_equal(record.count, 3);
    assert_int_equal(cpuid_record_find(&record, 1, 0).value[CPUID_ECX], 0x7ffafbbf);
    assert_int_equal(cpuid_record_find(&record, 5, 0).value[CPUID_EAX], 0);
}

static void branch_records_are_read_where_offered(void **state)
{
    (void)state;
    answers[0].result.eax = 0x1c;
    answer(0x1c, 0, (struct cpuid_result){0xbad, 0, 0xbad, 0});
    answer(7, 0, (struct cpuid_result){0, 1, 0, 0});
    struct cpuid_record record = taken();
    assert_int_equal(rows_of(&record, 0x1c), 0);
    answers[count - 1].result.edx = 1u << 19;
    record = taken();
    assert_int_equal(rows_of(&record, 0x1c), 1);
}

static void subleaves_end_as_each_leaf_says(void **state)
{
    (void)state;
    answer(4, 0, (struct cpuid_result){0x121, 1, 2, 3});
    answer(4, 1, (struct cpuid_result){0x122, 1, 2, 3});
    answer(4, 3, (struct cpuid_result){0x163, 1, 2, 3}); /* behind the end */
    answer(7, 0, (struct cpuid_result){1, 5, 6, 7});
    answer(7, 1, (struct cpuid_result){8, 0, 0, 0});
    answer(7, 2, (struct cpuid_result){9, 0, 0, 0}); /* behind the end */
    answer(0xb, 0, (struct cpuid_result){1, 2, 0x100, 3});
    answer(0xb, 1, (struct cpuid_result){4, 8, 0x201, 3});
    answer(0xb, 2, (struct cpuid_result){0, 0, 2, 3}); /* the end, though not all zeros */
    answer(0xd, 0, (struct cpuid_result){7, 0x340, 0x340, 0});
    answer(0xd, 1, (struct cpuid_result){0xf, 0x340, 0x100, 0});
    answer(0xd, 2, (struct cpuid_result){0x100, 0x240, 0, 0});
    answer(0xd, 5, (struct cpuid_result){0x40, 0x440, 0, 0}); /* not offered */
    answer(0xd, 8, (struct cpuid_result){0x80, 0, 1, 0});
    struct cpuid_record record = taken();
    assert_int_equal(rows_of(&record, 4), 2);
    assert_int_equal(rows_of(&record, 7), 2);
    assert_int_equal(rows_of(&record, 0xb), 2);
    assert_int_equal(rows_of(&record, 0xd), 4);
    assert_int_equal(cpuid_record_find(&record, 0xd, 8).value[CPUID_EAX], 0x80);
    assert_int_equal(record.beyond, 0);
}

/* A CPU that never ends its lists, and one that counts to the sky. */
static struct cpuid_result endless(uint32_t leaf, uint32_t subleaf)
{
    return (struct cpuid_result){leaf & 0x80000000 ? 0x800000ff : 0xff, subleaf + 1, ~0u, ~0u};
}

static struct cpuid_result boundless(uint32_t leaf, uint32_t subleaf)
{
    (void)leaf;
    (void)subleaf;
    return (struct cpuid_result){~0u, ~0u, ~0u, ~0u};
}

static void what_does_not_fit_is_counted(void **state)
{
    (void)state;
    struct cpuid_record record;
    cpuid_record_take(&record, endless);
    assert_int_equal(record.count, CPUID_ROWS_MAX);
    assert_in_range(record.beyond, 100, 2000);
    cpuid_record_take(&record, boundless);
    assert_int_equal(record.count, 0);
}

static void ids_and_switches_are_not_compared(void **state)
{
    (void)state;
    assert_int_equal(cpuid_compared_bits(1, 0, CPUID_EBX, false), 0x00ffffff);
    assert_int_equal(cpuid_compared_bits(1, 0, CPUID_ECX, false), ~(1u << 27));
    assert_int_equal(cpuid_compared_bits(1, 0, CPUID_EDX, false), ~0u);
    assert_int_equal(cpuid_compared_bits(0xb, 4, CPUID_EDX, false), 0);
    assert_int_equal(cpuid_compared_bits(0xd, 1, CPUID_EBX, false), 0);
    assert_int_equal(cpuid_compared_bits(0xd, 2, CPUID_EBX, false), ~0u);
    assert_int_equal(cpuid_compared_bits(4, 3, CPUID_ECX, false), ~0u);
    assert_int_equal(cpuid_compared_bits(4, 3, CPUID_ECX, true), 0);
    assert_int_equal(cpuid_compared_bits(0x8000001e, 0, CPUID_EBX, false), ~0xffu);
}

/* Descriptors of caches and TLBs where some cores alone have a second thread; where SEV's ASIDs
 * begin, which firmware was seen to leave unlike from core to core. */
static void what_no_thread_depends_on_is_not_compared(void **state)
{
    (void)state;
    for (enum cpuid_register r = CPUID_EAX; r < CPUID_REGISTERS; r++) {
        assert_int_equal(cpuid_compared_bits(2, 0, r, false), 0);
        assert_int_equal(cpuid_compared_bits(0x8000001f, 0, r, false), r == CPUID_EDX ? 0 : ~0u);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_leaf_is_taken_once, fresh),
        cmocka_unit_test_setup(branch_records_are_read_where_offered, fresh),
        cmocka_unit_test_setup(subleaves_end_as_each_leaf_says, fresh),
        cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(ids_and_switches_are_not_compared),
        cmocka_unit_test(what_no_thread_depends_on_is_not_compared),
    };
    return RUN(tests);
}
