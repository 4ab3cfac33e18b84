#include "unit.h"

#include "machine.h"

#include <muster/judge_roll.h>
#include <muster/text.h>

typedef enum verdict judge_function(const struct claims *claims, struct words *ret);

static struct claims claims;
static struct words words;

static int fresh(void **state)
{
    (void)state;
    machine_make(&claims, 4);
    memset(&words, 'x', sizeof(words));
    return 0;
}

static void assert_passes(judge_function *judge)
{
    assert_int_equal(judge(&claims, &words), VERDICT_PASS);
    assert_string_equal(words.expected, "");
    assert_string_equal(words.seen, "");
    assert_string_equal(words.means, "");
}

/* Words are whole sentences: none may have been cut to its buffer's size. */
static void assert_fails(judge_function *judge, const char *seen)
{
    assert_int_equal(judge(&claims, &words), VERDICT_FAIL);
    assert_string_equal(words.seen, seen);
    assert_in_range(strlen(words.expected), 20, sizeof(words.expected) - 2);
    assert_in_range(strlen(words.means), 40, sizeof(words.means) - 2);
}

static void assert_other(judge_function *judge, enum verdict verdict, const char *seen)
{
    assert_int_equal(judge(&claims, &words), verdict);
    assert_string_equal(words.seen, seen);
    assert_string_equal(words.expected, "");
}

static void sound_machines_pass(void **state)
{
    (void)state;
    judge_function *const judges[] = {judge_roll_madt, judge_roll_agree, judge_roll_unique,
                                      judge_roll_bsp_first};
    for (uint32_t cpus = 1; cpus <= 64; cpus++) {
        machine_make(&claims, cpus);
        for (size_t i = 0; i < 4; i++) {
            assert_passes(judges[i]);
        }
    }
}

/* Free slots, CPUs that both call disabled, IDs in wild order: all of it is found on sound
 * machines. */
static void odd_but_sound_machines_pass(void **state)
{
    (void)state;
    machine_add_madt(&claims, 200, false);
    claims.madt.cpus[4].online_capable = true;
    machine_add_mps(&claims, 300, false);
    machine_add_mps(&claims, 9, false);
    machine_add_madt(&claims, 9, false);
    machine_add_madt(&claims, 0, false); /* placeholders of one platform's table */
    machine_add_madt(&claims, 0, false);
    machine_add_madt(&claims, 3, true);
    machine_add_mps(&claims, 3, true);
    note_add(&claims.notes, "", "no GOP");
    assert_passes(judge_roll_madt);
    assert_passes(judge_roll_agree);
    assert_passes(judge_roll_unique);
    assert_passes(judge_roll_bsp_first);
}

static void madt_fails_on_its_notes(void **state)
{
    (void)state;
    note_add(&claims.notes, "", "no GOP");
    note_add(&claims.notes, "roll.madt", "MADT checksum: wrong");
    assert_fails(judge_roll_madt, "MADT checksum: wrong");
    note_add(&claims.notes, "roll.madt", "another");
    claims.notes.dropped = 2;
    assert_fails(judge_roll_madt, "MADT checksum: wrong (+3 more)");
    claims.madt.present = false;
    assert_fails(judge_roll_madt, "MADT checksum: wrong (+3 more)");
}

static void madt_quotes_the_longest_note(void **state)
{
    (void)state;
    char note[NOTE_TEXT_MAX + 1];
    memset(note, 'n', sizeof(note));
    note[NOTE_TEXT_MAX] = '\0';
    note_add(&claims.notes, "roll.madt", "%s", note);
    for (int i = 0; i < 20; i++) {
        note_add(&claims.notes, "roll.madt", "more");
    }
    assert_int_equal(judge_roll_madt(&claims, &words), VERDICT_FAIL);
    assert_non_null(strstr(words.seen, "n (+20 more)"));
}

static void madt_may_be_absent(void **state)
{
    (void)state;
    memset(&claims.madt, 0, sizeof(claims.madt));
    assert_other(judge_roll_madt, VERDICT_SKIP, "no MADT among the ACPI tables");
}

static void madt_may_be_too_long_for_us(void **state)
{
    (void)state;
    claims.madt.beyond = 7;
    assert_other(judge_roll_madt, VERDICT_ERROR, "11 processors, of which muster holds 4");
}

static void agree_needs_both(void **state)
{
    (void)state;
    claims.madt.present = false;
    assert_other(judge_roll_agree, VERDICT_SKIP, "no MADT to compare with");
    claims.mps.present = false;
    assert_other(judge_roll_agree, VERDICT_SKIP, "no MP Services and no MADT to compare with");
    claims.madt.present = true;
    assert_other(judge_roll_agree, VERDICT_SKIP, "no MP Services to compare with");
}

static void agree_needs_all(void **state)
{
    (void)state;
    claims.mps.beyond = 1;
    assert_other(judge_roll_agree, VERDICT_ERROR, "more than the 4096 CPUs that muster holds");
    claims.mps.beyond = 0;
    claims.madt.beyond = 1;
    assert_other(judge_roll_agree, VERDICT_ERROR, "more than the 4096 CPUs that muster holds");
}

static void agree_names_cpus_of_the_madt_alone(void **state)
{
    (void)state;
    machine_add_madt(&claims, 0x17161514, true);
    assert_fails(judge_roll_agree,
                 "the MADT enables APIC ID 0x17161514, which MP Services does not list");
    assert_non_null(strstr(words.means, "waits in vain"));
}

static void agree_names_cpus_of_mp_services_alone(void **state)
{
    (void)state;
    machine_add_mps(&claims, 0x21, true);
    assert_fails(judge_roll_agree,
                 "MP Services enables APIC ID 0x21, which the MADT does not list");
    assert_non_null(strstr(words.means, "never uses"));
}

static void agree_names_cpus_of_unlike_state(void **state)
{
    (void)state;
    claims.mps.cpus[2].enabled = false;
    claims.mps.enabled = 3;
    assert_fails(judge_roll_agree, "the MADT enables APIC ID 0x4, which MP Services disables");
    assert_non_null(strstr(words.means, "out of use"));
    machine_make(&claims, 4);
    claims.madt.cpus[3].enabled = false;
    assert_fails(judge_roll_agree, "MP Services enables APIC ID 0x6, which the MADT disables");
}

static void agree_takes_the_gravest_meaning(void **state)
{
    (void)state;
    machine_add_madt(&claims, 9, true);
    claims.madt.cpus[1].enabled = false;
    assert_fails(judge_roll_agree,
                 "the MADT enables APIC ID 0x9, which MP Services does not list; MP Services "
                 "enables APIC ID 0x2, which the MADT disables");
    assert_non_null(strstr(words.means, "waits in vain"));
}

/* That is for roll.unique to say. */
static void agree_minds_no_duplicates(void **state)
{
    (void)state;
    machine_add_mps(&claims, 2, false);
    machine_add_madt(&claims, 4, false);
    assert_passes(judge_roll_agree);
}

static void agree_counts_what_is_listed(void **state)
{
    (void)state;
    claims.mps.total = 5;
    assert_fails(judge_roll_agree, "MP Services counts 5 CPUs, 4 enabled, and lists 4, 4 enabled");
    claims.mps.total = 4;
    claims.mps.enabled = 3;
    assert_fails(judge_roll_agree, "MP Services counts 4 CPUs, 3 enabled, and lists 4, 4 enabled");
    assert_non_null(strstr(words.means, "counts"));
}

static void agree_tells_many_shortly(void **state)
{
    (void)state;
    for (uint32_t id = 0x101; id < 0x10b; id++) {
        machine_add_madt(&claims, id, true);
    }
    claims.mps.total = 9;
    assert_fails(
        judge_roll_agree,
        "the MADT enables APIC ID 0x101, 0x102, 0x103, 0x104 and 6 more, which MP Services "
        "does not list; MP Services counts 9 CPUs, 4 enabled, and lists 4, 4 enabled");
    assert_non_null(strstr(words.means, "waits in vain"));
}

static void unique_needs_one(void **state)
{
    (void)state;
    memset(&claims, 0, sizeof(claims));
    assert_other(judge_roll_unique, VERDICT_SKIP, "neither MP Services nor a MADT lists CPUs");
    claims.madt.present = true;
    assert_passes(judge_roll_unique);
}

static void unique_finds_a_repeated_apic_id(void **state)
{
    (void)state;
    claims.mps.cpus[3].apic_id = 2;
    assert_fails(judge_roll_unique, "more than once in MP Services: APIC ID 0x2");
    machine_make(&claims, 4);
    claims.madt.cpus[2].apic_id = 0;
    claims.madt.cpus[3].apic_id = 0;
    assert_fails(judge_roll_unique, "more than once in the MADT: APIC ID 0x0");
    machine_make(&claims, 4);
    machine_add_madt(&claims, 6, false);
    assert_passes(judge_roll_unique);
    claims.madt.cpus[4].online_capable = true;
    assert_fails(judge_roll_unique, "more than once in the MADT: APIC ID 0x6");
}

static void unique_finds_a_repeated_uid(void **state)
{
    (void)state;
    claims.madt.cpus[1].uid = claims.madt.cpus[3].uid;
    assert_fails(judge_roll_unique, "more than once in the MADT: processor UID 0x103");
    claims.madt.cpus[1].enabled = false;
    assert_passes(judge_roll_unique);
}

static void unique_tells_all_three(void **state)
{
    (void)state;
    claims.mps.cpus[1].apic_id = 0;
    claims.madt.cpus[3] = claims.madt.cpus[2];
    assert_fails(judge_roll_unique,
                 "more than once in MP Services: APIC ID 0x0; more than once in the MADT: APIC ID "
                 "0x4; more than once in the MADT: processor UID 0x102");
}

static void bsp_first_needs_one(void **state)
{
    (void)state;
    claims.mps.present = claims.madt.present = false;
    assert_other(judge_roll_bsp_first, VERDICT_SKIP,
                 "neither MP Services nor a MADT says which CPU is the boot CPU");
}

static void bsp_first_looks_at_the_first_enabled_entry(void **state)
{
    (void)state;
    const struct madt_claim first = claims.madt.cpus[0];
    claims.madt.cpus[0] = claims.madt.cpus[1];
    claims.madt.cpus[1] = first;
    assert_fails(judge_roll_bsp_first,
                 "the first enabled MADT entry has APIC ID 0x2, the boot CPU has 0x0");
    assert_non_null(strstr(words.means, "order"));
    claims.madt.cpus[0].enabled = false;
    assert_passes(judge_roll_bsp_first);
}

static void bsp_first_wants_an_enabled_entry(void **state)
{
    (void)state;
    claims.madt.count = 0;
    assert_fails(judge_roll_bsp_first, "no processor entry of the MADT is enabled");
}

static void bsp_first_wants_one_bsp(void **state)
{
    (void)state;
    claims.mps.cpus[2].bsp = true;
    assert_fails(judge_roll_bsp_first,
                 "MP Services calls APIC ID 0x0, 0x4 the BSP; this ran on 0x0");
    claims.mps.cpus[0].bsp = false;
    assert_fails(judge_roll_bsp_first, "MP Services calls APIC ID 0x4 the BSP; this ran on 0x0");
    claims.mps.cpus[2].bsp = false;
    assert_fails(judge_roll_bsp_first, "MP Services calls no CPU the BSP");
}

static void bsp_first_asks_who_am_i(void **state)
{
    (void)state;
    claims.mps.who_am_i = 1;
    assert_fails(judge_roll_bsp_first,
                 "WhoAmI says 1 on the boot CPU, which is APIC ID 0x2, not 0x0");
    claims.mps.who_am_i = 4;
    assert_fails(judge_roll_bsp_first, "WhoAmI says 4 on the boot CPU, of 4 processors");
    claims.mps.beyond = 1;
    assert_passes(judge_roll_bsp_first);
}

static void bsp_first_takes_either_source_alone(void **state)
{
    (void)state;
    claims.mps.who_am_i = 1;
    claims.mps.present = false;
    assert_passes(judge_roll_bsp_first);
    machine_make(&claims, 4);
    claims.madt.present = false;
    claims.madt.count = 0;
    assert_passes(judge_roll_bsp_first);
}

static void bsp_first_tells_all_three(void **state)
{
    (void)state;
    claims.bsp_apic_id = 6;
    assert_fails(judge_roll_bsp_first,
                 "the first enabled MADT entry has APIC ID 0x0, the boot CPU has 0x6; MP Services "
                 "calls APIC ID 0x0 the BSP; this ran on 0x6; WhoAmI says 0 on the boot CPU, which "
                 "is APIC ID 0x0, not 0x6");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(sound_machines_pass, fresh),
        cmocka_unit_test_setup(odd_but_sound_machines_pass, fresh),
        cmocka_unit_test_setup(madt_fails_on_its_notes, fresh),
        cmocka_unit_test_setup(madt_quotes_the_longest_note, fresh),
        cmocka_unit_test_setup(madt_may_be_absent, fresh),
        cmocka_unit_test_setup(madt_may_be_too_long_for_us, fresh),
        cmocka_unit_test_setup(agree_needs_both, fresh),
        cmocka_unit_test_setup(agree_needs_all, fresh),
        cmocka_unit_test_setup(agree_names_cpus_of_the_madt_alone, fresh),
        cmocka_unit_test_setup(agree_names_cpus_of_mp_services_alone, fresh),
        cmocka_unit_test_setup(agree_names_cpus_of_unlike_state, fresh),
        cmocka_unit_test_setup(agree_takes_the_gravest_meaning, fresh),
        cmocka_unit_test_setup(agree_minds_no_duplicates, fresh),
        cmocka_unit_test_setup(agree_counts_what_is_listed, fresh),
        cmocka_unit_test_setup(agree_tells_many_shortly, fresh),
        cmocka_unit_test_setup(unique_needs_one, fresh),
        cmocka_unit_test_setup(unique_finds_a_repeated_apic_id, fresh),
        cmocka_unit_test_setup(unique_finds_a_repeated_uid, fresh),
        cmocka_unit_test_setup(unique_tells_all_three, fresh),
        cmocka_unit_test_setup(bsp_first_needs_one, fresh),
        cmocka_unit_test_setup(bsp_first_looks_at_the_first_enabled_entry, fresh),
        cmocka_unit_test_setup(bsp_first_wants_an_enabled_entry, fresh),
        cmocka_unit_test_setup(bsp_first_wants_one_bsp, fresh),
        cmocka_unit_test_setup(bsp_first_asks_who_am_i, fresh),
        cmocka_unit_test_setup(bsp_first_takes_either_source_alone, fresh),
        cmocka_unit_test_setup(bsp_first_tells_all_three, fresh),
    };
    return RUN(tests);
}
