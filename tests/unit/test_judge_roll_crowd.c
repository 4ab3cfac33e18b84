/* roll.topology and roll.count: all CPUs, against each other and against what is claimed. */
#include "judged.h"

#include <muster/judge_roll_cpu.h>

enum { CPUS = 8, TOLD_MAX = 16 };

static struct handoff handoff;
static struct observation seen[CPUS];
static struct crowd crowd;

struct told {
    struct teller teller;
    uint32_t count;
    struct {
        struct cpuset cpus;
        enum verdict verdict;
        struct words words;
    } list[TOLD_MAX];
};

static struct told told;

static void take(struct teller *teller, const struct cpuset *cpus, enum verdict verdict,
                 const struct words *words)
{
    assert_ptr_equal(teller, &told.teller);
    assert_true(told.count < TOLD_MAX);
    told.list[told.count].cpus = *cpus;
    told.list[told.count].verdict = verdict;
    told.list[told.count++].words = *words;
}

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
    handoff.inventory.rows[index] = (struct inventory_row){
        .apic_id = index, .package = index / 4, .core = index % 4 / 2, .thread = index % 2};
}

static int fresh(void **state)
{
    (void)state;
    memset(&handoff, 0, sizeof(handoff));
    memset(&told, 0, sizeof(told));
    told.teller.tell = take;
    handoff.claims.mps.present = true;
    handoff.inventory.count = CPUS;
    for (uint32_t n = 0; n < CPUS; n++) {
        place(n);
    }
    crowd = (struct crowd){.handoff = &handoff, .first = seen, .stride = sizeof(seen[0])};
    cpuset_fill(&crowd.cpus, CPUS);
    handoff.claims.smbios = (struct smbios_claims){.present = true, .socket_count = 2};
    for (uint32_t n = 0; n < 2; n++) {
        handoff.claims.smbios.sockets[n] = (struct smbios_socket){
            .type = 3, .status = 0x41, .cores = 2, .enabled = 2, .threads = 4};
    }
    return 0;
}

static void assert_nothing_told(judge_of_crowd *judge_it)
{
    judge_it(&crowd, &told.teller);
    if (told.count > 0) {
        fail_msg("%s", told.list[0].words.seen);
    }
}

/* Finding `n`: about this CPU, or the machine (CPU_NONE). */
static void assert_told(uint32_t n, uint32_t cpu, enum verdict verdict, const char *words)
{
    assert_true(n < told.count);
    assert_int_equal(told.list[n].verdict, verdict);
    assert_int_equal(cpuset_next(&told.list[n].cpus, 0), cpu);
    assert_true(cpuset_count(&told.list[n].cpus) <= 1);
    assert_string_equal(told.list[n].words.seen, words);
    if (verdict != VERDICT_SKIP) {
        assert_in_range(strlen(told.list[n].words.means), 40, WORDS_MEANS_MAX - 2);
        assert_in_range(strlen(told.list[n].words.expected), 20, WORDS_EXPECTED_MAX - 2);
    }
}

static void sound_crowds_pass(void **state)
{
    (void)state;
    assert_nothing_told(judge_roll_topology);
    assert_nothing_told(judge_roll_count);
}

static void a_leaf_that_falls_is_one_cpus_own(void **state)
{
    (void)state;
    seen[3].place.words.leaf_b.shift[0] = 9;
    judge_roll_topology(&crowd, &told.teller);
    assert_int_equal(told.count, 1);
    assert_told(0, 3, VERDICT_FAIL, "leaf 0xb: type 1 shift 9 type 2 shift 2");
}

static void leaves_of_one_cpu_agree(void **state)
{
    (void)state;
    seen[2].place.words.leaf_1f = seen[2].place.words.leaf_b;
    seen[2].place.words.leaf_1f.shift[1] = 5;
    seen[4].place.words.has_1e = true;
    seen[4].place.words.amd_threads = 4;
    judge_roll_topology(&crowd, &told.teller);
    assert_int_equal(told.count, 2);
    assert_told(
        0, 2, VERDICT_FAIL,
        "leaf 0xb: type 1 shift 1 type 2 shift 2; leaf 0x1f: type 1 shift 1 type 2 shift 5");
    assert_told(1, 4, VERDICT_FAIL,
                "leaf 0x8000001e: 4 threads in a core; leaf 0xb: 1 bits of the APIC ID");
}

/* The boot CPU may be the one that is wrong. */
static void the_majority_is_believed(void **state)
{
    (void)state;
    seen[0].place.words.leaf_b.shift[1] = 4;
    judge_roll_topology(&crowd, &told.teller);
    assert_int_equal(told.count, 1);
    assert_told(0, 0, VERDICT_FAIL, "1 bits for the thread, 4 up to the package");
    assert_string_equal(told.list[0].words.expected,
                        "1 bits for the thread, 2 up to the package, as on most CPUs");
}

static void firmware_places_are_compared_as_groups(void **state)
{
    (void)state;
    /* Other numbers for the same packages are no defect. */
    for (uint32_t n = 0; n < CPUS; n++) {
        handoff.inventory.rows[n].package = 10 - handoff.inventory.rows[n].package;
    }
    assert_nothing_told(judge_roll_topology);
    handoff.inventory.rows[5].package = 3;
    judge_roll_topology(&crowd, &told.teller);
    assert_told(0, 5, VERDICT_FAIL, "in another package, as MP Services say");
    assert_string_equal(told.list[0].words.expected, "in the same package as CPU 4, as CPUID says");
    fresh(NULL);
    handoff.inventory.rows[2].core = 0;
    judge_roll_topology(&crowd, &told.teller);
    assert_told(0, 2, VERDICT_FAIL, "in the same core, as MP Services say");
    assert_string_equal(told.list[0].words.expected, "in another core than CPU 0, as CPUID says");
}

/* Two packages with two dies of two modules, by leaf 0x1F and by the extended location. */
static void make_dies(void)
{
    handoff.claims.mps.count = CPUS;
    for (uint32_t n = 0; n < CPUS; n++) {
        struct topology_words *words = &seen[n].place.words;
        words->leaf_b = (struct topology_leaf){0};
        words->leaf_1f = (struct topology_leaf){.offered = true,
                                                .same_id = true,
                                                .count = 4,
                                                .apic_id = n,
                                                .type = {1, 2, 3, 5},
                                                .shift = {0, 0, 1, 2}};
        topology_decode(words, &seen[n].place.row);
        handoff.inventory.rows[n].core = n % 4;
        handoff.inventory.rows[n].thread = 0;
        handoff.claims.mps.cpus[n] = (struct mps_claim){.apic_id = n,
                                                        .package = n / 4,
                                                        .has_location2 = true,
                                                        .die = n % 4 / 2,
                                                        .module = n % 2};
    }
}

static void dies_and_modules_are_compared(void **state)
{
    (void)state;
    make_dies();
    assert_nothing_told(judge_roll_topology);
    handoff.claims.mps.cpus[2].die = 0;
    handoff.claims.mps.cpus[3].die = 0;
    judge_roll_topology(&crowd, &told.teller);
    assert_int_equal(told.count, 1);
    assert_told(0, 2, VERDICT_FAIL, "in the same die, as MP Services say");
    fresh(NULL);
    make_dies();
    handoff.claims.mps.cpus[7].module = 0;
    judge_roll_topology(&crowd, &told.teller);
    assert_told(0, 7, VERDICT_FAIL, "in the same module, as MP Services say");
    /* Older firmware tells none. */
    fresh(NULL);
    make_dies();
    for (uint32_t n = 0; n < CPUS; n++) {
        handoff.claims.mps.cpus[n].has_location2 = false;
        handoff.claims.mps.cpus[n].die = 0;
    }
    assert_nothing_told(judge_roll_topology);
}

static void complexes_are_firmwares_choice(void **state)
{
    (void)state;
    make_dies();
    for (uint32_t n = 0; n < CPUS; n++) {
        struct topology_words *words = &seen[n].place.words;
        words->leaf_b = words->leaf_80000026 = words->leaf_1f;
        topology_decode(words, &seen[n].place.row);
        assert_int_equal(seen[n].place.row.source, TOPOLOGY_BY_AMD_LEVELS);
        handoff.claims.mps.cpus[n].die = handoff.claims.mps.cpus[n].module = 0;
    }
    assert_nothing_told(judge_roll_topology);
}

/* No place told: no MP Services, or CPUs that do not offer HTT. */
static void places_that_nobody_tells_are_not_compared(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < CPUS; n++) {
        handoff.inventory.rows[n].package = n == 1 ? CPU_NONE : 0;
        handoff.inventory.rows[n].core = 0;
        handoff.inventory.rows[n].thread = 0;
        seen[n].place.words.leaf1_cpus = 1;
    }
    assert_nothing_told(judge_roll_topology);
    /* Legacy leaves: cores are inferred, packages are not. */
    fresh(NULL);
    for (uint32_t n = 0; n < CPUS; n++) {
        seen[n].place.words.leaf_b.offered = false;
        seen[n].place.row.source = TOPOLOGY_BY_LEAF_1;
        handoff.inventory.rows[n].core = 0;
    }
    assert_nothing_told(judge_roll_topology);
    handoff.inventory.rows[7].package = 0;
    judge_roll_topology(&crowd, &told.teller);
    assert_told(0, 7, VERDICT_FAIL, "in the same package, as MP Services say");
}

static void smbios_counts_what_is_there(void **state)
{
    (void)state;
    handoff.claims.smbios.sockets[0].enabled = 3;
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_FAIL, "5 enabled cores, and 4 answered");
    fresh(NULL);
    handoff.claims.smbios.sockets[1].status = 0;
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_FAIL,
                "1 sockets, and 2 answered; 2 enabled cores, and 4 answered; 4 threads, and 8 "
                "answered");
    fresh(NULL);
    handoff.claims.smbios.sockets[0].threads_enabled = 4;
    handoff.claims.smbios.sockets[1].threads_enabled = 2;
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_FAIL, "6 enabled threads, and 8 answered");
}

/* Threads that are switched off may still be counted; CPUs that are asleep, too. */
static void more_threads_than_answer_are_no_defect(void **state)
{
    (void)state;
    handoff.claims.smbios.sockets[0].threads = 100;
    assert_nothing_told(judge_roll_count);
    handoff.inventory.disabled = 1;
    handoff.inventory.spare = 1;
    handoff.claims.smbios.sockets[0].enabled = 4;
    assert_nothing_told(judge_roll_count);
    handoff.claims.smbios.sockets[0].enabled = 5;
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_FAIL, "7 enabled cores, and 4 answered");
}

/* The threads of one core for those of the socket: of QEMU, and of nobody else. */
static void old_qemu_is_known(void **state)
{
    (void)state;
    handoff.claims.smbios.sockets[0].threads = 2;
    handoff.claims.smbios.sockets[1].threads = 2;
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_FAIL, "4 threads, and 8 answered");
    told.count = 0;
    handoff.claims.smbios.by_qemu = true;
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_DEVIATION, "4 threads, and 8 answered");
    told.count = 0;
    handoff.claims.smbios.sockets[1].threads = 3;
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_FAIL, "5 threads, and 8 answered");
}

static void say_one(uint8_t socket, uint16_t threads)
{
    handoff.claims.smbios.sockets[socket].enabled = 1;
    handoff.claims.smbios.sockets[socket].threads = threads;
}

/* Core Enabled 1 of several, with Thread Count 2 or unknown: no other mismatch is excused by it. */
static void one_core_enabled_is_a_habit_of_firmware(void **state)
{
    (void)state;
    say_one(0, 2);
    say_one(1, 0);
    judge_roll_count(&crowd, &told.teller);
    assert_int_equal(told.count, 1);
    assert_told(0, CPU_NONE, VERDICT_DEVIATION, "2 enabled cores, and 4 answered");
    assert_non_null(strstr(told.list[0].words.means, "Core Enabled at 1"));
    told.count = 0;
    say_one(1, 2);
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_DEVIATION, "2 enabled cores, and 4 answered");
    told.count = 0;
    say_one(1, 3);
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_FAIL,
                "2 enabled cores, and 4 answered; 5 threads, and 8 answered");
    told.count = 0;
    say_one(1, 2);
    handoff.claims.smbios.sockets[1].enabled = 2;
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_FAIL,
                "3 enabled cores, and 4 answered; 4 threads, and 8 answered");
    told.count = 0;
    say_one(1, 2);
    handoff.claims.smbios.sockets[1].status = 0;
    judge_roll_count(&crowd, &told.teller);
    assert_int_equal(told.list[0].verdict, VERDICT_FAIL);
}

/* More cores than the sockets have at all; one core by set-up, as it says. */
static void one_core_enabled_may_be_wrong_or_right(void **state)
{
    (void)state;
    say_one(0, 2);
    say_one(1, 2);
    for (uint32_t n = 0; n < CPUS; n++) {
        seen[n].place.words.leaf_b.shift[0] = 0;
        topology_decode(&seen[n].place.words, &seen[n].place.row);
    }
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_FAIL,
                "2 enabled cores, and 8 answered; 4 threads, and 8 answered");
    fresh(NULL);
    say_one(0, 2);
    say_one(1, 2);
    for (uint32_t n = 2; n < CPUS; n += n == 3 ? 3 : 1) {
        cpuset_remove(&crowd.cpus, n);
    }
    handoff.inventory.count = 4;
    assert_nothing_told(judge_roll_count);
}

static void what_cannot_be_counted_is_skipped(void **state)
{
    (void)state;
    cpuset_remove(&crowd.cpus, 5);
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_SKIP,
                "not every CPU was called, or answered: there is nothing to count");
    fresh(NULL);
    handoff.claims.smbios.sockets[1].enabled = 0;
    handoff.claims.smbios.sockets[1].cores = 0;
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_SKIP, "SMBIOS does not tell the cores of each socket");
    fresh(NULL);
    handoff.claims.smbios.present = false;
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_SKIP, "SMBIOS has no Processor Information (type 4)");
    fresh(NULL);
    handoff.claims.mps.present = false;
    judge_roll_count(&crowd, &told.teller);
    assert_told(0, CPU_NONE, VERDICT_SKIP,
                "neither MP Services nor a MADT: the BSP alone was examined");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(sound_crowds_pass, fresh),
        cmocka_unit_test_setup(a_leaf_that_falls_is_one_cpus_own, fresh),
        cmocka_unit_test_setup(leaves_of_one_cpu_agree, fresh),
        cmocka_unit_test_setup(the_majority_is_believed, fresh),
        cmocka_unit_test_setup(firmware_places_are_compared_as_groups, fresh),
        cmocka_unit_test_setup(dies_and_modules_are_compared, fresh),
        cmocka_unit_test_setup(complexes_are_firmwares_choice, fresh),
        cmocka_unit_test_setup(places_that_nobody_tells_are_not_compared, fresh),
        cmocka_unit_test_setup(smbios_counts_what_is_there, fresh),
        cmocka_unit_test_setup(more_threads_than_answer_are_no_defect, fresh),
        cmocka_unit_test_setup(old_qemu_is_known, fresh),
        cmocka_unit_test_setup(one_core_enabled_is_a_habit_of_firmware, fresh),
        cmocka_unit_test_setup(one_core_enabled_may_be_wrong_or_right, fresh),
        cmocka_unit_test_setup(what_cannot_be_counted_is_skipped, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
