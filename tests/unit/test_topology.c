#include "unit.h"

#include <muster/inventory.h>
#include <muster/topology.h>

/* What an invented CPUID answers; anything else is zero. */
struct answer {
    uint32_t leaf, subleaf;
    struct cpuid_result result;
};

static const struct answer *answers;
static size_t answer_count;

static struct cpuid_result invented(uint32_t leaf, uint32_t subleaf)
{
    for (size_t n = 0; n < answer_count; n++) {
        if (answers[n].leaf == leaf && answers[n].subleaf == subleaf) {
            return answers[n].result;
        }
    }
    return (struct cpuid_result){0};
}

#define DECODE(table, words, row)                                                                  \
    do {                                                                                           \
        answers = (table);                                                                         \
        answer_count = sizeof(table) / sizeof((table)[0]);                                         \
        topology_read(invented, &(words));                                                         \
        topology_decode(&(words), &(row));                                                         \
    } while (0)

#define INTEL(max)                                                                                 \
    {                                                                                              \
        0, 0,                                                                                      \
        {                                                                                          \
            max, 0x756e6547, 0x6c65746e, 0x49656e69                                                \
        }                                                                                          \
    }
#define AMD(max)                                                                                   \
    {                                                                                              \
        0, 0,                                                                                      \
        {                                                                                          \
            max, 0x68747541, 0x444d4163, 0x69746e65                                                \
        }                                                                                          \
    }

/* APIC ID 0x5b: thread 1, core 5 of module 1 (2 bits), die 2, package 0 … by these shifts. */
static void leaf_1f_tells_dies_and_modules(void **state)
{
    (void)state;
    static const struct answer table[] = {
        INTEL(0x1f),
        {1, 0, {0, 0x5b100800, 0, 1u << 28}},
        {0x1f, 0, {1, 2, 0x100, 0x5b}},
        {0x1f, 1, {3, 8, 0x201, 0x5b}},
        {0x1f, 2, {4, 16, 0x302, 0x5b}},
        {0x1f, 3, {6, 64, 0x503, 0x5b}},
        {0xb, 0, {1, 2, 0x100, 0x5b}},
        {0xb, 1, {6, 64, 0x201, 0x5b}},
    };
    struct topology_words words;
    struct topology_row row;
    DECODE(table, words, row);
    assert_true(words.leaf_1f.offered && words.leaf_1f.same_id && words.leaf_b.offered);
    assert_int_equal(row.source, TOPOLOGY_BY_LEAF_1F);
    assert_int_equal(row.apic_id, 0x5b);
    assert_int_equal(row.id[TOPOLOGY_THREAD], 1);
    assert_int_equal(row.id[TOPOLOGY_CORE], 1);
    assert_int_equal(row.id[TOPOLOGY_MODULE], 1);
    assert_int_equal(row.id[TOPOLOGY_TILE], 0);
    assert_int_equal(row.id[TOPOLOGY_DIE], 1);
    assert_int_equal(row.id[TOPOLOGY_PACKAGE], 1);
    assert_int_equal(row.levels, 1 << TOPOLOGY_THREAD | 1 << TOPOLOGY_CORE | 1 << TOPOLOGY_MODULE |
                                     1 << TOPOLOGY_DIE | 1 << TOPOLOGY_PACKAGE);
    assert_int_equal(topology_shift(&words.leaf_1f, TOPOLOGY_PACKAGE), 6);
    assert_int_equal(topology_shift(&words.leaf_1f, TOPOLOGY_CORE), 1);
    assert_int_equal(topology_shift(&words.leaf_b, TOPOLOGY_PACKAGE), 6);
}

/* An emulator was seen to tell packages as a level of leaf 0xB; types above 2 are reserved there.
 */
static void leaf_b_knows_threads_and_cores_alone(void **state)
{
    (void)state;
    static const struct answer table[] = {
        INTEL(0xd),
        {0xb, 0, {1, 1, 0x100, 3}},
        {0xb, 1, {1, 1, 0x201, 3}},
        {0xb, 2, {2, 4, 0x302, 3}},
    };
    struct topology_words words;
    struct topology_row row;
    DECODE(table, words, row);
    assert_int_equal(row.source, TOPOLOGY_BY_LEAF_B);
    assert_int_equal(words.leaf_b.count, 2);
    assert_int_equal(row.id[TOPOLOGY_THREAD], 1);
    assert_int_equal(row.id[TOPOLOGY_CORE], 0);
    assert_int_equal(row.id[TOPOLOGY_PACKAGE], 1);
}

static void amd_tells_by_its_own_leaves(void **state)
{
    (void)state;
    static const struct answer table[] = {
        AMD(0xd),
        {1, 0, {0, 0x13100800, 0, 1u << 28}},
        {0x80000000, 0, {0x8000001e, 0, 0, 0}},
        {0x80000001, 0, {0, 0, 1u << 22, 0}},
        {0x80000008, 0, {0, 0, 0x400f, 0}},
        {0x8000001e, 0, {0x13, 0x0101, 0x0101, 0}},
    };
    struct topology_words words;
    struct topology_row row;
    DECODE(table, words, row);
    assert_true(words.has_1e);
    assert_int_equal(words.amd_threads, 2);
    assert_int_equal(words.amd_nodes, 2);
    assert_int_equal(words.amd_cpus, 16);
    assert_int_equal(row.source, TOPOLOGY_BY_AMD);
    assert_int_equal(row.id[TOPOLOGY_THREAD], 1);
    assert_int_equal(row.id[TOPOLOGY_CORE], 1);
    assert_int_equal(row.id[TOPOLOGY_PACKAGE], 1);
}

/* Two dies of two complexes of eight cores: APIC ID 0x5b is thread 1 of core 5, complex 1, die 0,
 * package 1, where leaf 0x80000026 tells that ID, one bit for the thread, and six below the socket.
 */
#define AMD_LEVELS(id, thread_bits, socket_bits)                                                   \
    {                                                                                              \
        AMD(0xd), {1, 0, {0, 0x5b400800, 0, 1u << 28}}, {0xb, 0, {1, 2, 0x100, 0x5b}},             \
            {0xb, 1, {6, 64, 0x201, 0x5b}}, {0x80000000, 0, {0x80000026, 0, 0, 0}},                \
            {0x80000026, 0, {thread_bits, 2, 0x100, id}}, {0x80000026, 1, {4, 16, 0x201, id}},     \
            {0x80000026, 2, {1u << 31 | 5, 32, 0x302, id}},                                        \
            {0x80000026, 3, {socket_bits, 64, 0x403, id}},                                         \
    }

static void amd_tells_complexes_and_dies(void **state)
{
    (void)state;
    static const struct answer table[] = AMD_LEVELS(0x5b, 1, 6);
    struct topology_words words;
    struct topology_row row;
    DECODE(table, words, row);
    assert_int_equal(row.source, TOPOLOGY_BY_AMD_LEVELS);
    assert_int_equal(row.apic_id, 0x5b);
    assert_int_equal(row.id[TOPOLOGY_THREAD], 1);
    assert_int_equal(row.id[TOPOLOGY_CORE], 5);
    assert_int_equal(row.id[TOPOLOGY_MODULE], 1);
    assert_int_equal(row.id[TOPOLOGY_TILE], 0);
    assert_int_equal(row.id[TOPOLOGY_DIE], 0);
    assert_int_equal(row.id[TOPOLOGY_DIE_GROUP], 0);
    assert_int_equal(row.id[TOPOLOGY_PACKAGE], 1);
    assert_int_equal(row.levels, 1 << TOPOLOGY_THREAD | 1 << TOPOLOGY_CORE | 1 << TOPOLOGY_MODULE |
                                     1 << TOPOLOGY_DIE | 1 << TOPOLOGY_PACKAGE);
}

/* Another ID, no bit for the thread, or packages that would be dies. */
static void levels_that_leaf_b_contradicts_are_not_believed(void **state)
{
    (void)state;
    static const struct answer tables[][9] = {AMD_LEVELS(0, 1, 6), AMD_LEVELS(0x5b, 0, 6),
                                              AMD_LEVELS(0x5b, 1, 5)};
    for (size_t n = 0; n < 3; n++) {
        struct topology_words words;
        struct topology_row row;
        DECODE(tables[n], words, row);
        assert_true(words.leaf_80000026.offered);
        assert_int_equal(row.source, TOPOLOGY_BY_LEAF_B);
        assert_int_equal(row.apic_id, 0x5b);
        assert_int_equal(row.id[TOPOLOGY_THREAD], 1);
        assert_int_equal(row.id[TOPOLOGY_PACKAGE], 1);
    }
}

/* An extended ID that contradicts leaf 1 is not believed. */
static void one_extended_id_for_all_is_not_believed(void **state)
{
    (void)state;
    static const struct answer table[] = {
        AMD(0xd),
        {1, 0, {0, 0x03010800, 0, 1u << 28}},
        {0x80000000, 0, {0x8000001e, 0, 0, 0}},
        {0x80000001, 0, {0, 0, 1u << 22, 0}},
    };
    struct topology_words words;
    struct topology_row row;
    DECODE(table, words, row);
    assert_true(words.has_1e);
    assert_int_equal(row.apic_id, 3);
    assert_int_equal(row.id[TOPOLOGY_PACKAGE], 3);
}

static void legacy_leaves_are_the_last_resort(void **state)
{
    (void)state;
    static const struct answer table[] = {
        INTEL(4),
        {1, 0, {0, 0x0d080800, 0, 1u << 28}},
        {4, 0, {3u << 26 | 0x21, 0, 0, 0}},
    };
    static const struct answer plain[] = {INTEL(2), {1, 0, {0, 0x07000000, 0, 0}}};
    struct topology_words words;
    struct topology_row row;
    DECODE(table, words, row);
    assert_int_equal(row.source, TOPOLOGY_BY_LEAF_1);
    assert_int_equal(row.id[TOPOLOGY_THREAD], 1);
    assert_int_equal(row.id[TOPOLOGY_CORE], 2);
    assert_int_equal(row.id[TOPOLOGY_PACKAGE], 1);
    DECODE(plain, words, row);
    assert_int_equal(words.leaf4_cores, 0);
    assert_int_equal(row.id[TOPOLOGY_PACKAGE], 7);
    assert_int_equal(row.id[TOPOLOGY_CORE], 0);
}

static void core_types_of_a_hybrid_are_kept(void **state)
{
    (void)state;
    static const struct answer table[] = {
        INTEL(0x1f),
        {7, 0, {0, 0, 0, 1u << 15}},
        {0x1a, 0, {0x20000001, 0, 0, 0}},
        {0x1f, 0, {1, 1, 0x100, 6}},
        {0x1f, 1, {4, 8, 0x201, 7}},
    };
    struct topology_words words;
    struct topology_row row;
    DECODE(table, words, row);
    assert_int_equal(row.kind, 0x20);
    assert_false(words.leaf_1f.same_id); /* sub-leaf 1 told another ID */
}

/* Shifts that fall, and shifts of 31, take nothing apart twice and shift by nothing undefined. */
static void wild_shifts_are_harmless(void **state)
{
    (void)state;
    static const struct answer table[] = {
        INTEL(0xb),
        {0xb, 0, {31, 1, 0x100, 0xffffffff}},
        {0xb, 1, {3, 1, 0x201, 0xffffffff}},
        {0xb, 2, {31, 1, 0x102, 0xffffffff}},
    };
    struct topology_words words;
    struct topology_row row;
    DECODE(table, words, row);
    assert_int_equal(row.id[TOPOLOGY_CORE], 0);
    assert_int_equal(row.id[TOPOLOGY_PACKAGE], 1);
}

enum { MANY = 4096 };

static struct topology_row rows[MANY];
static uint32_t order[MANY];

static void places_are_sorted(void **state)
{
    (void)state;
    struct topology topology = {.count = MANY, .rows = rows, .order = order};
    for (uint32_t n = 0; n < MANY; n++) {
        const uint32_t id = n * 2654435761u % MANY;
        rows[n] = (struct topology_row){.apic_id = id,
                                        .source = n == 7 ? TOPOLOGY_UNKNOWN : TOPOLOGY_BY_LEAF_B};
        rows[n].id[TOPOLOGY_PACKAGE] = id / 64;
        rows[n].id[TOPOLOGY_CORE] = id % 64 / 2;
        rows[n].id[TOPOLOGY_THREAD] = id % 2;
    }
    topology_sort(&topology);
    assert_int_equal(topology.known, MANY - 1);
    for (uint32_t n = 1; n < topology.known; n++) {
        assert_true(rows[order[n - 1]].apic_id < rows[order[n]].apic_id);
    }
    assert_int_equal(topology_count(&topology, TOPOLOGY_PACKAGE), 64);
    assert_int_equal(topology_count(&topology, TOPOLOGY_CORE), 2048);
    assert_int_equal(topology_count(&topology, TOPOLOGY_THREAD), MANY - 1);
}

/* Two packages of three cores with two threads, by leaf 0xB: CPUs 2, 5 and 11 said nothing. */
static void the_lost_are_seated_by_their_apic_id(void **state)
{
    (void)state;
    static const struct answer table[] = {
        INTEL(0xb),
        {0xb, 0, {1, 2, 0x100, 0}},
        {0xb, 1, {3, 6, 0x201, 0}},
    };
    static const uint32_t ids[12] = {0, 8, 2, 10, 4, 12, 1, 9, 3, 11, 5, 13};
    static const uint32_t wanted[12] = {0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11};
    static uint32_t seats[12];
    static struct inventory inventory;
    struct topology topology = {.count = 12, .rows = rows, .order = order, .seats = seats};
    struct topology_words words;
    memset(rows, 0, sizeof(rows));
    DECODE(table, words, rows[0]);
    for (uint32_t n = 0; n < 12; n++) {
        inventory.rows[n].apic_id = ids[n];
        if (n != 2 && n != 5 && n != 11) {
            words.leaf_b.apic_id = ids[n];
            topology_decode(&words, &rows[n]);
        }
    }
    topology_sort(&topology);
    topology_seat(&topology, &words, &inventory);
    assert_memory_equal(seats, wanted, sizeof(wanted));
    assert_int_equal(topology.known, 9);
    assert_int_equal(order[2], 8);
    assert_int_equal(rows[5].source, TOPOLOGY_UNKNOWN);
    assert_int_equal(rows[5].levels, 0);
    assert_int_equal(rows[5].id[TOPOLOGY_PACKAGE], 1);
    assert_int_equal(rows[5].id[TOPOLOGY_CORE], 2);
}

/* One that is not there, with an APIC ID that the legacy leaves cannot tell. */
static void any_apic_id_has_a_seat(void **state)
{
    (void)state;
    static const struct answer table[] = {INTEL(4), {1, 0, {0, 0x00040800, 0, 1u << 28}}};
    static uint32_t seats[2];
    static struct inventory inventory = {.rows = {{.apic_id = 0}, {.apic_id = 0x12345}}};
    struct topology topology = {.count = 2, .rows = rows, .order = order, .seats = seats};
    struct topology_words words;
    memset(rows, 0, sizeof(rows));
    DECODE(table, words, rows[0]);
    topology_sort(&topology);
    topology_seat(&topology, &words, &inventory);
    assert_int_equal(rows[1].id[TOPOLOGY_PACKAGE], 0x12345 >> 2);
    assert_int_equal(seats[1], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaf_1f_tells_dies_and_modules),
        cmocka_unit_test(leaf_b_knows_threads_and_cores_alone),
        cmocka_unit_test(amd_tells_by_its_own_leaves),
        cmocka_unit_test(amd_tells_complexes_and_dies),
        cmocka_unit_test(levels_that_leaf_b_contradicts_are_not_believed),
        cmocka_unit_test(one_extended_id_for_all_is_not_believed),
        cmocka_unit_test(legacy_leaves_are_the_last_resort),
        cmocka_unit_test(core_types_of_a_hybrid_are_kept),
        cmocka_unit_test(wild_shifts_are_harmless),
        cmocka_unit_test(places_are_sorted),
        cmocka_unit_test(the_lost_are_seated_by_their_apic_id),
        cmocka_unit_test(any_apic_id_has_a_seat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
