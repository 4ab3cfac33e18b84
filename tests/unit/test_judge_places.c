/* roll.types, -online-capable, -srat, -pptt and -smbios; and what --break plants for roll.*. */
#include "unit.h"

#include "machine.h"

#include <muster/falsify.h>
#include <muster/judge_places.h>
#include <muster/judge_roll.h>

typedef enum verdict judge_function(const struct claims *claims, struct words *ret);

static struct claims claims;
static struct words words;

enum { CPUS = 4, PACKAGE_AT = 36, NODE = 20 };

/* Four CPUs with everything there can be said of them. */
static void make(uint32_t cpus)
{
    machine_make(&claims, cpus);
    claims.madt.revision = 5;
    claims.srat.present = true;
    claims.pptt = (struct pptt_claims){.present = true, .revision = 2, .count = 1 + cpus};
    claims.pptt.nodes[0] = (struct pptt_node){.offset = PACKAGE_AT, .flags = PPTT_PACKAGE};
    for (uint32_t n = 0; n < cpus; n++) {
        claims.madt.cpus[n].flags = 1;
        claims.srat.cpus[n] =
            (struct srat_claim){.apic_id = claims.madt.cpus[n].apic_id, .type = 2, .enabled = true};
        claims.pptt.nodes[1 + n] = (struct pptt_node){.offset = PACKAGE_AT + NODE * (1 + n),
                                                      .parent = PACKAGE_AT,
                                                      .flags = PPTT_LEAF | PPTT_UID_VALID,
                                                      .uid = claims.madt.cpus[n].uid};
    }
    claims.srat.count = cpus;
    claims.smbios = (struct smbios_claims){.present = true, .socket_count = 1};
    claims.smbios.sockets[0] = (struct smbios_socket){.handle = 4,
                                                      .type = 3,
                                                      .status = 0x41,
                                                      .cores_short = 4,
                                                      .enabled_short = 4,
                                                      .threads_short = 8,
                                                      .cores_long = 4,
                                                      .enabled_long = 4,
                                                      .threads_long = 8,
                                                      .cores = 4,
                                                      .enabled = 4,
                                                      .threads = 8,
                                                      .has_long = true};
}

static int fresh(void **state)
{
    (void)state;
    make(CPUS);
    memset(&words, 'x', sizeof(words));
    return 0;
}

static void assert_passes(judge_function *judge)
{
    assert_int_equal(judge(&claims, &words), VERDICT_PASS);
    assert_string_equal(words.seen, "");
    assert_string_equal(words.means, "");
}

static void assert_skips(judge_function *judge, const char *seen)
{
    assert_int_equal(judge(&claims, &words), VERDICT_SKIP);
    assert_string_equal(words.seen, seen);
}

static void assert_fails(judge_function *judge, const char *seen)
{
    assert_int_equal(judge(&claims, &words), VERDICT_FAIL);
    assert_string_equal(words.seen, seen);
    assert_in_range(strlen(words.expected), 20, sizeof(words.expected) - 2);
    assert_in_range(strlen(words.means), 40, sizeof(words.means) - 2);
}

static const struct {
    const char *id;
    judge_function *judge;
    void (*falsify)(struct claims *claims);
} checks[] = {
#define ROLL(id, name) "roll." id, judge_roll_##name, falsify_roll_##name
    {ROLL("types", types)},         {ROLL("online-capable", online_capable)},
    {ROLL("srat", srat)},           {ROLL("pptt", pptt)},
    {ROLL("smbios", smbios)},       {ROLL("madt", madt)},
    {ROLL("agree", agree)},         {ROLL("unique", unique)},
    {ROLL("bsp-first", bsp_first)},
};

enum { CHECKS = sizeof(checks) / sizeof(checks[0]) };

static void sound_machines_pass(void **state)
{
    (void)state;
    for (uint32_t cpus = 1; cpus <= 64; cpus++) {
        make(cpus);
        for (size_t n = 0; n < CHECKS; n++) {
            assert_passes(checks[n].judge);
        }
    }
}

static void nothing_there_is_skipped(void **state)
{
    (void)state;
    memset(&claims, 0, sizeof(claims));
    assert_skips(judge_roll_types, "no MADT among the ACPI tables");
    assert_skips(judge_roll_online_capable, "no MADT among the ACPI tables");
    assert_skips(judge_roll_srat, "no SRAT among the ACPI tables: one domain");
    assert_skips(judge_roll_pptt, "no PPTT among the ACPI tables");
    assert_skips(judge_roll_smbios, "no SMBIOS in the configuration table");
    claims.smbios.present = true;
    assert_skips(judge_roll_smbios, "SMBIOS has no Processor Information (type 4)");
    claims.srat.present = true;
    assert_skips(judge_roll_srat, "no MADT to compare the SRAT with");
}

/* Each defect fails its own check and no other, on machines with and without the tables. */
static void planted_defects_fail_their_own_check_alone(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 12; round++) {
        for (size_t n = 0; n < CHECKS; n++) {
            make(1 + round % 6);
            if (round >= 6) {
                claims.srat = (struct srat_claims){0};
                claims.pptt = (struct pptt_claims){0};
                claims.smbios = (struct smbios_claims){0};
                claims.madt.revision = 1;
            }
            checks[n].falsify(&claims);
            for (size_t other = 0; other < CHECKS; other++) {
                const enum verdict verdict = checks[other].judge(&claims, &words);
                if (other == n ? verdict != VERDICT_FAIL
                               : verdict != VERDICT_PASS && verdict != VERDICT_SKIP) {
                    fail_msg("--break %s, round %u: %s: %s", checks[n].id, round, checks[other].id,
                             words.seen);
                }
            }
        }
    }
}

/* --- types, flags --- */

static void types_may_not_mix_below_255(void **state)
{
    (void)state;
    claims.madt.cpus[0].type = 0;
    assert_fails(judge_roll_types,
                 "1 CPU in type 0 entries, and in type 9 entries APIC ID 0x2, 0x4, 0x6");
    claims.madt.cpus[1].type = 0;
    claims.madt.cpus[2].type = 0;
    claims.madt.cpus[3].apic_id = 255;
    assert_passes(judge_roll_types);
    /* What no system looks at does not count. */
    claims.madt.cpus[3].apic_id = 6;
    claims.madt.cpus[3].enabled = false;
    assert_passes(judge_roll_types);
    claims.madt.cpus[3].online_capable = true;
    assert_int_equal(judge_roll_types(&claims, &words), VERDICT_FAIL);
    claims.madt.revision = 4;
    assert_passes(judge_roll_types);
}

static void flags_are_as_the_revision_says(void **state)
{
    (void)state;
    claims.madt.cpus[2].flags = 3;
    assert_fails(judge_roll_online_capable, "APIC ID 0x4 enabled and online capable at once");
    claims.madt.revision = 4;
    assert_fails(judge_roll_online_capable,
                 "APIC ID 0x4 online capable, in a MADT whose revision has no such flag");
    claims.madt.cpus[2].flags = 0x11;
    assert_fails(judge_roll_online_capable, "reserved flags set for APIC ID 0x4");
}

static void cpus_that_can_come_have_a_uid_of_their_own(void **state)
{
    (void)state;
    machine_add_madt(&claims, 100, false);
    machine_add_madt(&claims, 102, false);
    for (uint32_t n = 4; n < 6; n++) {
        claims.madt.cpus[n].online_capable = true;
        claims.madt.cpus[n].flags = 2;
    }
    assert_passes(judge_roll_online_capable);
    claims.madt.cpus[5].uid = claims.madt.cpus[4].uid;
    assert_fails(judge_roll_online_capable, "online capable with the UID of another CPU: 0x104");
    claims.madt.cpus[5].uid = claims.madt.cpus[0].uid;
    assert_fails(judge_roll_online_capable, "online capable with the UID of another CPU: 0x100");
}

/* --- SRAT --- */

static void srat_names_each_cpu_once(void **state)
{
    (void)state;
    claims.srat.cpus[1].enabled = false;
    assert_fails(judge_roll_srat, "no affinity entry for APIC ID 0x2");
    claims.srat.cpus[1] = (struct srat_claim){.apic_id = 77, .enabled = true};
    assert_fails(judge_roll_srat, "no affinity entry for APIC ID 0x2; an affinity entry for an ID "
                                  "that the MADT does not list: 0x4d");
    fresh(NULL);
    claims.srat.cpus[claims.srat.count++] = claims.srat.cpus[3];
    claims.srat.cpus[claims.srat.count++] = claims.srat.cpus[3];
    assert_fails(judge_roll_srat, "more than one affinity entry for APIC ID 0x6");
}

static void unused_entries_are_no_defect(void **state)
{
    (void)state;
    claims.srat.cpus[claims.srat.count++] = (struct srat_claim){.apic_id = 200};
    claims.srat.cpus[claims.srat.count++] = (struct srat_claim){.apic_id = 0xff, .enabled = true};
    claims.srat.cpus[claims.srat.count++] =
        (struct srat_claim){.apic_id = CPU_NONE, .type = 2, .enabled = true};
    /* A free socket has its domain already. */
    machine_add_madt(&claims, 9, false);
    claims.srat.cpus[claims.srat.count++] = (struct srat_claim){.apic_id = 9, .enabled = true};
    assert_passes(judge_roll_srat);
    claims.srat.beyond = 1;
    assert_int_equal(judge_roll_srat(&claims, &words), VERDICT_ERROR);
}

static void notes_fail_their_check(void **state)
{
    (void)state;
    note_add(&claims.notes, "roll.srat", "bad SRAT");
    note_add(&claims.notes, "roll.pptt", "bad PPTT");
    note_add(&claims.notes, "roll.smbios", "bad SMBIOS");
    note_add(&claims.notes, "roll.smbios", "worse");
    assert_fails(judge_roll_srat, "bad SRAT");
    assert_fails(judge_roll_pptt, "bad PPTT");
    assert_fails(judge_roll_smbios, "bad SMBIOS (+1 more)");
    assert_passes(judge_roll_madt);
}

/* --- PPTT --- */

static void pptt_is_a_tree(void **state)
{
    (void)state;
    claims.pptt.nodes[2].parent = 9999;
    assert_fails(judge_roll_pptt,
                 "the parent is no processor node, for the node at offset 0x4c; not exactly one "
                 "physical package above the leaf at offset 0x4c");
    fresh(NULL);
    claims.pptt.nodes[0].flags = 0;
    assert_fails(judge_roll_pptt, "not exactly one physical package above the leaf at offset 0x38, "
                                  "0x4c, 0x60, 0x74");
    fresh(NULL);
    claims.pptt.nodes[3].flags |= PPTT_PACKAGE;
    assert_fails(judge_roll_pptt, "not exactly one physical package above the leaf at offset 0x60");
}

static void pptt_circles_end(void **state)
{
    (void)state;
    claims.pptt.nodes[0].parent = claims.pptt.nodes[1].offset;
    assert_int_equal(judge_roll_pptt(&claims, &words), VERDICT_FAIL);
    assert_non_null(strstr(words.seen, "parents that lead in a circle, from the node at offset "));
    fresh(NULL);
    claims.pptt.nodes[0].parent = PACKAGE_AT;
    assert_int_equal(judge_roll_pptt(&claims, &words), VERDICT_FAIL);
    /* A circle beside the tree, that no leaf leads into. */
    fresh(NULL);
    const uint32_t count = claims.pptt.count;
    claims.pptt.nodes[count] = (struct pptt_node){.offset = 1000, .parent = 1020};
    claims.pptt.nodes[count + 1] = (struct pptt_node){.offset = 1020, .parent = 1000};
    claims.pptt.count += 2;
    assert_fails(judge_roll_pptt, "parents that lead in a circle, from the node at offset 0x3e8");
}

static void pptt_leaves_are_the_cpus(void **state)
{
    (void)state;
    claims.pptt.nodes[2].uid = claims.pptt.nodes[1].uid;
    assert_fails(judge_roll_pptt, "no leaf for the enabled processor UID 0x101; more than one leaf "
                                  "for processor UID 0x100");
    fresh(NULL);
    claims.pptt.nodes[2].uid = 5;
    assert_fails(judge_roll_pptt, "no leaf for the enabled processor UID 0x101; a leaf for a UID "
                                  "that the MADT does not list: 0x5");
    fresh(NULL);
    claims.pptt.nodes[4].flags = PPTT_LEAF;
    assert_fails(judge_roll_pptt,
                 "a leaf without a valid processor ID, at offset 0x74; no leaf for "
                 "the enabled processor UID 0x103");
    fresh(NULL);
    claims.pptt.nodes[4].flags = PPTT_UID_VALID;
    assert_fails(judge_roll_pptt, "leaf flag against children, at offset 0x74; no leaf for the "
                                  "enabled processor UID 0x103");
}

/* Revision 1 has no leaf flag; nodes may come in any order, and CPUs that are disabled have leaves.
 */
static void odd_but_sound_trees_pass(void **state)
{
    (void)state;
    claims.pptt.revision = 1;
    for (uint32_t n = 1; n <= CPUS; n++) {
        claims.pptt.nodes[n].flags = PPTT_UID_VALID;
    }
    machine_add_madt(&claims, 99, false);
    claims.pptt.nodes[5] = (struct pptt_node){
        .offset = 500, .parent = 600, .flags = PPTT_UID_VALID, .uid = claims.madt.cpus[4].uid};
    claims.pptt.nodes[6] = (struct pptt_node){.offset = 600, .flags = PPTT_PACKAGE};
    claims.pptt.count = 7;
    assert_passes(judge_roll_pptt);
}

/* Filler of the MADT has leaves, too. */
static void pptt_leaves_may_be_slots_without_a_cpu(void **state)
{
    (void)state;
    claims.pptt.nodes[claims.pptt.count++] = (struct pptt_node){
        .offset = 500, .parent = PACKAGE_AT, .flags = PPTT_LEAF | PPTT_UID_VALID, .uid = 5};
    assert_fails(judge_roll_pptt, "a leaf for a UID that the MADT does not list: 0x5");
    claims.madt.slot_count = 2;
    claims.madt.slot_uids[1] = 5;
    assert_passes(judge_roll_pptt);
    claims.madt.slot_uids[1] = 6;
    assert_int_equal(judge_roll_pptt(&claims, &words), VERDICT_FAIL);
    claims.madt.slot_count = CPU_MAX + 1;
    assert_passes(judge_roll_pptt);
}

/* --- SMBIOS --- */

static void smbios_counts_agree_with_themselves(void **state)
{
    (void)state;
    claims.smbios.sockets[0].cores_long = 6;
    assert_fails(judge_roll_smbios, "type 4, handle 0x4: cores 4 in one byte, 6 in two");
    fresh(NULL);
    claims.smbios.sockets[0].enabled = 5;
    assert_fails(judge_roll_smbios, "type 4, handle 0x4: 5 of 4 cores enabled");
    fresh(NULL);
    claims.smbios.sockets[0].threads_short = 0xff;
    claims.smbios.sockets[0].threads_long = 300;
    assert_passes(judge_roll_smbios);
    claims.smbios.sockets[0].threads_long = 0;
    assert_passes(judge_roll_smbios);
}

static void smbios_handles_lead_somewhere(void **state)
{
    (void)state;
    claims.smbios.extras[0].refers_to = 4;
    claims.smbios.extra_count = 1;
    assert_passes(judge_roll_smbios);
    claims.smbios.extras[0].refers_to = 5;
    assert_fails(judge_roll_smbios, "type 44 refers to a handle that is no processor's: 0x5");
    claims.smbios.extra_count = 0;
    claims.smbios.sockets[1] = claims.smbios.sockets[0];
    claims.smbios.socket_count = 2;
    assert_fails(judge_roll_smbios, "two processors (type 4) with handle 0x4");
}

static void one_socket_is_in_use(void **state)
{
    (void)state;
    static const uint8_t unused[] = {0, 0x40 + 2, 0x40 + 3, 2, 3};
    for (size_t n = 0; n < sizeof(unused); n++) {
        claims.smbios.sockets[0].status = unused[n];
        assert_fails(judge_roll_smbios, "none of 1 processors (type 4) is populated and enabled");
    }
    static const uint8_t used[] = {0x40, 0x41, 0x44, 0x47, 1};
    for (size_t n = 0; n < sizeof(used); n++) {
        claims.smbios.sockets[0].status = used[n];
        assert_passes(judge_roll_smbios);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(sound_machines_pass, fresh),
        cmocka_unit_test_setup(nothing_there_is_skipped, fresh),
        cmocka_unit_test_setup(planted_defects_fail_their_own_check_alone, fresh),
        cmocka_unit_test_setup(types_may_not_mix_below_255, fresh),
        cmocka_unit_test_setup(flags_are_as_the_revision_says, fresh),
        cmocka_unit_test_setup(cpus_that_can_come_have_a_uid_of_their_own, fresh),
        cmocka_unit_test_setup(srat_names_each_cpu_once, fresh),
        cmocka_unit_test_setup(unused_entries_are_no_defect, fresh),
        cmocka_unit_test_setup(notes_fail_their_check, fresh),
        cmocka_unit_test_setup(pptt_is_a_tree, fresh),
        cmocka_unit_test_setup(pptt_circles_end, fresh),
        cmocka_unit_test_setup(pptt_leaves_are_the_cpus, fresh),
        cmocka_unit_test_setup(odd_but_sound_trees_pass, fresh),
        cmocka_unit_test_setup(pptt_leaves_may_be_slots_without_a_cpu, fresh),
        cmocka_unit_test_setup(smbios_counts_agree_with_themselves, fresh),
        cmocka_unit_test_setup(smbios_handles_lead_somewhere, fresh),
        cmocka_unit_test_setup(one_socket_is_in_use, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
