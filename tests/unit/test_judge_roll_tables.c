/* roll.topology: packages of the PPTT and domains of the SRAT against CPUID. */
#include "crowds.h"

#include <muster/judge_roll_cpu.h>

enum { CPUS = 8, PACKAGE_AT = 36, NODE = 20 };

static struct handoff handoff;
static struct observation seen[CPUS];

/* Two packages with two cores of two threads. */
static void place(uint32_t index)
{
    struct topology_words *words = &seen[index].place.words;
    *words = (struct topology_words){.leaf1_id = index, .leaf1_cpus = 4};
    words->leaf_b = (struct topology_leaf){.offered = true,
                                           .same_id = true,
                                           .count = 2,
                                           .apic_id = index,
                                           .type = {1, 2},
                                           .shift = {1, 2},
                                           .cpus = {2, 4}};
    topology_decode(words, &seen[index].place.row);
    handoff.inventory.rows[index] = (struct inventory_row){.apic_id = index, .package = CPU_NONE};
}

/* A leaf below a core below one of two packages; two domains a package, as with SNC. */
static void list(uint32_t index)
{
    struct pptt_claims *pptt = &handoff.claims.pptt;
    handoff.claims.madt.cpus[index] =
        (struct madt_claim){.apic_id = index, .uid = 0x100 + index, .enabled = true};
    handoff.claims.srat.cpus[index] =
        (struct srat_claim){.apic_id = index, .domain = index / 2, .enabled = true};
    if (index % 2 == 0) {
        pptt->nodes[2 + index / 2] =
            (struct pptt_node){.offset = PACKAGE_AT + NODE * (2 + index / 2),
                               .parent = PACKAGE_AT + NODE * (index / 4),
                               .uid = 0x100 + index};
    }
    pptt->nodes[6 + index] = (struct pptt_node){.offset = PACKAGE_AT + NODE * (6 + index),
                                                .parent = PACKAGE_AT + NODE * (2 + index / 2),
                                                .flags = PPTT_LEAF | PPTT_UID_VALID | PPTT_THREAD,
                                                .uid = 0x100 + index};
}

static int fresh(void **state)
{
    struct claims *claims = &handoff.claims;
    (void)state;
    memset(&handoff, 0, sizeof(handoff));
    handoff.inventory.count = CPUS;
    claims->madt.present = claims->srat.present = claims->pptt.present = true;
    claims->madt.count = claims->srat.count = CPUS;
    claims->pptt.revision = 2;
    claims->pptt.count = 6 + CPUS;
    for (uint32_t n = 0; n < 2; n++) {
        claims->pptt.nodes[n] =
            (struct pptt_node){.offset = PACKAGE_AT + NODE * n, .flags = PPTT_PACKAGE};
    }
    for (uint32_t n = 0; n < CPUS; n++) {
        place(n);
        list(n);
    }
    return 0;
}

static struct keeper judged(void)
{
    struct keeper keeper = {.teller = {keeper_tell}};
    struct crowd crowd = {.handoff = &handoff, .first = seen, .stride = sizeof(seen[0])};
    cpuset_fill(&crowd.cpus, CPUS);
    judge_roll_topology(&crowd, &keeper.teller);
    return keeper;
}

static void assert_passes(void)
{
    const struct keeper keeper = judged();
    if (keeper.count > 0) {
        fail_msg("%s", keeper.told[0].words.seen);
    }
}

/* The `n`th finding of `count`. */
static void assert_fails(uint32_t n, uint32_t count, const char *cpus, const char *expected,
                         const char *words)
{
    const struct keeper keeper = judged();
    assert_int_equal(keeper.count, count);
    assert_told(&keeper.told[n], VERDICT_FAIL, cpus);
    assert_string_equal(keeper.told[n].words.expected, expected);
    assert_string_equal(keeper.told[n].words.seen, words);
    assert_in_range(strlen(keeper.told[n].words.means), 40, WORDS_MEANS_MAX - 2);
}

static struct pptt_node *core_node(uint32_t core)
{
    return &handoff.claims.pptt.nodes[2 + core];
}

static void sound_tables_pass(void **state)
{
    (void)state;
    assert_passes();
}

static void packages_in_one_are_told(void **state)
{
    (void)state;
    core_node(2)->parent = core_node(3)->parent = PACKAGE_AT;
    for (uint32_t n = 0; n < 4; n++) {
        const char cpu[] = {(char)('4' + n), '\0'};
        assert_fails(n, 4, cpu, "in another package than CPU 0, as CPUID says",
                     "in the same package, as the PPTT says");
    }
}

static void a_core_in_another_package_is_told(void **state)
{
    (void)state;
    core_node(1)->parent = PACKAGE_AT + NODE;
    assert_fails(0, 2, "2", "in the same package as CPU 0, as CPUID says",
                 "in another package, as the PPTT says");
    fresh(NULL);
    /* A package of its own is another one, too. */
    core_node(3)->flags = PPTT_PACKAGE;
    core_node(3)->parent = 0;
    assert_fails(1, 2, "7", "in the same package as CPU 4, as CPUID says",
                 "in another package, as the PPTT says");
}

/* Where packages are not told for all, or by revision 1, which has no leaf flag, and where CPUID
 * tells them by inference alone. */
static void what_is_not_told_is_not_compared(void **state)
{
    struct pptt_claims *pptt = &handoff.claims.pptt;
    (void)state;
    core_node(2)->parent = core_node(3)->parent = PACKAGE_AT;
    pptt->nodes[0].flags = 0;
    assert_passes();
    pptt->nodes[0].flags = PPTT_PACKAGE;
    pptt->nodes[6].uid = 1;
    assert_passes();
    pptt->nodes[6].uid = 0x100;
    pptt->nodes[7].flags |= PPTT_PACKAGE;
    assert_passes();
    pptt->nodes[7].flags &= ~(uint32_t)PPTT_PACKAGE;
    pptt->nodes[0].parent = pptt->nodes[6].offset;
    assert_passes();
    pptt->nodes[0].parent = 0;
    handoff.claims.madt.cpus[3].apic_id = 9;
    assert_passes();
    handoff.claims.madt.cpus[3].apic_id = 3;
    pptt->revision = 1;
    assert_passes();
    pptt->revision = 3;
    pptt->beyond = 1;
    assert_passes();
    pptt->beyond = 0;
    seen[3].place.row.source = TOPOLOGY_BY_AMD;
    assert_passes();
    seen[3].place.row.source = TOPOLOGY_BY_LEAF_B;
    assert_int_equal(judged().count, 4);
}

static void threads_of_a_core_share_a_domain(void **state)
{
    (void)state;
    handoff.claims.srat.cpus[5].domain = 7;
    assert_fails(0, 1, "5", "proximity domain 2, as CPU 4, a thread of the same core",
                 "proximity domain 7, as the SRAT says");
    handoff.claims.srat.cpus[5].enabled = false; /* roll.srat's */
    assert_passes();
    handoff.claims.srat.cpus[5].enabled = true;
    handoff.claims.srat.present = false;
    assert_passes();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(sound_tables_pass, fresh),
        cmocka_unit_test_setup(packages_in_one_are_told, fresh),
        cmocka_unit_test_setup(a_core_in_another_package_is_told, fresh),
        cmocka_unit_test_setup(what_is_not_told_is_not_compared, fresh),
        cmocka_unit_test_setup(threads_of_a_core_share_a_domain, fresh),
    };
    return RUN(tests);
}
