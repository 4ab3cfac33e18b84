#include "judged.h"
#include "sound_probe.h"

#include <muster/judge_probe.h>
#include <muster/judge_ring.h>

enum { GP_GATE = 0x782, GP_GATE_TCG_7 = 0xf02, RFLAGS_KEPT = 0x802, RFLAGS_TCG = 0x2 };

/* CPU 2 took the fault it should, of a feature that it and the BSP offer. */
static struct observation sound_ring(void)
{
    struct observation observation = sound_probe();
    observation.ring.subject = RING_PAGES;
    observation.ring.feature = FEATURE_SMEP;
    observation.ring.offered = observation.ring.bsp_offers = true;
    observation.ring.step = "ring 3 loads from ring 0's page";
    return observation;
}

/* As the machine does when the fault comes in. */
static void compare(struct observation *observation)
{
    struct obs_probe *probe = &observation->probe;
    probe->differs = fault_compare(&probe->want, &probe->seen, probe->fields);
}

static void what_went_as_it_should_passes(void **state)
{
    (void)state;
    struct observation sound = sound_ring();
    assert_passes(judge_ring, &sound);
    sound.ring.feature = FEATURE_NONE;
    sound.ring.offered = sound.ring.bsp_offers = false;
    sound.ring.step = NULL;
    assert_passes(judge_ring, &sound);
}

/* --- features --------------------------------------------------------------------------------- */

static void a_feature_nobody_offers_is_skipped(void **state)
{
    (void)state;
    struct observation seen = {.made = true, .ring = {.feature = FEATURE_UMIP}};
    struct words words = {{0}, {0}, {0}};
    assert_int_equal(judge_ring(&seen, &words), VERDICT_SKIP);
    assert_string_equal(words.seen, "the CPU offers no UMIP");
}

static void a_feature_that_cpus_differ_in_fails(void **state)
{
    (void)state;
    struct observation seen = sound_ring();
    seen.ring.offered = false;
    assert_fails(judge_ring, &seen, "SMEP offered, as by the BSP", "SMEP not offered",
                 "differ in what they offer");
    seen.ring.offered = true;
    seen.ring.bsp_offers = false;
    assert_fails(judge_ring, &seen, "SMEP not offered, as by the BSP", "SMEP offered",
                 "differ in what they offer");
}

static void every_feature_has_a_name(void **state)
{
    (void)state;
    for (enum feature feature = FEATURE_NONE + 1; feature < FEATURE_COUNT; feature++) {
        assert_true(strlen(feature_name(feature)) > 1);
    }
    assert_string_equal(feature_name(FEATURE_LA57), "LA57");
    assert_string_equal(feature_name(FEATURE_COUNT), "?");
}

static void what_is_not_asked_is_skipped_with_its_reason(void **state)
{
    (void)state;
    struct observation seen = {.made = true, .ring = {.unasked = "the emulator hangs"}};
    struct words words = {{0}, {0}, {0}};
    assert_int_equal(judge_ring(&seen, &words), VERDICT_SKIP);
    assert_string_equal(words.seen, "the emulator hangs");
}

/* --- the probe -------------------------------------------------------------------------------- */

/* Another vector, no fault at all: what it means depends on what was tried. */
static void each_subject_says_what_a_breach_means(void **state)
{
    (void)state;
    static const char *const means[RING_SUBJECT_COUNT] = {
        [RING_WAY] = "another way than the manual's",
        [RING_PRIVILEGE] = "ring 3 did what only ring 0 may",
        [RING_PORTS] = "the I/O permission bitmap",
        [RING_EXECUTE] = "no-execute does not hold",
        [RING_WRITE] = "a read-only page can be written",
        [RING_PAGES] = "keep ring 3 out of ring 0's memory",
        [RING_GUARD] = "an overflowing stack",
        [RING_USER_PAGES] = "ring 3's pages are open",
        [RING_RESERVED] = "what every CPU must refuse",
    };
    for (enum ring_subject subject = 0; subject < RING_SUBJECT_COUNT; subject++) {
        struct observation seen = sound_ring();
        seen.ring.subject = subject;
        seen.probe.seen.vector = 243;
        seen.probe.seen.soft = true;
        compare(&seen);
        assert_fails(judge_ring, &seen, "ring 3 loads from ring 0's page: vector 8 #DF error 0x0",
                     "vector 243 interrupt without error code", means[subject]);
        seen = sound_ring();
        seen.ring.subject = subject;
        seen.probe.came = 0;
        assert_fails(judge_ring, &seen,
                     "ring 3 loads from ring 0's page: 1 exceptions, vector 8 #DF", "0",
                     means[subject]);
    }
}

static void what_nothing_should_stop_fails_when_it_is_stopped(void **state)
{
    (void)state;
    struct observation seen = sound_ring();
    seen.probe.wanted = 0;
    seen.probe.fields = 0;
    seen.probe.seen.vector = VECTOR_PF;
    seen.probe.seen.error = 3;
    seen.probe.seen.cr2 = 0x40005000;
    assert_fails(judge_ring, &seen, "ring 3 loads from ring 0's page: no exception",
                 "vector 14 #PF error 0x3, CR2 0x40005000", "keep ring 3 out");
}

/* Other fields than the vector mean what they mean in every probe. */
static void a_wrong_field_is_told_with_its_step(void **state)
{
    (void)state;
    struct observation seen = sound_ring();
    seen.probe.seen.cs = SELECTOR_USER_CODE64 | SELECTOR_RPL;
    compare(&seen);
    assert_fails(judge_ring, &seen,
                 "ring 3 loads from ring 0's page: vector 8 #DF error 0x0, CS 0x8",
                 "vector 8 #DF error 0x0, CS 0x2b", "leaves the saved CS:RIP of a #DF undefined");
    seen.ring.step = NULL;
    assert_fails(judge_ring, &seen, "vector 8 #DF error 0x0, CS 0x8",
                 "vector 8 #DF error 0x0, CS 0x2b", "leaves the saved CS:RIP of a #DF undefined");
}

static void a_changed_cpu_fails(void **state)
{
    (void)state;
    struct observation seen = sound_ring();
    seen.probe.changed = 1u << WHOLE_GS_BASE;
    assert_fails(judge_ring, &seen,
                 "ring 3 loads from ring 0's page: the CPU as it was before the fault",
                 "changed: GS base", "left the CPU changed");
}

static void a_known_error_code_is_a_deviation(void **state)
{
    (void)state;
    struct observation seen = sound_ring();
    seen.ring.step = "INT 240";
    seen.probe.want.vector = seen.probe.seen.vector = VECTOR_GP;
    seen.probe.want.error = GP_GATE;
    seen.probe.seen.error = GP_GATE_TCG_7;
    seen.probe.tcg =
        (struct deviant){.what = "vector * 16", .error_count = 1, .errors = {GP_GATE_TCG_7}};
    compare(&seen);
    assert_judged(judge_ring, &seen, VERDICT_DEVIATION, "INT 240: vector 13 #GP error 0x782",
                  "vector 13 #GP error 0xf02", "known deviation of QEMU TCG");
    seen.probe.tcg.error_count = 0;
    assert_fails(judge_ring, &seen, "INT 240: vector 13 #GP error 0x782",
                 "vector 13 #GP error 0xf02", "the error code is not the manual's");
}

/* Ring 3 came back, as if nothing had been refused. */
static struct observation let_through(void)
{
    struct observation seen = sound_ring();
    seen.ring.step = "WBINVD";
    seen.ring.subject = RING_PRIVILEGE;
    seen.probe.want.vector = VECTOR_GP;
    seen.probe.seen.vector = 243;
    seen.probe.seen.soft = true;
    seen.probe.seen.rip = 0x40001002;
    seen.probe.seen.frame += 8;
    seen.ring.tcg_vector = 243;
    seen.ring.tcg_rip = 0x40001002;
    compare(&seen);
    return seen;
}

static enum verdict verdict_of(struct observation seen)
{
    struct words words;
    compare(&seen);
    return judge_ring(&seen, &words);
}

static void what_is_known_to_be_let_through_is_a_deviation(void **state)
{
    (void)state;
    struct observation seen = let_through(), other;
    assert_judged(judge_ring, &seen, VERDICT_DEVIATION, "WBINVD: vector 13 #GP", "no exception",
                  "known deviation of QEMU TCG: WBINVD");
    other = seen;
    other.ring.tcg_vector = 0;
    assert_int_equal(verdict_of(other), VERDICT_FAIL);
    other = seen;
    other.probe.seen.vector = VECTOR_UD;
    assert_int_equal(verdict_of(other), VERDICT_FAIL);
    other = seen;
    other.probe.seen.soft = false;
    assert_int_equal(verdict_of(other), VERDICT_FAIL);
    other = seen;
    other.probe.seen.rip++;
    assert_int_equal(verdict_of(other), VERDICT_FAIL);
    other = seen;
    other.probe.seen.frame += 8;
    assert_int_equal(verdict_of(other), VERDICT_FAIL);
    other = seen;
    other.probe.seen.cs++;
    assert_int_equal(verdict_of(other), VERDICT_FAIL);
    other = seen;
    other.probe.came++;
    assert_int_equal(verdict_of(other), VERDICT_FAIL);
    other = seen;
    other.probe.changed = 1;
    assert_int_equal(verdict_of(other), VERDICT_FAIL);
}

/* --- numbers beside the frame ----------------------------------------------------------------- */

static void each_number_is_judged(void **state)
{
    (void)state;
    const struct observation sound = sound_ring();
#define VALUE(which) offsetof(struct observation, ring.values[which])
    const struct judged_pair pairs[] = {
        {VALUE(RING_CALL_RCX), "RCX at the SYSCALL entry", "the address to return to"},
        {VALUE(RING_CALL_R11), "R11 at the SYSCALL entry", "did not keep RFLAGS"},
        {VALUE(RING_CALL_RSP), "RSP at the SYSCALL entry", "changed RSP"},
        {VALUE(RING_CALL_RFLAGS), "RFLAGS at the SYSCALL entry", "IA32_FMASK"},
        {VALUE(RING_CALL_CS), "CS at the SYSCALL entry", "IA32_STAR"},
        {VALUE(RING_CALL_SS), "SS at the SYSCALL entry", "IA32_STAR"},
        {VALUE(RING_CALLS), "SYSCALL entries", "IA32_LSTAR"},
        {VALUE(RING_MODE), "EAX by 32-bit decoding", "not compatibility mode"},
        {VALUE(RING_GS_BASE), "GS base of ring 3", "did not outlive"},
        {VALUE(RING_GS_WORD), "word read through GS in ring 3", "SWAPGS"},
        {VALUE(RING_FS_BASE), "FS base of ring 3", "its own FS base"},
        {VALUE(RING_DS), "DS in ring 3", "a data segment"},
        {VALUE(RING_ES), "ES in ring 3", "a data segment"},
        {VALUE(RING_FS), "FS in ring 3", "a data segment"},
        {VALUE(RING_GS), "GS in ring 3", "a data segment"},
        {VALUE(RING_INTERRUPTS), "interrupts in ring 3", "did not come while a program ran"},
        {VALUE(RING_TURNS), "turns left of ring 3's loop", "does not go on"},
        {VALUE(RING_OSPKE), "CPUID 7 OSPKE", "CR4.PKE"},
    };
#undef VALUE
    const size_t count = sizeof(pairs) / sizeof(pairs[0]);
    assert_int_equal(count, RING_VALUE_COUNT);
    assert_each_pair_fails(judge_ring, &sound, pairs, count);
}

static struct observation lost_flags(void)
{
    struct observation seen = sound_ring();
    seen.ring.values[RING_CALL_RFLAGS] = (struct pair){RFLAGS_KEPT, RFLAGS_TCG};
    seen.ring.tcg_call_rflags = RFLAGS_TCG;
    return seen;
}

static void known_flags_are_a_deviation(void **state)
{
    (void)state;
    struct observation seen = lost_flags();
    assert_judged(judge_ring, &seen, VERDICT_DEVIATION, "RFLAGS at the SYSCALL entry 0x802",
                  "RFLAGS at the SYSCALL entry 0x2", "known deviation of QEMU TCG");
    seen.ring.tcg_call_rflags = 0;
    assert_fails(judge_ring, &seen, "RFLAGS at the SYSCALL entry 0x802",
                 "RFLAGS at the SYSCALL entry 0x2", "IA32_FMASK");
    seen = lost_flags();
    seen.ring.values[RING_CALL_RFLAGS].seen = 0x12;
    assert_fails(judge_ring, &seen, "RFLAGS at the SYSCALL entry 0x802",
                 "RFLAGS at the SYSCALL entry 0x12", "IA32_FMASK");
    /* A later QEMU that does it right. */
    seen.ring.values[RING_CALL_RFLAGS].seen = RFLAGS_KEPT;
    assert_passes(judge_ring, &seen);
}

static void a_deviation_hides_no_other_number(void **state)
{
    (void)state;
    struct observation seen = lost_flags();
    seen.ring.values[RING_CALL_SS] = (struct pair){0x10, 0x18};
    assert_fails(judge_ring, &seen, "SS at the SYSCALL entry 0x10", "SS at the SYSCALL entry 0x18",
                 "IA32_STAR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_went_as_it_should_passes),
        cmocka_unit_test(a_feature_nobody_offers_is_skipped),
        cmocka_unit_test(a_feature_that_cpus_differ_in_fails),
        cmocka_unit_test(every_feature_has_a_name),
        cmocka_unit_test(what_is_not_asked_is_skipped_with_its_reason),
        cmocka_unit_test(each_subject_says_what_a_breach_means),
        cmocka_unit_test(what_nothing_should_stop_fails_when_it_is_stopped),
        cmocka_unit_test(a_wrong_field_is_told_with_its_step),
        cmocka_unit_test(a_changed_cpu_fails),
        cmocka_unit_test(a_known_error_code_is_a_deviation),
        cmocka_unit_test(what_is_known_to_be_let_through_is_a_deviation),
        cmocka_unit_test(each_number_is_judged),
        cmocka_unit_test(known_flags_are_a_deviation),
        cmocka_unit_test(a_deviation_hides_no_other_number),
    };
    return RUN(tests);
}
