#include "probed.h"

static void the_wanted_fault_passes(void **state)
{
    (void)state;
    struct observation sound = sound_probe();
    compare(&sound);
    assert_int_equal(sound.probe.differs, 0);
    assert_passes(judge_probe, &sound);
}

/* --- the words for a fault that differs ------------------------------------------------------- */

static void each_number_is_told(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        const char *name;
    } numbers[] = {
        {offsetof(struct fault, rip), "RIP"},       {offsetof(struct fault, cs), "CS"},
        {offsetof(struct fault, rflags), "RFLAGS"}, {offsetof(struct fault, rsp), "RSP"},
        {offsetof(struct fault, ss), "SS"},
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct observation spoilt = sound_probe();
        uint64_t *want = (uint64_t *)((char *)&spoilt.probe.want + numbers[i].offset);
        uint64_t *seen = (uint64_t *)((char *)&spoilt.probe.seen + numbers[i].offset);
        char wanted[96], told[96];
        *seen = 0x5eed;
        snprintf(wanted, sizeof(wanted), "vector 8 #DF error 0x0, %s 0x%llx", numbers[i].name,
                 (unsigned long long)*want);
        snprintf(told, sizeof(told), "vector 8 #DF error 0x0, %s 0x5eed", numbers[i].name);
        assert_probe_fails(&spoilt, wanted, told,
                           i < 2 ? "leaves the saved CS:RIP of a #DF undefined"
                                 : "not that of the faulting instruction");
    }
}

static void assert_means(struct observation *spoilt, const char *means)
{
    struct words words;
    compare(spoilt);
    assert_int_equal(judge_probe(spoilt, &words), VERDICT_FAIL);
    assert_holds(words.means, means);
}

/* Of a #DF alone, and only where nothing else differs. */
static void an_undefined_place_is_told_as_such(void **state)
{
    (void)state;
    const char *const wrong = "the saved frame is not that of the faulting instruction";
    struct observation spoilt = sound_probe();
    spoilt.probe.seen.rip++;
    spoilt.probe.seen.cs = SELECTOR_USER_CODE64;
    assert_means(&spoilt, "every CPU known so far saves the faulting instruction's");
    spoilt.probe.seen.rflags = 0;
    assert_means(&spoilt, wrong);
    spoilt = sound_probe();
    spoilt.probe.seen.rip++;
    spoilt.probe.want.soft = spoilt.probe.seen.soft = true; /* INT 8 */
    assert_means(&spoilt, wrong);
    spoilt = sound_probe();
    spoilt.probe.seen.rip++;
    spoilt.probe.want.vector = spoilt.probe.seen.vector = VECTOR_PF;
    assert_means(&spoilt, wrong);
}

static void another_exception_is_told(void **state)
{
    (void)state;
    struct observation spoilt = sound_probe();
    spoilt.probe.seen.vector = VECTOR_PF;
    assert_probe_fails(&spoilt, "vector 8 #DF error 0x0", "vector 14 #PF error 0x0",
                       "no double fault was made of it");
    spoilt.probe.want.vector = VECTOR_NP;
    assert_probe_fails(&spoilt, "vector 11 #NP error 0x0", "vector 14 #PF error 0x0",
                       "another exception than the manual's");
}

/* It comes on its own stack, with its own frame: that is no second finding. */
static void another_exception_is_told_on_any_stack(void **state)
{
    (void)state;
    struct observation spoilt = sound_probe();
    spoilt.probe.seen.vector = VECTOR_GP;
    spoilt.probe.seen.rsp -= 0x100;
    spoilt.probe.seen.frame = stack_base(2, STACK_MAIN) + 0x800;
    assert_means(&spoilt, "no double fault was made of it");
    spoilt.probe.want.vector = VECTOR_SS;
    assert_means(&spoilt, "another exception than the manual's");
    spoilt.probe.seen.soft = true;
    spoilt.probe.seen.cpu = 3;
    assert_means(&spoilt, "another exception than the manual's");
}

static void a_double_fault_that_is_not_due_is_told(void **state)
{
    (void)state;
    const char *const means = "#DF came where none is due";
    struct observation spoilt = sound_probe();
    spoilt.probe.want.vector = VECTOR_PF;
    spoilt.probe.want.frame = stack_top(2, STACK_PROBE) - FRAME;
    assert_means(&spoilt, means);
    /* INT 8 is wanted: the same vector, one word less. */
    spoilt = sound_probe();
    spoilt.probe.want.soft = true;
    spoilt.probe.want.frame = stack_top(2, STACK_DF) - FRAME + 8;
    assert_means(&spoilt, means);
}

/* The frame is a word shorter or longer for it: the stack is the right one. */
static void an_error_code_too_many_or_too_few_is_told(void **state)
{
    (void)state;
    const char *const elsewhere = "not delivered on this CPU's own stack";
    struct observation spoilt = sound_probe();
    spoilt.probe.want.vector = spoilt.probe.seen.vector = VECTOR_UD;
    spoilt.probe.want.soft = true;
    spoilt.probe.want.frame += 8;
    assert_means(&spoilt, "an error code came where none is due");
    spoilt.probe.want.frame = stack_top(2, STACK_PROBE) - FRAME + 8;
    assert_means(&spoilt, elsewhere);
    spoilt = sound_probe();
    spoilt.probe.seen.soft = true;
    spoilt.probe.seen.frame += 8;
    assert_means(&spoilt, "no error code came where one is due");
    spoilt.probe.seen.frame -= 16;
    assert_means(&spoilt, elsewhere);
}

static void dr6_is_told(void **state)
{
    (void)state;
    struct observation spoilt = sound_probe();
    spoilt.probe.want.vector = spoilt.probe.seen.vector = VECTOR_DB;
    spoilt.probe.fields |= FAULT_DR6;
    spoilt.probe.want.dr6 = 0x4000;
    assert_means(&spoilt, "DR6 does not name what came");
}

static void the_error_code_is_told(void **state)
{
    (void)state;
    struct observation spoilt = sound_probe();
    spoilt.probe.seen.error = 0x10;
    assert_probe_fails(&spoilt, "vector 8 #DF error 0x0", "vector 8 #DF error 0x10",
                       "the error code is not the manual's");
    spoilt = sound_probe();
    spoilt.probe.seen.soft = true;
    assert_probe_fails(&spoilt, "vector 8 #DF error 0x0", "vector 8 #DF without error code",
                       "no error code came where one is due");
    spoilt = sound_probe();
    spoilt.probe.want.soft = true;
    assert_probe_fails(&spoilt, "vector 8 #DF without error code", "vector 8 #DF error 0x0",
                       "#DF came where none is due");
}

static void where_the_manual_leaves_it_open_either_error_code_will_do(void **state)
{
    (void)state;
    struct observation seen = sound_probe();
    seen.probe.want.error = 0x1;
    seen.probe.want.error_or = 0x11;
    seen.probe.seen.error = 0x11;
    compare(&seen);
    assert_passes(judge_probe, &seen);
    seen.probe.seen.error = 0x1;
    compare(&seen);
    assert_passes(judge_probe, &seen);
    seen.probe.seen.error = 0;
    assert_probe_fails(&seen, "vector 8 #DF error 0x1", "vector 8 #DF error 0x0",
                       "the error code is not the manual's");
}

static void cr2_is_told(void **state)
{
    (void)state;
    struct observation spoilt = sound_probe();
    spoilt.probe.seen.cr2 = 0x5eed;
    assert_probe_fails(&spoilt, "vector 8 #DF error 0x0, CR2 0xffffa00000040ff8",
                       "vector 8 #DF error 0x0, CR2 0x5eed", "CR2 is not the address that faulted");
}

static void the_stack_is_told(void **state)
{
    (void)state;
    const char *const wanted =
        "vector 8 #DF error 0x0, stack: IST1 of CPU 2, frame 48 below its top";
    const char *const means = "not delivered on this CPU's own stack";
    struct observation spoilt = sound_probe();
    spoilt.probe.seen.frame = stack_top(2, STACK_PROBE) - FRAME;
    assert_probe_fails(&spoilt, wanted,
                       "vector 8 #DF error 0x0, stack: IST5 of CPU 2, frame 48 below its top",
                       means);
    spoilt.probe.seen.frame = stack_top(0, STACK_DF) - FRAME;
    assert_probe_fails(&spoilt, wanted,
                       "vector 8 #DF error 0x0, stack: IST1 of CPU 0, frame 48 below its top",
                       means);
    spoilt.probe.seen.frame = stack_top(2, STACK_DF) - FRAME - 8; /* not aligned first */
    assert_probe_fails(&spoilt, wanted,
                       "vector 8 #DF error 0x0, stack: IST1 of CPU 2, frame 56 below its top",
                       means);
    spoilt.probe.seen.frame = 0x7fe04000;
    assert_probe_fails(&spoilt, wanted,
                       "vector 8 #DF error 0x0, stack: none of ours, frame at 0x7fe04000", means);
}

static void the_cpu_that_handled_it_is_told(void **state)
{
    (void)state;
    const char *const means = "the handler ran with another CPU's GS base";
    struct observation spoilt = sound_probe();
    spoilt.probe.seen.cpu = 3;
    assert_probe_fails(&spoilt, "vector 8 #DF error 0x0, GS of CPU 2",
                       "vector 8 #DF error 0x0, GS of CPU 3", means);
    spoilt.probe.seen.cpu = CPU_NONE;
    assert_probe_fails(&spoilt, "vector 8 #DF error 0x0, GS of CPU 2",
                       "vector 8 #DF error 0x0, GS of no CPU", means);
}

/* Then not all finds room; what the sentence speaks of does. */
static void when_all_differs_the_stack_is_not_cut_off(void **state)
{
    (void)state;
    struct observation spoilt = sound_probe();
    struct words words;
    spoilt.probe.seen = (struct fault){.vector = 14,
                                       .error = 7,
                                       .rip = UINT64_MAX,
                                       .cs = UINT64_MAX,
                                       .rflags = UINT64_MAX,
                                       .rsp = UINT64_MAX,
                                       .ss = UINT64_MAX,
                                       .cr2 = UINT64_MAX,
                                       .frame = stack_top(4095, STACK_MAIN) - FRAME,
                                       .cpu = 4095};
    compare(&spoilt);
    assert_int_equal(spoilt.probe.differs, FAULT_ALL);
    assert_int_equal(judge_probe(&spoilt, &words), VERDICT_FAIL);
    assert_holds(words.expected, "stack: IST1 of CPU 2");
    assert_holds(words.expected, "GS of CPU 2");
    assert_holds(words.seen, "stack: main of CPU 4095");
    assert_holds(words.seen, "GS of CPU 4095");
    assert_holds(words.means, "no double fault was made of it");
}

/* --- count, whole, footprint ------------------------------------------------------------------ */

static void exceptions_are_counted(void **state)
{
    (void)state;
    struct observation seen = sound_probe();
    seen.probe.came = 0;
    assert_probe_fails(&seen, "1 exceptions, vector 8 #DF", "0",
                       "the instruction that must fault went through");
    seen.probe.wanted = 10000;
    seen.probe.came = 9999;
    assert_probe_fails(&seen, "10000 exceptions, vector 8 #DF", "9999",
                       "an instruction that must fault went through in between");
    seen.probe.came = 10001;
    assert_probe_fails(&seen, "10000 exceptions, vector 8 #DF", "10001", "in between");
    seen.probe.came = 10000;
    assert_passes(judge_probe, &seen);
}

static void each_part_of_the_cpu_must_be_whole(void **state)
{
    (void)state;
    static const char *const names[] = {
        "CR0", "CR3",         "CR4",     "EFER",           "GDTR",   "IDTR",
        "TR",  "CS/SS/DS/ES", "GS base", "kernel GS base", "RFLAGS", "general registers"};
    _Static_assert(sizeof(names) / sizeof(names[0]) == WHOLE_PART_COUNT, "a name for each part");
    for (uint32_t part = 0; part < WHOLE_PART_COUNT; part++) {
        struct observation seen = sound_probe();
        char told[64];
        seen.probe.changed = 1u << part;
        snprintf(told, sizeof(told), "changed: %s", names[part]);
        assert_probe_fails(&seen, "the CPU as it was before the fault", told,
                           "taking the exception left the CPU changed");
    }
}

static void all_changed_parts_are_told(void **state)
{
    (void)state;
    struct observation seen = sound_probe();
    seen.probe.changed = (1u << WHOLE_PART_COUNT) - 1;
    assert_probe_fails(&seen, "the CPU as it was before the fault",
                       "changed: CR0 CR3 CR4 EFER GDTR IDTR TR CS/SS/DS/ES GS base kernel GS base "
                       "RFLAGS general registers",
                       "taking the exception left the CPU changed");
}

static void a_foreign_footprint_fails(void **state)
{
    (void)state;
    for (enum stack_id id = STACK_MAIN; id < STACK_ID_COUNT; id++) {
        struct observation seen = sound_probe();
        char told[64];
        if (id == STACK_DF) {
            continue;
        }
        seen.probe.dirty = 1u << id;
        snprintf(told, sizeof(told), "written: %s, 700 bytes deep", stack_name(id));
        assert_probe_fails(&seen,
                           "only the stack of this exception written, at most 2048 bytes deep",
                           told, "a stack that has nothing to do with this exception was written");
    }
}

static void an_ist_stack_entered_twice_fails(void **state)
{
    (void)state;
    struct observation seen = sound_probe();
    seen.probe.reentered = 1u << STACK_NMI | 1u << STACK_PROBE;
    assert_probe_fails(&seen, "each IST stack entered only when nothing is on it",
                       "entered while in use: IST2 IST5", "two exceptions use one IST stack");
}

static void a_cpu_that_lacks_it_is_skipped(void **state)
{
    (void)state;
    struct observation seen = sound_probe();
    seen.probe.came = 0;
    seen.probe.skip = "no NX";
    struct words words;
    assert_int_equal(judge_probe(&seen, &words), VERDICT_SKIP);
    assert_string_equal(words.seen, "no NX");
}

static void a_stack_that_stayed_clean_is_no_failure(void **state)
{
    (void)state;
    struct observation seen = sound_probe();
    seen.probe.dirty = 0;
    assert_passes(judge_probe, &seen);
}

static void a_footprint_has_its_depth(void **state)
{
    (void)state;
    struct observation seen = sound_probe();
    seen.probe.dirty_depth = 2048;
    assert_passes(judge_probe, &seen);
    seen.probe.dirty_depth = 2049;
    assert_probe_fails(&seen, "only the stack of this exception written, at most 2048 bytes deep",
                       "written: IST1, 2049 bytes deep", "than its handler uses");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wanted_fault_passes),
        cmocka_unit_test(each_number_is_told),
        cmocka_unit_test(an_undefined_place_is_told_as_such),
        cmocka_unit_test(another_exception_is_told),
        cmocka_unit_test(another_exception_is_told_on_any_stack),
        cmocka_unit_test(a_double_fault_that_is_not_due_is_told),
        cmocka_unit_test(an_error_code_too_many_or_too_few_is_told),
        cmocka_unit_test(dr6_is_told),
        cmocka_unit_test(the_error_code_is_told),
        cmocka_unit_test(where_the_manual_leaves_it_open_either_error_code_will_do),
        cmocka_unit_test(cr2_is_told),
        cmocka_unit_test(the_stack_is_told),
        cmocka_unit_test(the_cpu_that_handled_it_is_told),
        cmocka_unit_test(when_all_differs_the_stack_is_not_cut_off),
        cmocka_unit_test(an_ist_stack_entered_twice_fails),
        cmocka_unit_test(a_cpu_that_lacks_it_is_skipped),
        cmocka_unit_test(exceptions_are_counted),
        cmocka_unit_test(each_part_of_the_cpu_must_be_whole),
        cmocka_unit_test(all_changed_parts_are_told),
        cmocka_unit_test(a_foreign_footprint_fails),
        cmocka_unit_test(a_stack_that_stayed_clean_is_no_failure),
        cmocka_unit_test(a_footprint_has_its_depth),
    };
    return RUN(tests);
}
