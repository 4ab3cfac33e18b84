#include "unit.h"

#include <stdio.h>

#include <muster/claims.h>
#include <muster/inventory.h>
#include <muster/topology.h>

enum { MANY = 4096 };

static struct topology_row rows[MANY];
static uint32_t order[MANY];
static struct topology topology;
static char lines[TOPOLOGY_LINES_MAX + 8][TOPOLOGY_LINE_MAX];
static uint32_t told;

static void keep(void *context, const char *line)
{
    (void)context;
    assert_true(strlen(line) < TOPOLOGY_LINE_MAX);
    assert_true(told < TOPOLOGY_LINES_MAX);
    strcpy(lines[told++], line);
}

static int fresh(void **state)
{
    (void)state;
    topology = (struct topology){.rows = rows, .order = order};
    told = 0;
    return 0;
}

static void add(uint32_t package, uint32_t core, uint32_t thread, uint8_t kind)
{
    struct topology_row *row = &rows[topology.count++];
    *row = (struct topology_row){
        .apic_id = package * 64 + core * 2 + thread,
        .domain = CPU_NONE,
        .levels = 1 << TOPOLOGY_THREAD | 1 << TOPOLOGY_CORE | 1 << TOPOLOGY_PACKAGE,
        .source = TOPOLOGY_BY_LEAF_B,
        .kind = kind,
    };
    row->id[TOPOLOGY_PACKAGE] = package;
    row->id[TOPOLOGY_CORE] = core;
    row->id[TOPOLOGY_THREAD] = thread;
}

static void tell(void)
{
    topology_sort(&topology);
    topology_tell(&topology, keep, NULL);
}

static void nothing_known_is_told_by_nothing(void **state)
{
    (void)state;
    tell();
    assert_int_equal(told, 0);
}

static void one_cpu(void **state)
{
    (void)state;
    add(0, 0, 0, 0);
    tell();
    assert_int_equal(told, 2);
    assert_string_equal(lines[0], "1 package, 1 core, 1 thread; by CPUID leaf 0xb");
    assert_string_equal(lines[1], "package 0: 1 core x 1 thread; CPU 0");
}

static void a_regular_machine_takes_two_lines(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < MANY; n++) {
        add(n / 64, n % 64 / 2, n % 2, 0);
    }
    tell();
    assert_int_equal(told, 2);
    assert_string_equal(lines[0], "64 packages, 2048 cores, 4096 threads; by CPUID leaf 0xb");
    assert_string_equal(lines[1], "packages 0-63: 32 cores x 2 threads; CPUs 0-4095");
}

static void dies_are_told_where_somebody_tells_them(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 16; n++) {
        add(n / 8, n % 4 / 2, n % 2, 0);
        rows[n].id[TOPOLOGY_DIE] = n % 8 / 4;
        rows[n].levels |= 1 << TOPOLOGY_DIE;
        rows[n].source = TOPOLOGY_BY_LEAF_1F;
        rows[n].domain = n / 8;
    }
    tell();
    assert_int_equal(told, 4);
    assert_string_equal(lines[0], "2 packages, 4 dies, 8 cores, 16 threads; by CPUID leaf 0x1f");
    assert_string_equal(lines[1], "proximity domain 0: CPUs 0-7");
    assert_string_equal(lines[2], "proximity domain 1: CPUs 8-15");
    assert_string_equal(lines[3], "packages 0-1: 2 dies x 2 cores x 2 threads; CPUs 0-15");
}

/* Eight big cores with two threads, eight small ones with one. */
static void a_hybrid_is_spelled_out(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 16; n++) {
        add(0, n / 2, n % 2, 0x40);
    }
    for (uint32_t n = 0; n < 8; n++) {
        add(0, 16 + n, 0, 0x20);
    }
    tell();
    assert_int_equal(told, 4);
    assert_string_equal(lines[1], "package 0: CPUs 0-23");
    assert_string_equal(lines[2], "  cores 0-7: 2 threads of type 0x40; CPUs 0-15");
    assert_string_equal(lines[3], "  cores 16-23: 1 thread of type 0x20; CPUs 16-23");
}

static void irregular_packages_that_are_alike_are_told_once(void **state)
{
    (void)state;
    for (uint32_t package = 0; package < 4; package++) {
        add(package, 0, 0, 0);
        add(package, 0, 1, 0);
        add(package, 1, 0, 0);
    }
    tell();
    assert_int_equal(told, 4);
    assert_string_equal(lines[1], "packages 0-3: CPUs 0-11; alike, the first is");
    assert_string_equal(lines[2], "  core 0: 2 threads; CPUs 0-1");
    assert_string_equal(lines[3], "  core 1: 1 thread; CPU 2");
}

/* Whatever the machine, the text stays bounded, and says that it does. */
static void the_most_irregular_machine_is_cut(void **state)
{
    (void)state;
    for (uint32_t n = 0, core = 0; n < MANY; core++) {
        for (uint32_t thread = 0; thread <= core % 2 && n < MANY; thread++, n++) {
            add(0, core, thread, 0);
        }
    }
    tell();
    assert_int_equal(told, TOPOLOGY_LINES_MAX);
    assert_non_null(strstr(lines[told - 1], "lines more"));
}

static void numbers_with_gaps_are_told_as_ranges(void **state)
{
    (void)state;
    static const uint32_t cores[] = {0, 1, 4, 6, 7, 8, 11, 13};
    for (uint32_t n = 0; n < 8; n++) {
        add(cores[n], 0, 0, 0);
    }
    tell();
    assert_string_equal(lines[1], "packages 0-1,4,6-8 and 2 more: 1 core x 1 thread; CPUs 0-7");
}

/* CPUs that told nothing are not in the tree. */
static void the_lost_are_left_out(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 4; n++) {
        add(0, n, 0, 0);
    }
    rows[2] = (struct topology_row){0};
    tell();
    assert_string_equal(lines[1], "package 0: 3 cores x 1 thread; CPUs 0-1,3");
}

static struct claims claims;
static struct inventory inventory;

static void firmware_tells_places_for_want_of_better(void **state)
{
    (void)state;
    memset(&claims, 0, sizeof(claims));
    claims.mps.present = true;
    for (uint32_t n = 0; n < 4; n++) {
        claims.mps.cpus[n] =
            (struct mps_claim){.apic_id = n, .enabled = true, .package = n / 2, .core = n % 2};
        claims.srat.cpus[n] = (struct srat_claim){.apic_id = n, .domain = 9, .enabled = n < 2};
    }
    claims.mps.count = 4;
    claims.srat.count = 4;
    inventory_merge(&claims, &inventory);
    memset(rows, 0, sizeof(rows));
    topology.count = 4;
    topology_from_claims(&claims, &inventory, &topology);
    topology_tell(&topology, keep, NULL);
    assert_string_equal(lines[0], "2 packages, 4 cores, 4 threads; by MP Services");
    assert_string_equal(lines[1], "proximity domain 9: CPUs 0-1");
    assert_string_equal(lines[2], "packages 0-1: 2 cores x 1 thread; CPUs 0-3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_known_is_told_by_nothing, fresh),
        cmocka_unit_test_setup(one_cpu, fresh),
        cmocka_unit_test_setup(a_regular_machine_takes_two_lines, fresh),
        cmocka_unit_test_setup(dies_are_told_where_somebody_tells_them, fresh),
        cmocka_unit_test_setup(a_hybrid_is_spelled_out, fresh),
        cmocka_unit_test_setup(irregular_packages_that_are_alike_are_told_once, fresh),
        cmocka_unit_test_setup(the_most_irregular_machine_is_cut, fresh),
        cmocka_unit_test_setup(numbers_with_gaps_are_told_as_ranges, fresh),
        cmocka_unit_test_setup(the_lost_are_left_out, fresh),
        cmocka_unit_test_setup(firmware_tells_places_for_want_of_better, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
